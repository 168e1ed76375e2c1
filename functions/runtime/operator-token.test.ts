import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { kidOf } from '@symbolon/keys/kid';
import { type PrivateJwk, publicPart } from '@symbolon/keys/private-key';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { DEVELOPMENT_ISSUER, operatorJwks, operatorToken } from '@symbolon/local/operator';
import type { Region } from '@symbolon/protocol/schemas/region';
import { importJWK, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { operatorRef } from '../testing/issuer-people.ts';
import { ISSUER, issuerPublication, NOW } from '../testing/issuer-publication.ts';
import { AUTHORIZATION_SERVER } from '../testing/issuer-tokens.ts';
import { type Authorise, operatorTokens } from './operator-token.ts';

let folder: string;
let region: Region;
let authorise: Authorise;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'symbolon-tokens-'));
  const path = join(folder, 'jwks.json');
  await writeFile(path, JSON.stringify(operatorJwks(AUTHORIZATION_SERVER)));
  ({ region } = await issuerPublication());
  authorise = await operatorTokens(pathToFileURL(path).href, DEVELOPMENT_ISSUER, ISSUER);
});
afterEach(() => rm(folder, { recursive: true }));

interface Parts {
  readonly claims?: object;
  readonly header?: object;
  readonly key?: PrivateJwk;
}

/** The clerk's token, with other parts. A claim that is `undefined` is left out. */
async function token({ claims = {}, header = {}, key = AUTHORIZATION_SERVER }: Parts = {}): Promise<string> {
  const { kid, authority } = await operatorRef('clerk');
  const own = {
    iss: DEVELOPMENT_ISSUER,
    aud: ISSUER,
    sub: kid,
    iat: NOW,
    exp: NOW + 600,
    roles: ['enrol'],
    authority,
    cnf: { kid },
  };
  return new SignJWT({ ...own, ...claims })
    .setProtectedHeader({
      alg: 'ES256',
      typ: 'at+jwt',
      kid: kidOf(publicPart(AUTHORIZATION_SERVER)),
      ...header,
    })
    .sign(await importJWK({ ...key }, 'ES256'));
}

const refusal = (text: string | undefined) =>
  authorise(text, 'enrol', region, NOW).then(
    () => 'taken',
    (error: { code?: string }) => error.code,
  );

describe('an access token', () => {
  it('tells who acts: the key that the region lists, and its office', async () => {
    const clerk = await operatorRef('clerk');
    expect(await authorise(await token(), 'enrol', region, NOW)).toEqual(clerk);
    const issued = await operatorToken(
      AUTHORIZATION_SERVER,
      { audience: ISSUER, roles: ['enrol'], ...clerk },
      NOW,
    );
    expect(await authorise(issued, 'enrol', region, NOW)).toEqual(clerk);
    for (const [typ, wanted] of [
      ['application/at+jwt', 'taken'],
      ['JWT', 'unauthenticated'],
    ])
      expect(await refusal(await token({ header: { typ } }))).toBe(wanted);
  });

  it.each<[string, Parts]>([
    ['that names no key', { claims: { cnf: undefined } }],
    ['that names a key by its whole', { claims: { cnf: { jwk: publicPart(AUTHORIZATION_SERVER) } } }],
    ['that names no office', { claims: { authority: undefined } }],
    ['whose office is no name', { claims: { authority: 'cdc/../x' } }],
    ['without roles', { claims: { roles: undefined } }],
    ['with roles in one text', { claims: { roles: 'enrol facts' } }],
    ['with more roles than there are', { claims: { roles: Array.from({ length: 17 }, () => 'enrol') } }],
    ['of nobody', { claims: { sub: undefined } }],
    ['of another server', { claims: { iss: 'https://elsewhere.test' } }],
    ['for another region', { claims: { aud: 'https://cn-gd.symbolon.test' } }],
    ['that never ends', { claims: { exp: undefined } }],
    ['that has ended', { claims: { exp: NOW } }],
    ['that does not say when it began', { claims: { iat: undefined } }],
    ['from the future', { claims: { iat: NOW + 60 } }],
    ['that is older than an hour, whatever its end', { claims: { iat: NOW - 3601, exp: NOW + 600 } }],
    ['that is not valid yet', { claims: { nbf: NOW + 60 } }],
    ['that another key signed', { key: insecurePrivateKeyFromSeed('ES256', 'stranger') }],
    ['whose key the server does not publish', { header: { kid: 'AAAAAAAAAAA' } }],
  ])('REQ-ISS-003 %s is none', async (_, parts) => {
    expect(await refusal(await token(parts))).toBe('unauthenticated');
  });

  it('REQ-ISS-003 nor is one without a signature, or signed with the published key as a shared secret', async () => {
    const payload = (await token()).split('.')[1] ?? '';
    const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    expect(await refusal(`${encoded({ alg: 'none', typ: 'at+jwt' })}.${payload}.`)).toBe('unauthenticated');
    const jwk = JSON.stringify(publicPart(AUTHORIZATION_SERVER));
    const shared = await new SignJWT(JSON.parse(Buffer.from(payload, 'base64url').toString()))
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: kidOf(publicPart(AUTHORIZATION_SERVER)) })
      .sign(new TextEncoder().encode(jwk));
    expect(await refusal(shared)).toBe('unauthenticated');
    expect(await refusal(undefined)).toBe('unauthenticated');
  });

  it('REQ-ISS-004 gives the roles that it names, and REQ-ISS-029 no more than the region file', async () => {
    const { kid } = await operatorRef('approver');
    expect(await refusal(await token({ claims: { roles: ['facts', 'audit'] } }))).toBe('forbidden');
    expect(await refusal(await token({ claims: { cnf: { kid } } }))).toBe('operator-unknown');
    expect(await refusal(await token({ claims: { cnf: { kid: 'AAAAAAAAAAA' } } }))).toBe('operator-unknown');
    expect(await refusal(await token({ claims: { authority: 'community' } }))).toBe('operator-unknown');
    expect(await refusal(await token({ claims: { authority: 'constructor' } }))).toBe('operator-unknown');
  });
});
