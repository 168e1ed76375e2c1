import { algorithmOf } from '@symbolon/keys/algorithms';
import { kidOf, thumbprint } from '@symbolon/keys/kid';
import { toHex } from '@symbolon/protocol/bytes';
import type { Algorithm, PublicJwk } from '@symbolon/protocol/schemas/jwk';

export interface KeyDescription {
  readonly kid: string;
  readonly alg: Algorithm;
  /** RFC 7638, SHA-256, in hexadecimal digits. */
  readonly thumbprint: string;
  readonly jwk: PublicJwk;
}

export function describeKey(jwk: PublicJwk): KeyDescription {
  return { kid: kidOf(jwk), alg: algorithmOf(jwk).alg, thumbprint: toHex(thumbprint(jwk)), jwk };
}

/** Sixteen groups of four digits in four lines: to be read out over a telephone and compared. */
export function readAloud(thumbprintHex: string): readonly string[] {
  const groups = thumbprintHex.match(/.{4}/g) ?? [];
  return [0, 4, 8, 12].map((from) => groups.slice(from, from + 4).join(' '));
}
