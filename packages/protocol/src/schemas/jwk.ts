import * as z from 'zod/mini';
import { Octets32 } from './common.ts';

/** A public P-256 key (RFC 7518, section 6.2). Strict: a private part, or any other member, is refused. */
export const P256Jwk = z.strictObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: Octets32,
  y: Octets32,
});

/** A public Ed25519 key (RFC 8037, section 2). */
export const Ed25519Jwk = z.strictObject({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: Octets32,
});

export const PublicJwk = z.union([P256Jwk, Ed25519Jwk]);
export type PublicJwk = z.output<typeof PublicJwk>;
export type P256Jwk = z.output<typeof P256Jwk>;
export type Ed25519Jwk = z.output<typeof Ed25519Jwk>;

/** The algorithms of the protocol (section 3). Nothing else. */
export const Algorithm = z.enum(['ES256', 'EdDSA']);
export type Algorithm = z.output<typeof Algorithm>;
