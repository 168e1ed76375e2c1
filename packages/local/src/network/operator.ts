import { createPrivateKey, randomUUID } from 'node:crypto';
import { kidOf } from '@symbolon/keys/kid';
import type { PrivateJwk } from '@symbolon/keys/private-key';
import { publicPart } from '@symbolon/keys/private-key';
import type { Instant } from '@symbolon/protocol/instant';
import { SignJWT } from 'jose';

/** Stands in for a region's authorization server on one machine: it signs operators' access tokens (RFC 9068). */
export const DEVELOPMENT_ISSUER = 'https://operators.symbolon.test';

const TOKEN_SECONDS = 600;

/** A JWK set as the authorization server would publish it. */
export function operatorJwks(key: PrivateJwk): { keys: readonly object[] } {
  const jwk = publicPart(key);
  return { keys: [{ ...jwk, kid: kidOf(jwk), alg: 'ES256', use: 'sig' }] };
}

export async function operatorToken(
  key: PrivateJwk,
  audience: string,
  roles: readonly string[],
  now: Instant,
): Promise<string> {
  return new SignJWT({ roles, client_id: 'symbolon-dev' })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: kidOf(publicPart(key)) })
    .setIssuer(DEVELOPMENT_ISSUER)
    .setAudience(audience)
    .setSubject('operator-1')
    .setJti(randomUUID())
    .setIssuedAt(now)
    .setExpirationTime(now + TOKEN_SECONDS)
    .sign(createPrivateKey({ key: { ...key }, format: 'jwk' }));
}
