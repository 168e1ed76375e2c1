import type { Bytes } from '@symbolon/protocol/bytes';
import type { Algorithm } from '@symbolon/protocol/schemas/jwk';
import type { StatusClaims } from '../../model/status-claims.ts';
import { parseCompactJws } from '../compact-jws.ts';
import { readSdJwtClaims } from './claims.ts';
import { splitSdJwt } from './compact.ts';
import { readDetails } from './details.ts';
import { readIssuerHeader } from './issuer-jwt.ts';
import { hashSdJwt, type KeyBinding, parseKeyBinding } from './key-binding.ts';

/**
 * A status credential as it was read. **Nothing is verified**: anyone could have written it.
 *
 * - `issuerSigningInput` and `signature` are to be checked with the key that the registry has for (`issuer`, `kid`), whose
 *   algorithm must be `headerAlg`. The hash of `issuerSigningInput` is the credential's identity; that of the signature is not.
 * - `keyBinding`, where there is one, is to be checked with `claims.holderKey`; its `sd_hash` must equal `sdHash`, and time,
 *   `aud` and `nonce` must be those expected. A credential with a holder key and no key binding proves nothing.
 */
export interface ParsedSdJwt {
  readonly issuer: string;
  readonly kid: string;
  readonly headerAlg: Algorithm;
  readonly claims: StatusClaims;
  /** What the holder disclosed: `reason`, `evidence`, `initials`. */
  readonly details: Readonly<Record<string, string>>;
  readonly issuerSigningInput: Bytes;
  readonly signature: Bytes;
  /** SHA-256 of the text before the key binding, base64url. */
  readonly sdHash: string;
  readonly keyBinding?: KeyBinding;
}

/**
 * Reads an SD-JWT or SD-JWT+KB of Symbolon's profile (protocol, section 5), and refuses what the profile does not know:
 * other claims, other headers, other disclosures, and every second way of writing the same (RFC 9901, section 7.1).
 *
 * @throws SymbolonError `presentation-too-large`, `presentation-unrecognised`, `jwt-malformed`, `base64url-malformed`,
 *   `utf8-malformed`, `json-*`, `algorithm-none`, `algorithm-mismatch`, `type-unexpected`, `claims-malformed`,
 *   `disclosure-malformed`, `disclosure-unreferenced`, `binding-malformed`
 */
export function parseSdJwt(text: string): ParsedSdJwt {
  const { jwt, disclosures, sdJwt, keyBinding } = splitSdJwt(text);
  const { header, payload, signingInput, signature } = parseCompactJws(jwt);
  const { alg, kid } = readIssuerHeader(header);
  const { issuer, claims } = readSdJwtClaims(payload);
  return {
    issuer,
    kid,
    headerAlg: alg,
    claims,
    details: readDetails(payload, disclosures),
    issuerSigningInput: signingInput,
    signature,
    sdHash: hashSdJwt(sdJwt),
    ...(keyBinding !== undefined && { keyBinding: parseKeyBinding(keyBinding, claims.holderKey) }),
  };
}
