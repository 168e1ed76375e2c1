import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { SymbolonError } from '@symbolon/protocol/errors';
import { addHours } from '@symbolon/protocol/instant';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { httpFunction } from '../runtime/http-function.ts';
import { type BadInput, expectHeaders, expectProblem, expectRefused } from '../testing/bad-input.ts';
import { operatorRef } from '../testing/issuer-people.ts';
import { issuerSuite } from '../testing/issuer-suite.ts';
import { tokenOf } from '../testing/issuer-tokens.ts';
import { ROUTES } from './handler.ts';

const suite = issuerSuite();
const PERSON = { identifiers: [{ kind: 'passport', value: 'P-5001' }] };

/** Someone enrols a person with this token. */
const enrolWith =
  (token: () => Promise<string | undefined>): BadInput[3] =>
  async () => {
    const bearer = await token();
    return () => suite.desk.call('/subjects', PERSON, bearer);
  };
const now = () => suite.world.now;
const stranger = insecurePrivateKeyFromSeed('ES256', 'stranger');

describe('who acts', () => {
  it.each<BadInput>([
    ['REQ-ISS-003 no token', 401, 'unauthenticated', enrolWith(async () => undefined)],
    ['REQ-ISS-003 no JWT', 401, 'unauthenticated', enrolWith(async () => 'x.y.z')],
    [
      'REQ-ISS-003 an expired token',
      401,
      'unauthenticated',
      enrolWith(async () => {
        const token = await tokenOf('clerk', now());
        suite.world.now = addHours(now(), 2);
        return token;
      }),
    ],
    [
      'REQ-ISS-003 a token from the future',
      401,
      'unauthenticated',
      enrolWith(() => tokenOf('clerk', addHours(now(), 1))),
    ],
    [
      'REQ-ISS-003 a token for another region',
      401,
      'unauthenticated',
      enrolWith(() => tokenOf('clerk', now(), { audience: 'https://cn-gd.symbolon.test' })),
    ],
    [
      'REQ-ISS-003 a token of another authorization server',
      401,
      'unauthenticated',
      enrolWith(() => tokenOf('clerk', now(), {}, stranger)),
    ],
    [
      'REQ-ISS-004 a token without the role',
      403,
      'forbidden',
      enrolWith(() => tokenOf('clerk', now(), { roles: ['facts', 'audit'] })),
    ],
    [
      'REQ-ISS-029 a token with a role that the region does not give its key',
      403,
      'operator-unknown',
      enrolWith(() => tokenOf('approver', now(), { roles: ['enrol'] })),
    ],
    [
      'REQ-ISS-029 a token whose key the region does not list',
      403,
      'operator-unknown',
      enrolWith(() => tokenOf('clerk', now(), { kid: 'AAAAAAAAAAA' })),
    ],
    [
      'REQ-ISS-029 a token whose key the region lists under another office',
      403,
      'operator-unknown',
      enrolWith(() => tokenOf('clerk', now(), { authority: 'community' })),
    ],
  ])('%s: %i %s', async (...row) => {
    const answer = await expectRefused(suite, row);
    expect(answer.headers['www-authenticate']).toBe(answer.status === 401 ? 'Bearer' : undefined);
  });

  it('REQ-ISS-029 whoever the region strikes off its list is nobody from then on, whatever their token says', async () => {
    const { world, desk } = suite;
    const token = await tokenOf('clerk', world.now);
    expect((await desk.call('/subjects', PERSON, token)).status).toBe(201);
    const { region } = world.publication;
    const cdc = region.authorities['cdc'] ?? expect.unreachable();
    const { kid } = await operatorRef('clerk');
    const operators = cdc.operators.filter((each) => each.kid !== kid);
    const authorities = { ...region.authorities, cdc: { ...cdc, operators } };
    world.publication = { ...world.publication, region: { ...region, authorities } };
    expectProblem(await desk.call('/subjects', PERSON, token), 403, 'operator-unknown');
  });
});

