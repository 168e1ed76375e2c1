import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { issuerStores } from '@symbolon/aws/dynamodb/issuer-stores';
import { parseSdJwt } from '@symbolon/credential/sd-jwt/parse';
import type { Publication } from '@symbolon/issuer/publication';
import { rulesOf } from '@symbolon/issuer/publication';
import { kidOf } from '@symbolon/keys/kid';
import { type PrivateJwk, publicPart } from '@symbolon/keys/private-key';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { createLocalSigner } from '@symbolon/keys/signer';
import { startDynamoDb } from '@symbolon/local/dynamodb';
import { DEVELOPMENT_ISSUER, operatorJwks, operatorToken } from '@symbolon/local/operator';
import { sampleRegion } from '@symbolon/local/sample/regions';
import { sampleRules } from '@symbolon/local/sample/rules';
import { SAMPLE_SCHEMES } from '@symbolon/local/sample/schemes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { addHours, addSeconds, type Instant, parseInstant } from '@symbolon/protocol/instant';
import { systemRandom } from '@symbolon/protocol/random';
import { check } from '@symbolon/protocol/schemas/common';
import { Region } from '@symbolon/protocol/schemas/region';
import { RuleSet } from '@symbolon/protocol/schemas/rule-set';
import { Scheme } from '@symbolon/protocol/schemas/scheme';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { importJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { httpFunction } from '../runtime/http-function.ts';
import type { LogCatalogue } from '../runtime/log.ts';
import { operatorTokens } from '../runtime/operator-token.ts';
import type { IssuerApi } from './dependencies.ts';
import { ROUTES } from './handler.ts';

const ISSUER = 'https://cn-bj.symbolon.test';
const NOW = parseInstant('2026-09-07T08:20:30Z');
const OPERATORS = insecurePrivateKeyFromSeed('ES256', 'operators');
const CARD = 'CARD-4711-SECRET';

let folder: string;
let stopDynamo: () => Promise<void>;
let client: DynamoDBClient;
let api: IssuerApi;
let now: Instant;
let lines: { event: keyof LogCatalogue; fields: object }[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'symbolon-issuer-api-'));
  const dynamo = await startDynamoDb(join(folder, 'db'), ['region']);
  stopDynamo = dynamo.stop;
  const endpoint = dynamo.environment['AWS_ENDPOINT_URL_DYNAMODB'] ?? '';
  client = new DynamoDBClient({
    endpoint,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const jwks = join(folder, 'jwks.json');
  await writeFile(jwks, JSON.stringify(operatorJwks(OPERATORS)));
  const publication = samplePublication();
  api = {
    ...issuerStores(client, 'region'),
    authorise: await operatorTokens(pathToFileURL(jwks).href, DEVELOPMENT_ISSUER, ISSUER),
    blindIndexer: {
      index: async (identifier) => kidOf(publicPart(insecurePrivateKeyFromSeed('ES256', identifier))),
    },
    sealer: {
      seal: async (plain) => Buffer.from(plain).toString('hex'),
      open: async (sealed) => Buffer.from(sealed, 'hex'),
    },
    signersOf: async () => [await createLocalSigner(insecurePrivateKeyFromSeed('ES256', 'issuing'))],
    random: systemRandom,
    listEntries: 4096,
    publication: async () => publication,
    rules: rulesOf,
    clock: () => now,
    log: (event, fields) => lines.push({ event, fields }),
  };
});

afterAll(async () => {
  client.destroy();
  await stopDynamo();
  await rm(folder, { recursive: true });
});

beforeEach(() => {
  now = NOW;
  lines = [];
});

