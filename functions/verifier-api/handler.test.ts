import type { Code } from '@symbolon/protocol/codes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { addHours, addSeconds } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { memoryStore } from '@symbolon/registry/memory-store';
import { createProcessReplayMemory } from '@symbolon/verifier/shared-replay-memory';
import { decodeVerdict } from '@symbolon/verifier/verdict-json';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectHeaders, expectProblem } from '../testing/bad-input.ts';
import type { Answer } from '../testing/issuer-desk.ts';
import {
  CARD,
  CLAIMS,
  HOUR,
  LIST,
  mint,
  NOW,
  POLICY,
  type PublishedBundle,
  publishedBundle,
  servedBundle,
  show,
  startVerifier,
  TESTED,
  VENUE,
  type VerifierInstance,
  venueCode,
} from '../testing/verifier-world.ts';

let published: PublishedBundle;
beforeAll(async () => {
  published = await publishedBundle();
});
let verifier: VerifierInstance;
const start = () => startVerifier(servedBundle(published.bundle).find, memoryStore(), published.rootSha256);
beforeEach(() => {
  verifier = start();
});

const ask = (presentation: unknown, more: object = { policy: POLICY }) =>
  verifier.call('/verdicts', { presentation, ...more });
const BOTH = {
  ...POLICY,
  schemes: ['health', 'test'],
  accept: 'health.level == "green" && test.age < duration("48h")',
};
const listed = (idx: number) => show({ ...CLAIMS, statusEntry: { idx, uri: LIST } });

/** Whatever happened, the lines tell nothing of what was shown, asked or found. */
afterEach(() => {
  const text = JSON.stringify(verifier.lines);
  for (const secret of ['eyJ', '~', 'CN-', '"health"', 'green', 'urn:', 'SYM', 'clear@1', 'lists/'])
    expect(text).not.toContain(secret);
  for (const { event, fields } of verifier.lines)
    if (event === 'verdict.given') expect(Object.keys(fields)).toEqual(['outcome', 'codes']);
});

describe('POST /verdicts answers with the verdict', () => {
  it.each<[string, () => Promise<unknown>, object, object]>([
    ['accepted', () => show(), { outcome: 'accepted', findings: [], statuses: [{ level: 'green' }] }, {}],
    ['referred', () => listed(3), { outcome: 'referred', findings: [{ code: 'status-contested' }] }, {}],
    ['a card', () => mint(CARD), { outcome: 'referred', findings: [{ code: 'bearer' }] }, {}],
    [
      'not accepted',
      () => listed(1),
      { outcome: 'refused', reason: 'not-accepted', findings: [{ code: 'status-revoked' }] },
      {},
    ],
    [
      'not authentic',
      () => mint(),
      { outcome: 'refused', reason: 'not-authentic', findings: [{ code: 'binding-missing' }] },
      {},
    ],
    ['no presentation', async () => 'hello', { findings: [{ code: 'presentation-unrecognised' }] }, {}],
    ['nothing', async () => [], { findings: [{ code: 'presentation-unrecognised' }] }, {}],
    [
      'too long a presentation',
      async () => 'x'.repeat(LIMITS.presentationBytes + 1),
      { findings: [{ code: 'presentation-too-large' }] },
      {},
    ],
    [
      'two together',
      async () => [await show(), await show(TESTED)],
      { outcome: 'accepted', statuses: [{ scheme: 'health' }, { scheme: 'test' }] },
      { policy: BOTH },
    ],
    [
      'one of two that is not authentic',
      async () => [await show(), await mint(TESTED)],
      { reason: 'not-authentic', findings: [{ code: 'binding-missing', credential: 1 }] },
      { policy: BOTH },
    ],
  ])('%s', async (_, make, expected, more) => {
    const answer = await ask(await make(), { policy: POLICY, ...more });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('application/json');
    expectHeaders(answer.headers);
    expect(answer.body).toMatchObject(expected);
    expect(decodeVerdict(answer.body).at).toBe(NOW);
    if (answer.body['reason'] === 'not-authentic') expect(answer.body).not.toHaveProperty('statuses');
  });

  it('and the same verdict whether the policy was asked with before or not', async () => {
    const policies = [
      POLICY,
      { ...POLICY, onContested: 'refused' },
      { ...POLICY, accept: 'health.level == "red"' },
      { ...POLICY, requireNonce: true },
    ];
    const presentation = await listed(3);
    const verdictOf = async (instance: VerifierInstance, policy: object) =>
      (await instance.call('/verdicts', { presentation, policy })).body;
    const fresh = await Promise.all(policies.map((policy) => verdictOf(start(), policy)));
    expect(new Set(fresh.map((verdict) => JSON.stringify(verdict))).size).toBe(policies.length);
    for (const order of [policies, policies, policies.toReversed()])
      for (const policy of order)
        expect(await verdictOf(verifier, policy)).toEqual(fresh[policies.indexOf(policy)]);
  });

  it('and logs its outcome and how often each code stands in it, nothing else', async () => {
    await ask([await listed(1), await show({ ...TESTED, level: 'positive' })], { policy: BOTH });
    expect(verifier.lines.filter(({ event }) => event === 'verdict.given')).toEqual([
      {
        event: 'verdict.given',
        fields: {
          outcome: 'not-accepted',
          codes: { 'status-revoked': 1, 'rule-level': 1 },
        },
      },
    ]);
  });

  it('REQ-VEN-002 by the code of a venue, which gives policy, audience and nonce', async () => {
    const venue = await venueCode();
    const answered = await ask(await show(CLAIMS, VENUE), { venue });
    expect(answered.body).toMatchObject({ outcome: 'accepted' });
    const another = { ...VENUE, audience: 'urn:symbolon:venue:CN-GD:museum' };
    const elsewhere = await ask(await show(CLAIMS, another), { venue });
    expect(elsewhere.body).toMatchObject({ findings: [{ code: 'binding-audience' }] });
    const forAnyone = await ask(await show(), { venue });
    expect(forAnyone.body).toMatchObject({ findings: [{ code: 'nonce-required' }] });
    const late = await ask(await show(), { venue: await venueCode({ iat: addHours(HOUR, -1), exp: HOUR }) });
    expectProblem(late, 400, 'venue-code-expired');
  });
});

