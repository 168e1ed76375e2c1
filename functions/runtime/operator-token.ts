import { readFile } from 'node:fs/promises';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { check, Name } from '@symbolon/protocol/schemas/common';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import { createLocalJWKSet, createRemoteJWKSet, type JWTVerifyGetKey, jwtVerify } from 'jose';
import * as z from 'zod/mini';

/** What an operator may do. Each use case asks for exactly one. */
export type Role = 'enrol' | 'facts';

export type Authorise = (token: string | undefined, role: Role, now: Instant) => Promise<void>;

const Claims = z.object({
  sub: z.string().check(z.minLength(1)),
  roles: z.array(Name).check(z.maxLength(16)),
});
const KeySet = z.object({
  keys: z
    .array(z.looseObject({ kty: z.string(), kid: z.string(), alg: z.enum(['ES256', 'EdDSA']) }))
    .check(z.maxLength(16)),
});

/**
 * Checks operators' access tokens: JWTs of RFC 9068 (`typ: at+jwt`) from the authorization server of the region.
 *
 * @throws SymbolonError (on use) `unauthenticated`, or `forbidden` when the token lacks the role
 */
export async function operatorTokens(jwksUri: string, issuer: string, audience: string): Promise<Authorise> {
  const keys = await keySet(jwksUri);
  return async (token, role, now) => {
    if (token === undefined) throw new SymbolonError('unauthenticated');
    const roles = await rolesOf(token, keys, issuer, audience, now);
    if (!roles.includes(role)) throw new SymbolonError('forbidden');
  };
}

async function rolesOf(
  token: string,
  keys: JWTVerifyGetKey,
  issuer: string,
  audience: string,
  now: Instant,
): Promise<string[]> {
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
    return check(Claims, payload, 'unauthenticated').roles;
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
