import { readFile } from 'node:fs/promises';
import type { OperatorRef } from '@symbolon/issuer/journal-entry';
import { type OperatorRole, operatorKey } from '@symbolon/issuer/operators';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { check, Kid, Name } from '@symbolon/protocol/schemas/common';
import type { Region } from '@symbolon/protocol/schemas/region';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import { createLocalJWKSet, createRemoteJWKSet, type JWTVerifyGetKey, jwtVerify } from 'jose';
import * as z from 'zod/mini';

/**
 * Who acts, once the token is sound, carries the role, and names a key that the region lists under its office with that role.
 *
 * @throws SymbolonError `unauthenticated`, `forbidden`, `operator-unknown`
 */
export type Authorise = (
  token: string | undefined,
  role: OperatorRole,
  region: Region,
  now: Instant,
) => Promise<OperatorRef>;

/** Claims of an access token (RFC 9068), with the office that the operator works for and its published key (`cnf`, RFC 7800). */
const Claims = z.object({
  sub: z.string().check(z.minLength(1)),
  roles: z.array(Name).check(z.maxLength(16)),
  authority: Name,
  cnf: z.object({ kid: Kid }),
});
type Claims = z.output<typeof Claims>;
const KeySet = z.object({
  keys: z
    .array(z.looseObject({ kty: z.string(), kid: z.string(), alg: z.enum(['ES256', 'EdDSA']) }))
    .check(z.maxLength(16)),
});

/**
 * Checks operators' access tokens: JWTs of RFC 9068 (`typ: at+jwt`) from the authorization server of the region. That the bearer holds the key which it names
 * is NOT proven here: what needs that is signed with it.
 */
export async function operatorTokens(jwksUri: string, issuer: string, audience: string): Promise<Authorise> {
  const keys = await keySet(jwksUri);
  return async (token, role, region, now) => {
    if (token === undefined) throw new SymbolonError('unauthenticated');
    const { roles, authority, cnf } = await claimsOf(token, keys, issuer, audience, now);
    if (!roles.includes(role)) throw new SymbolonError('forbidden');
    const operator = { kid: cnf.kid, authority };
    operatorKey(region, operator, role);
    return operator;
  };
}

async function claimsOf(
  token: string,
  keys: JWTVerifyGetKey,
  issuer: string,
  audience: string,
  now: Instant,
): Promise<Claims> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience,
      algorithms: ['ES256', 'EdDSA'],
      typ: 'at+jwt',
      currentDate: new Date(now * 1000),
      maxTokenAge: '1h',
      requiredClaims: ['exp', 'iat', 'sub'],
    });
    return check(Claims, payload, 'unauthenticated');
  } catch {
    throw new SymbolonError('unauthenticated');
  }
}

async function keySet(uri: string): Promise<JWTVerifyGetKey> {
  const url = new URL(uri);
  if (url.protocol === 'https:') return createRemoteJWKSet(url);
  const text = await readFile(url, 'utf8');
  return createLocalJWKSet(check(KeySet, parseStrictJson(text), 'configuration-malformed'));
}
