import { createPrivateKey, randomUUID } from 'node:crypto';
import { kidOf } from '@symbolon/keys/kid';
import { type PrivateJwk, publicPart } from '@symbolon/keys/private-key';
import type { Instant } from '@symbolon/protocol/instant';
import { SignJWT } from 'jose';
import { TOKEN_SECONDS } from './token-endpoint.ts';

/** Stands in for a region's authorization server on one machine: it signs operators' access tokens (RFC 9068). */
export const DEVELOPMENT_ISSUER = 'https://operators.symbolon.test';

/** A JWK set as the authorization server would publish it. */
export function operatorJwks(key: PrivateJwk): { keys: readonly object[] } {
  const jwk = publicPart(key);
  return { keys: [{ ...jwk, kid: kidOf(jwk), alg: 'ES256', use: 'sig' }] };
}

export interface OperatorTokenOrder {
  /** The issuer URL of the region. */
  readonly audience: string;
  readonly roles: readonly string[];
  readonly authority: string;
  /** Key id of the operator (`cnf.kid`, RFC 7800). */
  readonly kid: string;
}

/** An access token of an operator, signed with the authorization server's key. */
export async function operatorToken(
  key: PrivateJwk,
  { audience, roles, authority, kid }: OperatorTokenOrder,
  now: Instant,
): Promise<string> {
  return new SignJWT({ roles, authority, cnf: { kid }, client_id: kid })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: kidOf(publicPart(key)) })
    .setIssuer(DEVELOPMENT_ISSUER)
    .setAudience(audience)
    .setSubject(kid)
    .setJti(randomUUID())
    .setIssuedAt(now)
    .setExpirationTime(now + TOKEN_SECONDS)
    .sign(createPrivateKey({ key: { ...key }, format: 'jwk' }));
}