describe('REQ-BND-010 a second showing', () => {
  it('is replayed where a memory is configured, whichever instance is asked; a card is not', async () => {
    const memory = createProcessReplayMemory();
    const [first, second] = [verifier, start()];
    for (const instance of [first, second]) instance.api = { ...instance.api, memory };
    const presentation = await show();
    expect((await ask(presentation)).body).toMatchObject({ outcome: 'accepted' });
    expect((await second.call('/verdicts', { presentation, policy: POLICY })).body).toMatchObject({
      reason: 'not-authentic',
      findings: [{ code: 'replayed' }],
    });
    for (const _ of [1, 2]) expect((await ask(await mint(CARD))).body).toMatchObject({ outcome: 'referred' });
  });

  it('is not looked for where none is', async () => {
    const presentation = await show();
    for (const _ of [1, 2]) expect((await ask(presentation)).body).toMatchObject({ outcome: 'accepted' });
  });

  it('is not burnt by who asks with a policy that nothing meets, and who asks so learns nothing of it', async () => {
    verifier.api = { ...verifier.api, memory: createProcessReplayMemory() };
    const presentation = await show();
    const stranger = async () => (await ask(presentation, { policy: { ...POLICY, accept: 'false' } })).body;
    const before = await stranger();
    expect(before).toMatchObject({ reason: 'not-accepted', findings: [{ code: 'policy-not-met' }] });
    expect((await ask(presentation)).body).toMatchObject({ outcome: 'accepted' });
    expect(await stranger()).toEqual(before);
    expect((await ask(presentation)).body).toMatchObject({ findings: [{ code: 'replayed' }] });
  });

  it('REQ-BND-014 a memory that cannot be asked refers the case', async () => {
    const claim = async () => {
      throw new SymbolonError('storage-failed');
    };
    verifier.api = { ...verifier.api, memory: { claim } };
    expect((await ask(await show())).body).toMatchObject({
      outcome: 'referred',
      findings: [{ code: 'replay-unknown' }],
    });
  });
});

/** What it is, the answer, how it is sent, and the place that is told. */
interface BadRequest {
  readonly what: string;
  readonly status: number;
  readonly code: Code;
  readonly send: () => Promise<Answer>;
  readonly path?: string;
}

