import { Octets32 } from '@symbolon/protocol/schemas/common';
import type { Algorithm, PublicJwk } from '@symbolon/protocol/schemas/jwk';
import * as z from 'zod/mini';
import { ALGORITHMS } from './algorithms.ts';

/** A private key as a JWK. It lives in memory and in encrypted key files only, never in a log, a URL or an argument. */
export const PrivateJwk = z.union([
  z.strictObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: Octets32, y: Octets32, d: Octets32 }),
  z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: Octets32, d: Octets32 }),
]);
export type PrivateJwk = z.output<typeof PrivateJwk>;

export async function generatePrivateKey(alg: Algorithm): Promise<PrivateJwk> {
  const pair = await crypto.subtle.generateKey(ALGORITHMS[alg].importParameters, true, ['sign', 'verify']);
  if (!('privateKey' in pair)) throw new TypeError('key generation gave no pair');
  const { kty, crv, x, y, d } = await crypto.subtle.exportKey('jwk', pair.privateKey);
  return PrivateJwk.parse(kty === 'EC' ? { kty, crv, x, y, d } : { kty, crv, x, d });
}

export function publicPart(key: PrivateJwk): PublicJwk {
  return key.kty === 'EC'
    ? { kty: key.kty, crv: key.crv, x: key.x, y: key.y }
    : { kty: key.kty, crv: key.crv, x: key.x };
}