describe('what is sent', () => {
  const send =
    (body: unknown): BadInput[3] =>
    async () => {
      const token = await tokenOf('clerk', now());
      return () => suite.desk.call('/subjects', body, token);
    };
  const deep = `${'['.repeat(20)}${']'.repeat(20)}`;

  it.each<BadInput>([
    ['REQ-ISS-001 nothing', 400, 'request-malformed', send(undefined)],
    ['REQ-ISS-001 a member too many', 400, 'request-malformed', send({ ...PERSON, name: 'SECRET NAME' })],
    [
      'REQ-ISS-001 a kind of document that there is none of',
      400,
      'request-malformed',
      send({ identifiers: [{ kind: 'SECRET', value: 'P-5002' }] }),
    ],
    [
      'REQ-ISS-001 an identifier that is none',
      400,
      'request-malformed',
      send({ identifiers: [{ kind: 'passport', value: 'SECRET?!' }] }),
    ],
    [
      'REQ-ISS-001 too many identifiers',
      400,
      'request-malformed',
      send({ identifiers: Array.from({ length: 9 }, (_, i) => ({ kind: 'passport', value: `P-500${i}` })) }),
    ],
    ['REQ-DEC-013 no JSON', 400, 'json-malformed', send('{')],
    ['REQ-DEC-014 one name twice', 400, 'json-duplicate-name', send('{"identifiers":[],"identifiers":[]}')],
    ['REQ-DEC-014 a name that JavaScript minds', 400, 'json-duplicate-name', send('{"__proto__":{}}')],
    ['REQ-DEC-015 nesting', 400, 'json-too-deep', send(deep)],
    ['REQ-ISS-002 more than allowed', 413, 'request-too-large', send(`"${'x'.repeat(300_000)}"`)],
  ])('%s: %i %s', async (...row) => {
    expect((await expectRefused(suite, row)).text).not.toContain('SECRET');
  });

  it('REQ-ISS-001 identifiers of two people in one request: REQ-ISS-006, and neither is changed', async () => {
    const { desk } = suite;
    await desk.enrolled('P-5003');
    await desk.enrolled('P-5004');
    const identifiers = ['P-5003', 'P-5004'].map((value) => ({ kind: 'passport', value }));
    await expectRefused(suite, ['', 409, 'subject-conflict', send({ identifiers })]);
  });
});

describe('every answer', () => {
  it('has security headers and is never cached', async () => {
    const { desk } = suite;
    expectHeaders((await desk.call('/nonce')).headers);
    expectHeaders((await desk.as('clerk', '/subjects', PERSON)).headers);
  });

  it('REQ-ISS-019, REQ-ISS-020 unknown addresses and methods', async () => {
    const { desk } = suite;
    expectProblem(await desk.call('/nowhere', undefined, undefined, 'GET'), 404, 'not-found');
    const refused = await desk.call('/subjects', undefined, undefined, 'GET');
    expectProblem(refused, 405, 'method-not-allowed');
    expect(refused.headers['allow']).toBe('POST');
  });

  it('REQ-ISS-021 a fault inside says nothing more than that', async () => {
    const { world, desk } = suite;
    const put = () => Promise.reject(new Error('secret table name'));
    world.api = { ...world.api, nonces: { ...world.api.nonces, put } };
    const answer = await desk.call('/nonce');
    expectProblem(answer, 500, 'internal-error');
    expect(answer.text).not.toContain('secret');
    expect(JSON.stringify(world.record.lines)).not.toContain('secret');
    expect(world.record.lines).toMatchObject([{ event: 'request.failed', fields: { cause: 'none' } }]);
  });

  it('REQ-ISS-015 a start that fails is logged with what is missing, and tried again by the next request', async () => {
    const { world } = suite;
    const missing = new SymbolonError('configuration-malformed', { path: 'TABLE_NAME' });
    const failing = httpFunction(world.api.log, () => Promise.reject(missing), ROUTES);
    const event = {
      version: '2.0',
      headers: {},
      requestContext: { http: { method: 'POST', path: '/nonce' } },
    };
    for (let attempt = 1; attempt <= 2; attempt++) {
      const { statusCode, body } = await failing(event as APIGatewayProxyEventV2, {} as Context);
      expect([statusCode, String(body)]).toEqual([500, expect.not.stringContaining('TABLE_NAME')]);
      expect(world.record.lines.at(-1)).toMatchObject({
        event: 'start.failed',
        fields: { code: 'configuration-malformed', detail: 'TABLE_NAME' },
      });
      expect(world.record.lines).toHaveLength(attempt);
    }
  });
});