describe('bad input', () => {
  const given = async (body: unknown, type?: string) => verifier.call('/verdicts', body, type);
  const policy = (changes: object) => async () =>
    given({ presentation: 'x', policy: { ...POLICY, ...changes } });
  const BAD: readonly BadRequest[] = [
    { what: 'no JSON', status: 400, code: 'json-malformed', send: () => given('{"presentation":') },
    {
      what: 'a name twice',
      status: 400,
      code: 'json-duplicate-name',
      send: () => given('{"presentation":"a","presentation":"b"}'),
    },
    { what: 'no object', status: 400, code: 'request-malformed', send: () => given([]) },
    {
      what: 'no presentation',
      status: 400,
      code: 'request-malformed',
      send: () => given({ policy: POLICY }),
      path: 'presentation',
    },
    {
      what: 'a number',
      status: 400,
      code: 'request-malformed',
      send: () => given({ presentation: 1, policy: POLICY }),
      path: 'presentation',
    },
    {
      what: 'neither policy nor venue',
      status: 400,
      code: 'request-malformed',
      send: () => given({ presentation: 'x' }),
      path: 'policy',
    },
    {
      what: 'both',
      status: 400,
      code: 'request-malformed',
      send: async () => given({ presentation: 'x', policy: POLICY, venue: await venueCode() }),
      path: 'policy',
    },
    {
      what: 'another member',
      status: 400,
      code: 'request-malformed',
      send: () => ask('x', { policy: POLICY, now: NOW }),
    },
    {
      what: 'REQ-ACC-004 a policy of nothing',
      status: 400,
      code: 'policy-malformed',
      send: () => ask('x', { policy: null }),
    },
    {
      what: 'a policy with faults, all of them told',
      status: 400,
      code: 'policy-malformed',
      send: policy({ region: 'CN_GD', schemes: [], onBearer: 'waved-through' }),
      path: 'region, schemes, onBearer',
    },
    {
      what: 'a misspelt member',
      status: 400,
      code: 'policy-malformed',
      send: policy({ requireNonse: true }),
    },
    {
      what: 'an expression that does not compile',
      status: 400,
      code: 'policy-malformed',
      send: policy({ accept: 'health.colour' }),
    },
    {
      what: 'an unknown scheme',
      status: 400,
      code: 'policy-malformed',
      send: policy({ schemes: ['luck'], accept: 'true' }),
    },
    {
      what: 'REQ-VEN-001 no code of a venue',
      status: 400,
      code: 'venue-code-malformed',
      send: () => ask('x', { venue: 'SYMV1:' }),
    },
    {
      what: 'REQ-DEC-006 a packing that is not known',
      status: 400,
      code: 'packing-version-unknown',
      send: () => ask('x', { venue: 'SYMV2:00' }),
    },
    {
      what: 'a venue of no region',
      status: 400,
      code: 'issuer-unknown',
      send: async () => ask('x', { venue: await venueCode({ iss: 'https://elsewhere.example' }) }),
    },
    {
      what: 'a venue with an unknown scheme',
      status: 400,
      code: 'scheme-unknown',
      send: async () => ask('x', { venue: await venueCode({ schemes: ['luck'], accept: 'luck.present' }) }),
    },
    {
      what: 'REQ-ISS-002 too much',
      status: 413,
      code: 'request-too-large',
      send: () => given({ presentation: 'x'.repeat(LIMITS.requestBytes), policy: POLICY }),
    },
    {
      what: 'REQ-ISS-025 another type',
      status: 415,
      code: 'content-type-unsupported',
      send: () => given({ presentation: 'x', policy: POLICY }, 'text/plain'),
    },
  ];
  it.each(BAD)('$what: $status $code', async ({ status, code, send, path }) => {
    const answer = await send();
    expectProblem(answer, status, code);
    if (path !== undefined) expect(answer.body['path']).toBe(path);
    expect(verifier.lines.at(-1)).toEqual({
      event: 'request.refused',
      fields: { route: 'POST /verdicts', code },
    });
  });

  it('REQ-ISS-019, REQ-ISS-020 another address or method', async () => {
    expectProblem(await verifier.call('/verdict', {}), 404, 'not-found');
    const wrong = await verifier.call('/verdicts');
    expectProblem(wrong, 405, 'method-not-allowed');
    expect(wrong.headers['allow']).toBe('POST');
  });
});

describe('without usable trust', () => {
  it.each<[Code, () => ReturnType<typeof start>]>([
    [
      'metadata-missing',
      () => {
        const find = async () => {
          throw new SymbolonError('metadata-missing');
        };
        return startVerifier(find, memoryStore(), published.rootSha256);
      },
    ],
    [
      'root-mismatch',
      () => startVerifier(servedBundle(published.bundle).find, memoryStore(), 'a'.repeat(64)),
    ],
  ])('REQ-REG-001 503 %s, and no verdict', async (code, make) => {
    verifier = make();
    expectProblem(await ask(await show()), 503, code);
    expectProblem(await verifier.call('/health'), 503, code);
    // A mistake of the caller is told all the same.
    expectProblem(await ask('x', { policy: {} }), 400, 'policy-malformed');
    expect(verifier.lines.map(({ event }) => event)).not.toContain('verdict.given');
  });

  it('a fault of the program says nothing more: 500', async () => {
    const broken = async () => {
      throw new TypeError('secret');
    };
    verifier.api = { ...verifier.api, trust: broken };
    expectProblem(await ask(await show()), 500, 'internal-error');
  });

  it('REQ-REG-016 a registry that is too old is graded by the verdict; a venue code is not read by it', async () => {
    const venue = await venueCode({ iat: addHours(HOUR, 11 * 24), exp: addHours(HOUR, 12 * 24) });
    verifier.now = addHours(NOW, 11 * 24);
    const answer = await ask(await show(CLAIMS, { at: verifier.now }));
    expect(answer.status).toBe(200);
    expect(answer.body['findings']).toContainEqual(expect.objectContaining({ code: 'stale-block' }));
    expectProblem(await ask('x', { venue }), 503, 'stale-block');
  });
});

describe('GET /health', () => {
  it('tells the version and the age of the registry', async () => {
    verifier.now = addSeconds(NOW, 90);
    const answer = await verifier.call('/health');
    expect([answer.status, answer.body]).toEqual([
      200,
      { registryVersion: 2, signedAt: '2026-09-07T08:20:30Z', ageSeconds: 90 },
    ]);
  });
});
