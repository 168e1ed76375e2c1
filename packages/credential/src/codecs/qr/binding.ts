import { decodeBase64url, encodeBase64url } from '@symbolon/protocol/base64url';
import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { addSeconds } from '@symbolon/protocol/instant';
import type { KeyBindingClaims } from '@symbolon/protocol/schemas/credential';
import { IN_PERSON_AUDIENCE, windowNonce } from '../../model/in-person.ts';
import type { StatusClaims } from '../../model/status-claims.ts';
import { type KeyBinding, writeKeyBinding } from '../sd-jwt/key-binding.ts';
import type { Numbering } from './numbering.ts';
import type { PackedBinding } from './packing.ts';

type Bound = Pick<StatusClaims, 'holderKey' | 'issuedAt'>;

/** In window mode, audience and nonce follow from the time. `sd_hash` follows from the text and never travels. */
export function packBinding(
  { claims, signature }: Pick<KeyBinding, 'claims' | 'signature'>,
  { issuedAt }: Bound,
  names: Numbering,
): PackedBinding {
  const { iat, aud, nonce } = claims;
  const after = iat - issuedAt;
  return aud === IN_PERSON_AUDIENCE && nonce === windowNonce(iat)
    ? [after, signature]
    : [after, signature, names.pack(aud), packNonce(nonce)];
}

/** The parts of a key-binding JWT as they are in its text. */
export interface UnpackedBinding {
  readonly signingInput: string;
  readonly claims: KeyBindingClaims;
  readonly signature: Bytes;
}

/** @throws SymbolonError `packing-malformed` for a binding without a key */
export function unpackBinding(
  [after, signature, aud, nonce]: PackedBinding,
  sdHash: string,
  { holderKey, issuedAt }: Bound,
  names: Numbering,
): UnpackedBinding {
  if (holderKey === undefined) throw new SymbolonError('packing-malformed');
  const iat = addSeconds(issuedAt, after);
  const claims = {
    iat,
    aud: aud === undefined ? IN_PERSON_AUDIENCE : names.unpack(aud),
    nonce: nonce === undefined ? windowNonce(iat) : unpackNonce(nonce),
    sd_hash: sdHash,
  };
  return { signingInput: writeKeyBinding(holderKey, claims), claims, signature };
}

/** A nonce is random bytes as a rule: whatever is canonical base64url travels as what it encodes. */
function packNonce(nonce: string): Bytes | string {
  try {
    return decodeBase64url(nonce);
  } catch {
    return nonce;
  }
}

function unpackNonce(packed: Uint8Array | string): string {
  return typeof packed === 'string' ? packed : encodeBase64url(packed);
}
