import { kidOf } from '@symbolon/keys/kid';
import { type PrivateJwk, publicPart } from '@symbolon/keys/private-key';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { addSeconds, type Instant, parseInstant } from '@symbolon/protocol/instant';
import { createLocalJWKSet, importJWK, jwtVerify, SignJWT } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Lambda } from '../lambda/lambda.ts';
import { operatorJwks, operatorToken } from './operator.ts';
import { listedKey } from './operators.ts';
import { tokenEndpoint } from './token-endpoint.ts';

const NOW = parseInstant('2026-09-07T08:20:30Z');
const URL_OF_ENDPOINT = 'http://127.0.0.1:4100/operators/token';
const REGION = 'https://cn-bj.symbolon.test';
const SERVER = insecurePrivateKeyFromSeed('ES256', 'server');
const OPERATOR = insecurePrivateKeyFromSeed('ES256', 'operator');
const KID = kidOf(publicPart(OPERATOR));

let now: Instant;
let endpoint: Lambda;
let jti: number;
beforeEach(() => {
  now = NOW;
  jti = 0;
  const { kid, jwk } = listedKey(OPERATOR);
  const known = { kid, jwk, authority: 'cdc', roles: ['enrol', 'facts'] };
  endpoint = tokenEndpoint({
    url: URL_OF_ENDPOINT,
    clock: () => now,
    operatorsOf: (issuer) => (issuer === REGION ? [known] : undefined),
    issue: (operator, audience, roles) =>
      operatorToken(SERVER, { audience, roles, authority: operator.authority, kid: operator.kid }, now),
  });
});

async function assertion(claims: object = {}, key: PrivateJwk = OPERATOR): Promise<string> {
  const own = { iss: KID, sub: KID, aud: URL_OF_ENDPOINT, iat: now, exp: now + 60, jti: `a${jti++}` };
  return new SignJWT({ ...own, ...claims })
    .setProtectedHeader({ alg: 'ES256' })
    .sign(await importJWK({ ...key }, 'ES256'));
}

interface TokenAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

async function ask(parameters: object, encoded = false): Promise<TokenAnswer> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    resource: REGION,
    ...parameters,
  }).toString();
  const body = encoded ? Buffer.from(form).toString('base64') : form;
  return (await endpoint.invoke({ body, isBase64Encoded: encoded })) as TokenAnswer;
}

async function claimsOf({ body }: TokenAnswer): Promise<Readonly<Record<string, unknown>>> {
  const keys = createLocalJWKSet({ keys: operatorJwks(SERVER).keys as never });
  const { access_token: token } = JSON.parse(body);
  return (await jwtVerify(token, keys, { typ: 'at+jwt', currentDate: new Date(now * 1000) })).payload;
}

const REFUSED = { statusCode: 401, body: '{"error":"invalid_client"}' };

describe('the token endpoint of the local network', () => {
  it('gives whoever proves to hold an operator’s key a token for the region, with that key and the roles asked for', async () => {
    const answer = await ask({ client_assertion: await assertion(), scope: 'facts approve' });
    expect(answer).toMatchObject({ statusCode: 200, headers: { 'cache-control': 'no-store' } });
    expect(JSON.parse(answer.body)).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 600,
    });
    expect(await claimsOf(answer)).toMatchObject({
      aud: REGION,
      sub: KID,
      authority: 'cdc',
      cnf: { kid: KID },
      roles: ['facts'],
      iat: NOW,
      exp: NOW + 600,
    });
  });

  it('gives all roles of the operator when none is asked for; the body may come in base64', async () => {
    const answer = await ask({ client_assertion: await assertion() }, true);
    expect(await claimsOf(answer)).toMatchObject({ roles: ['enrol', 'facts'] });
  });

  it('takes each assertion once', async () => {
    const again = await assertion({ exp: now + 290 });
    expect((await ask({ client_assertion: again })).statusCode).toBe(200);
    expect(await ask({ client_assertion: again })).toMatchObject(REFUSED);
    now = addSeconds(NOW, 289);
    expect((await ask({ client_assertion: await assertion() })).statusCode).toBe(200);
    expect(await ask({ client_assertion: again })).toMatchObject(REFUSED);
    const together = await assertion();
    const answers = await Promise.all([1, 2, 3].map(() => ask({ client_assertion: together })));
    expect(answers.map(({ statusCode }) => statusCode).toSorted()).toEqual([200, 401, 401]);
  });

  it.each<[string, object]>([
    ['for another endpoint', { aud: 'http://127.0.0.1:4100/elsewhere' }],
    ['of a key that is none of the operators’', { sub: 'AAAAAAAAAAA' }],
    ['in another’s name', { iss: 'AAAAAAAAAAA' }],
    ['that is over', { exp: NOW }],
    ['that never ends', { exp: undefined }],
    ['that does not say when it was made', { iat: undefined }],
    ['older than five minutes, whatever its end', { iat: NOW - 301, exp: NOW + 60 }],
    ['from the future', { iat: NOW + 60, exp: NOW + 120 }],
    ['that has no name', { jti: undefined }],
  ])('takes no assertion %s', async (_, claims) => {
    expect(await ask({ client_assertion: await assertion(claims) })).toMatchObject(REFUSED);
  });

  it('takes no assertion that another key signed, none for an unknown region, and nothing else', async () => {
    const stranger = insecurePrivateKeyFromSeed('ES256', 'stranger');
    const good = await assertion();
    for (const parameters of [
      { client_assertion: await assertion({}, stranger) },
      { client_assertion: `${good.split('.', 2).join('.')}.` },
      { client_assertion: good, resource: 'https://cn-gd.symbolon.test' },
      { client_assertion: good, grant_type: 'password' },
      { client_assertion: good, client_assertion_type: 'none' },
      { client_assertion: 'x' },
      {},
    ])
      expect(await ask(parameters)).toMatchObject(REFUSED);
    // None of them has used it up.
    expect((await ask({ client_assertion: good })).statusCode).toBe(200);
  });

  it('reads no long body', async () => {
    expect(await ask({ client_assertion: 'x'.repeat(9000) })).toMatchObject({
      statusCode: 400,
      body: '{"error":"invalid_request"}',
    });
  });
});
