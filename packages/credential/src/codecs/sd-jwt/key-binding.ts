import { algorithmOf } from '@symbolon/keys/algorithms';
import { sha256Base64url } from '@symbolon/keys/digest';
import type { Signer } from '@symbolon/keys/signer';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import { type Bytes, utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { check } from '@symbolon/protocol/schemas/common';
import { KeyBindingClaims } from '@symbolon/protocol/schemas/credential';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import { type CompactJws, parseCompactJws } from '../compact-jws.ts';

const TYPE = 'kb+jwt';

/** A key-binding JWT (RFC 9901, section 4.3) as it was read. Its signature, audience, nonce and hash are not verified. */
export interface KeyBinding {
  readonly signingInput: Bytes;
  readonly signature: Bytes;
  readonly claims: KeyBindingClaims;
}

/** What `sd_hash` must be: SHA-256 over the SD-JWT with its disclosures, up to the last tilde (RFC 9901, section 4.3.1). */
export function hashSdJwt(sdJwt: string): string {
  return sha256Base64url(sdJwt);
}

/**
 * The header and payload of a key binding, in the order in which they are always written.
 *
 * @returns the JWS signing input
 */
export function writeKeyBinding(holderKey: PublicJwk, claims: KeyBindingClaims): string {
  const { iat, aud, nonce, sd_hash } = claims;
  const header = JSON.stringify({ alg: algorithmOf(holderKey).alg, typ: TYPE });
  const payload = JSON.stringify({ iat, aud, nonce, sd_hash });
  return `${encodeBase64url(utf8(header))}.${encodeBase64url(utf8(payload))}`;
}

export interface BindOptions {
  /** SD-JWT with the chosen disclosures, ending with `~`. */
  readonly sdJwt: string;
  readonly audience: string;
  readonly nonce: string;
  readonly now: Instant;
  readonly holder: Signer;
}

/** Signs a proof of possession for exactly this text, audience and nonce. @returns SD-JWT+KB */
export async function bindSdJwt({ sdJwt, audience, nonce, now, holder }: BindOptions): Promise<string> {
  const claims = check(
    KeyBindingClaims,
    { iat: now, aud: audience, nonce, sd_hash: hashSdJwt(sdJwt) },
    'binding-malformed',
  );
  const signingInput = writeKeyBinding(holder.publicJwk, claims);
  const signature = await holder.sign(utf8(signingInput));
  return `${sdJwt}${signingInput}.${encodeBase64url(signature)}`;
}

/**
 * Other wallets may write more than the protocol needs, so unknown names are read over; `crit` is not, as RFC 7515,
 * section 4.1.11 demands.
 *
 * @param holderKey of the credential; without one there is nothing to bind to
 * @throws SymbolonError `binding-malformed`: another `typ`, another algorithm than the key's, missing claims
 */
export function parseKeyBinding(token: string, holderKey: PublicJwk | undefined): KeyBinding {
  const { header, payload, signingInput, signature } = decode(token);
  // REQ-BND-002: the algorithm is that of the key in the credential, whatever the token says.
  if (
    holderKey === undefined ||
    header['typ'] !== TYPE ||
    header['alg'] !== algorithmOf(holderKey).alg ||
    Object.hasOwn(header, 'crit')
  ) {
    throw new SymbolonError('binding-malformed');
  }
  return { signingInput, signature, claims: check(KeyBindingClaims, payload, 'binding-malformed') };
}

function decode(token: string): CompactJws {
  try {
    return parseCompactJws(token);
  } catch {
    throw new SymbolonError('binding-malformed');
  }
}
