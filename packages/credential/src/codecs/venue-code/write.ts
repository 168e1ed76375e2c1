import type { Signer } from '@symbolon/keys/signer';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import { utf8 } from '@symbolon/protocol/bytes';
import { check } from '@symbolon/protocol/schemas/common';
import { VENUE_TYPE, VenueClaims } from './claims.ts';
import { packVenueCode } from './pack.ts';

/**
 * Signs a venue code: a compact JWS (RFC 7515), header and payload in one fixed order, JSON without white space. Whether the key is one that
 * its region has published for venues, and whether schemes, purpose and expression go together, is for whoever opens it.
 *
 * @param signer a key of the region `claims.iss`, published for use `venue`: its `kid` and `alg` go into the header
 * @throws SymbolonError `venue-code-malformed`, naming every bad path; with the bound, when no QR text would hold it
 */
export async function writeVenueCode(claims: VenueClaims, signer: Signer): Promise<string> {
  const { iss, venue, title, purpose, schemes, accept, onContested, onBearer, nonce, iat, exp } = check(
    VenueClaims,
    claims,
    'venue-code-malformed',
  );
  const words = title === undefined ? {} : { title: { en: title.en, zh: title.zh } };
  const { alg, kid } = signer;
  const signingInput = [
    { alg, typ: VENUE_TYPE, kid },
    { iss, venue, ...words, purpose, schemes, accept, onContested, onBearer, nonce, iat, exp },
  ]
    .map((part) => encodeBase64url(utf8(JSON.stringify(part))))
    .join('.');
  const token = `${signingInput}.${encodeBase64url(await signer.sign(utf8(signingInput)))}`;
  // Nobody would read what does not fit.
  packVenueCode(token);
  return token;
}