function samplePublication(): Publication {
  const jwk = publicPart(insecurePrivateKeyFromSeed('ES256', 'issuing'));
  const epoch = {
    notBefore: addHours(parseInstant('2026-09-07T00:00:00Z'), 0),
    notAfter: parseInstant('2026-09-14T00:00:00Z'),
  };
  return {
    region: check(
      Region,
      sampleRegion('CN-BJ', { endpoint: 'https://cn-bj.symbolon.test/api' }),
      'region-malformed',
    ),
    keys: [{ kid: kidOf(jwk), use: 'credential', alg: 'ES256', jwk, ...epoch }],
    schemes: {
      health: check(Scheme, SAMPLE_SCHEMES.health, 'metadata-malformed'),
      test: check(Scheme, SAMPLE_SCHEMES.test, 'metadata-malformed'),
    },
    ruleSets: {
      health: check(RuleSet, sampleRules('CN-BJ', 'health'), 'rule-set-malformed'),
      test: check(RuleSet, sampleRules('CN-BJ', 'test'), 'rule-set-malformed'),
    },
  };
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Record<string, unknown>;
  readonly text: string;
}

/** One request as API Gateway would send it. */
async function call(method: string, path: string, body?: unknown, bearer?: string): Promise<Answer> {
  const event = {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: '',
    headers: bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` },
    requestContext: {
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      stage: '$default',
    },
    isBase64Encoded: false,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  } as APIGatewayProxyEventV2;
  const context = { getRemainingTimeInMillis: () => 10_000 } as Context;
  const {
    statusCode = 0,
    headers = {},
    body: text = '',
  } = await httpFunction(api.log, async () => api, ROUTES)(event, context);
  return { status: statusCode, headers, body: JSON.parse(text), text };
}

const operator = (...roles: string[]) => operatorToken(OPERATORS, ISSUER, roles, now);

async function enrolled(): Promise<{ subject: string; code: string }> {
  const { body } = await call(
    'POST',
    '/subjects',
    { identifiers: [{ kind: 'identity-card', value: CARD }] },
    await operator('enrol'),
  );
  return { subject: String(body['subject']), code: String(body['code']) };
}

async function proof(
  key: PrivateJwk,
  nonce: unknown,
  overrides: { aud?: string; iat?: number; typ?: string; alg?: string } = {},
) {
  return new SignJWT({ nonce })
    .setProtectedHeader({
      alg: 'ES256',
      typ: overrides.typ ?? 'openid4vci-proof+jwt',
      jwk: { ...publicPart(key) },
    })
    .setAudience(overrides.aud ?? ISSUER)
    .setIssuedAt(overrides.iat ?? now)
    .sign(await importJWK({ ...key }, 'ES256'));
}
const holderKey = (name: string) => insecurePrivateKeyFromSeed('ES256', `holder ${name}`);
const nonce = async () => (await call('POST', '/nonce')).body['nonce'];
const request = (jwt: string[], scheme = 'health', format = 'dc+sd-jwt') => ({
  scheme,
  format,
  proofs: { jwt },
});

describe('the issuer API, from a person to a batch', () => {
  it('enrols, decides and mints; the same person is the same subject', async () => {
    const first = await enrolled();
    expect((await enrolled()).subject).toBe(first.subject);
    const facts = [{ id: 'f1', type: 'pcr', at: '2026-09-07T02:00:00Z', fields: { result: 'negative' } }];
    const reported = await call(
      'POST',
      '/facts',
      { subject: first.subject, scheme: 'health', facts },
      await operator('facts'),
    );
    expect([reported.status, reported.body]).toEqual([200, { new: 1, level: 'green', rule: 'clear@1' }]);
    const n = await nonce();
    const jwt = await Promise.all(['a', 'b'].map((name) => proof(holderKey(name), n)));
    const batch = await call('POST', '/credentials', request(jwt), first.code);
    expect(batch.status).toBe(200);
    const credentials = (batch.body['credentials'] as { credential: string }[]).map(({ credential }) =>
      parseSdJwt(credential),
    );
    expect(credentials.map(({ claims }) => claims.holderKey)).toEqual(
      ['a', 'b'].map((name) => publicPart(holderKey(name))),
    );
    expect(credentials[0]).toMatchObject({ issuer: ISSUER, claims: { level: 'green', scheme: 'health' } });
    const revoked = await call('POST', '/revocations', {}, first.code);
    expect(revoked.body).toEqual({ revoked: 2, unlistedUntil: null });
    // The code goes with the phone.
    const again = await call(
      'POST',
      '/credentials',
      request([await proof(holderKey('c'), await nonce())]),
      first.code,
    );
    expect(again.status).toBe(401);
  });

  it('logs lines of the catalogue only: no subject, no code, no identifier, no credential', async () => {
    const { subject, code } = await enrolled();
    const n = await nonce();
    await call('POST', '/credentials', request([await proof(holderKey('log'), n)]), code);
    const text = JSON.stringify(lines);
    for (const secret of [subject, code, CARD, String(n), 'eyJ']) expect(text).not.toContain(secret);
    expect(lines.map(({ event }) => event)).toEqual([
      'subject.enrolled',
      'request.done',
      'request.done',
      'batch.minted',
      'request.done',
    ]);
  });

  it('sends security headers with every answer, and never lets one be cached', async () => {
    for (const answer of [
      await call('POST', '/nonce'),
      await call('GET', '/nowhere'),
      await call('POST', '/facts', {}),
    ]) {
      expect(answer.headers).toMatchObject({ 'cache-control': 'no-store' });
      expect(JSON.stringify(answer.headers)).toContain('nosniff');
    }
  });
});

it('a revocation tells until when what has no list entry is still accepted', async () => {
  const { code } = await enrolled();
  const jwt = [await proof(holderKey('ld'), await nonce())];
  expect((await call('POST', '/credentials', request(jwt, 'health', 'ldp_vc'), code)).status).toBe(200);
  const { body } = await call('POST', '/revocations', {}, code);
  expect(body).toMatchObject({ unlistedUntil: '2026-09-07T14:00:00Z' });
});

it('a revocation ends every code of the person, also while a batch is being minted', async () => {
  const [old, fresh] = [await enrolled(), await enrolled()];
  const slow = { ...api, mints: { ...api.mints } };
  const whole = api;
  const { record } = api.mints;
  let revoked: Answer | undefined;
  slow.mints.record = async (id, mint) => {
    api = whole;
    revoked = await call('POST', '/revocations', {}, fresh.code);
    await record(id, mint);
  };
  const jwt = [await proof(holderKey('slow'), await nonce())];
  api = slow;
  const answer = await call('POST', '/credentials', request(jwt), old.code);
  api = whole;
  expect([revoked?.status, answer.status, answer.text]).toEqual([
    200,
    401,
    expect.not.stringContaining('eyJ'),
  ]);
  for (const { code } of [old, fresh])
    expect((await call('POST', '/revocations', {}, code)).status).toBe(401);
  const renewed = await enrolled();
  const again = [await proof(holderKey('again'), await nonce())];
  expect((await call('POST', '/credentials', request(again), renewed.code)).status).toBe(200);
});

describe('refusals are problem details with a stable code', () => {
  const problem = (answer: Answer) => {
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.body).toMatchObject({
      status: answer.status,
      type: `urn:symbolon:problem:${answer.body['code']}`,
    });
    return [answer.status, answer.body['code']];
  };

  it('REQ-ISS-019, REQ-ISS-020 unknown routes and methods', async () => {
    expect(problem(await call('GET', '/nowhere'))).toEqual([404, 'not-found']);
    const refused = await call('GET', '/subjects');
    expect([problem(refused), refused.headers['allow']]).toEqual([[405, 'method-not-allowed'], 'POST']);
  });

  it('REQ-ISS-003, REQ-ISS-004 operators need a living token with the role, for this region', async () => {
    const body = { identifiers: [{ kind: 'passport', value: 'P1234567' }] };
    const challenged = await call('POST', '/subjects', body);
    expect([problem(challenged), challenged.headers['www-authenticate']]).toEqual([
      [401, 'unauthenticated'],
      'Bearer',
    ]);
    expect(problem(await call('POST', '/subjects', body, 'x.y.z'))).toEqual([401, 'unauthenticated']);
    expect(problem(await call('POST', '/subjects', body, await operator('facts')))).toEqual([
      403,
      'forbidden',
    ]);
    const elsewhere = await operatorToken(OPERATORS, 'https://cn-gd.symbolon.test', ['enrol'], now);
    expect(problem(await call('POST', '/subjects', body, elsewhere))).toEqual([401, 'unauthenticated']);
    const stranger = await operatorToken(
      insecurePrivateKeyFromSeed('ES256', 'stranger'),
      ISSUER,
      ['enrol'],
      now,
    );
    expect(problem(await call('POST', '/subjects', body, stranger))).toEqual([401, 'unauthenticated']);
    const old = await operator('enrol');
    now = addHours(NOW, 2);
    expect(problem(await call('POST', '/subjects', body, old))).toEqual([401, 'unauthenticated']);
  });

  it('REQ-ISS-001, REQ-ISS-002 a malformed body names its bad paths and not its values', async () => {
    const token = await operator('enrol');
    const answer = await call(
      'POST',
      '/subjects',
      { identifiers: [{ kind: 'UPPER', value: '' }], name: 'SECRET NAME' },
      token,
    );
    expect(problem(answer)).toEqual([400, 'request-malformed']);
    expect(answer.text).not.toMatch(/SECRET|UPPER/);
    expect(problem(await call('POST', '/subjects', '{"identifiers":[],"identifiers":[]}', token))).toEqual([
      400,
      'json-duplicate-name',
    ]);
    expect(problem(await call('POST', '/subjects', '{', token))).toEqual([400, 'json-malformed']);
    expect(problem(await call('POST', '/subjects', `"${'x'.repeat(300_000)}"`, token))).toEqual([
      413,
      'request-too-large',
    ]);
  });

  it('REQ-ISS-007 a fact that the scheme does not declare', async () => {
    const { subject } = await enrolled();
    const facts = [{ id: 'x', type: 'bankDeposit', at: '2026-09-07T02:00:00Z', fields: { amount: 1 } }];
    expect(
      problem(await call('POST', '/facts', { subject, scheme: 'health', facts }, await operator('facts'))),
    ).toEqual([400, 'fact-malformed']);
    expect(
      problem(
        await call('POST', '/facts', { subject, scheme: 'constructor', facts }, await operator('facts')),
      ),
    ).toEqual([404, 'scheme-unknown']);
  });

  it('REQ-ISS-005 facts about nobody', async () => {
    const facts = [{ id: 'x', type: 'pcr', at: '2026-09-07T02:00:00Z', fields: { result: 'negative' } }];
    const body = { subject: 'x'.repeat(22), scheme: 'health', facts };
    expect(problem(await call('POST', '/facts', body, await operator('facts')))).toEqual([
      404,
      'subject-unknown',
    ]);
  });

  it('REQ-ISS-008 no rule matches, so there is no status to issue', async () => {
    const { code } = await enrolled();
    const jwt = [await proof(holderKey('none'), await nonce())];
    expect(problem(await call('POST', '/credentials', request(jwt, 'test'), code))).toEqual([
      409,
      'no-decision',
    ]);
  });

  it('REQ-ISS-008 facts that no rule makes a level of are stored all the same', async () => {
    const { subject } = await enrolled();
    const facts = [{ id: 'old', type: 'pcr', at: '2026-08-30T02:00:00Z', fields: { result: 'negative' } }];
    const answer = await call('POST', '/facts', { subject, scheme: 'test', facts }, await operator('facts'));
    expect([answer.status, answer.body]).toEqual([200, { new: 1, level: null, rule: null }]);
  });

  it('REQ-ISS-013 a format that is not offered', async () => {
    const { code } = await enrolled();
    const jwt = [await proof(holderKey('format'), await nonce())];
    expect(problem(await call('POST', '/credentials', request(jwt, 'health', 'mso_mdoc'), code))).toEqual([
      400,
      'format-unsupported',
    ]);
  });

  it('REQ-ISS-015 a start that fails is logged with what is missing, and tried again by the next request', async () => {
    const failing = httpFunction(
      api.log,
      () => Promise.reject(new SymbolonError('configuration-malformed', { path: 'TABLE_NAME' })),
      ROUTES,
    );
    const event = {
      version: '2.0',
      headers: {},
      requestContext: { http: { method: 'POST', path: '/nonce' } },
    };
    for (let attempt = 1; attempt <= 2; attempt++) {
      const { statusCode, body } = await failing(event as APIGatewayProxyEventV2, {} as Context);
      expect([statusCode, String(body)]).toEqual([500, expect.not.stringContaining('TABLE_NAME')]);
      expect(lines.at(-1)).toMatchObject({
        event: 'start.failed',
        fields: { code: 'configuration-malformed', detail: 'TABLE_NAME' },
      });
      expect(lines).toHaveLength(attempt);
    }
  });

  it('REQ-ISS-009, REQ-ISS-010, REQ-ISS-011, REQ-ISS-012 every way in which proofs of possession can be wrong', async () => {
    const { code } = await enrolled();
    const ask = async (jwt: string[], bearer = code) =>
      problem(await call('POST', '/credentials', request(jwt), bearer));
    const key = holderKey('p');
    const n = await nonce();
    expect(await ask([await proof(key, n)], 'not-a-code')).toEqual([401, 'unauthenticated']);
    expect(await ask([])).toEqual([400, 'possession-invalid']);
    expect(await ask([await proof(key, n, { aud: 'https://cn-gd.symbolon.test' })])).toEqual([
      400,
      'possession-invalid',
    ]);
    expect(await ask([await proof(key, n, { iat: addSeconds(now, -301) })])).toEqual([
      400,
      'possession-invalid',
    ]);
    expect(await ask([await proof(key, n, { iat: addSeconds(now, 31) })])).toEqual([
      400,
      'possession-invalid',
    ]);
    expect(await ask([await proof(key, n, { typ: 'kb+jwt' })])).toEqual([400, 'possession-invalid']);
    const [header = '', payload = ''] = (await proof(key, n)).split('.');
    expect(await ask([`${header}.${payload}.${'A'.repeat(86)}`])).toEqual([400, 'possession-invalid']);
    const none = Buffer.from(
      JSON.stringify({ alg: 'none', typ: 'openid4vci-proof+jwt', jwk: publicPart(key) }),
    ).toString('base64url');
    expect(await ask([`${none}.${payload}.`])).toEqual([400, 'possession-invalid']);
    expect(await ask([await proof(key, n), await proof(key, n)])).toEqual([400, 'possession-duplicate']);
    expect(await ask([await proof(key, n), await proof(holderKey('q'), await nonce())])).toEqual([
      400,
      'nonce-invalid',
    ]);
    expect(await ask([await proof(key, 'a'.repeat(22))])).toEqual([400, 'nonce-invalid']);
    const many = await Promise.all(Array.from({ length: 33 }, (_, i) => proof(holderKey(`m${i}`), n)));
    expect(await ask(many)).toEqual([400, 'batch-too-large']);
    // After all that the nonce is still good, once.
    const good = [await proof(key, n)];
    expect((await call('POST', '/credentials', request(good), code)).status).toBe(200);
    expect(await ask(good)).toEqual([400, 'nonce-invalid']);
    const late = await nonce();
    now = addSeconds(NOW, 301);
    expect(await ask([await proof(key, late)])).toEqual([400, 'nonce-invalid']);
  });

  it('REQ-ISS-021 a fault inside says nothing more than that', async () => {
    const broken = {
      ...api,
      log: api.log,
      nonces: { ...api.nonces, put: () => Promise.reject(new Error('secret table name')) },
    };
    const whole = api;
    api = broken;
    try {
      const answer = await call('POST', '/nonce');
      expect(problem(answer)).toEqual([500, 'internal-error']);
      expect(answer.text).not.toContain('secret');
      expect(lines.map(({ event }) => event)).toEqual(['request.failed']);
    } finally {
      api = whole;
    }
  });
});
