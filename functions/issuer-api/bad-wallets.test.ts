import { SymbolonError } from '@symbolon/protocol/errors';
import { addHours, addSeconds, formatInstant } from '@symbolon/protocol/instant';
import { describe, expect, it } from 'vitest';
import { type BadInput, expectRefused } from '../testing/bad-input.ts';
import { issuerSuite } from '../testing/issuer-suite.ts';
import { freshNonce, holderKey, proof, unsignedProof, wanted } from '../testing/wallet-requests.ts';

const suite = issuerSuite();
let people = 0;
const someone = () => suite.desk.enrolled(`P-90${people++}0`);
const key = holderKey('p');

/** Asks with proofs that are made with a fresh nonce. */
const asking =
  (make: (nonce: string) => Promise<readonly string[]>, more: object = {}): BadInput[3] =>
  async () => {
    const { code } = await someone();
    const jwt = await make(await freshNonce(suite.desk));
    return () => suite.desk.call('/credentials', wanted(jwt, more), code);
  };
const now = () => suite.world.now;
const good = async (nonce: string) => [await proof(key, nonce, now())];

describe('proofs of possession', () => {
  it.each<BadInput>([
    ['REQ-ISS-010 none', 400, 'possession-invalid', asking(async () => [])],
    [
      'REQ-ISS-010 for another region',
      400,
      'possession-invalid',
      asking(async (nonce) => [await proof(key, nonce, now(), { aud: 'https://cn-gd.symbolon.test' })]),
    ],
    [
      'REQ-ISS-010 too old',
      400,
      'possession-invalid',
      asking(async (nonce) => [await proof(key, nonce, now(), { iat: addSeconds(now(), -301) })]),
    ],
    [
      'REQ-ISS-010 from the future',
      400,
      'possession-invalid',
      asking(async (nonce) => [await proof(key, nonce, now(), { iat: addSeconds(now(), 31) })]),
    ],
    [
      'REQ-ISS-010 of another type',
      400,
      'possession-invalid',
      asking(async (nonce) => [await proof(key, nonce, now(), { typ: 'kb+jwt' })]),
    ],
    [
      'REQ-ISS-010 with another signature',
      400,
      'possession-invalid',
      asking(async (nonce) => {
        const [header, payload] = (await proof(key, nonce, now())).split('.');
        return [`${header}.${payload}.${'A'.repeat(86)}`];
      }),
    ],
    [
      'REQ-ISS-010 unsigned',
      400,
      'possession-invalid',
      asking(async (nonce) => [unsignedProof(await proof(key, nonce, now()), key)]),
    ],
    [
      'REQ-ISS-010 a good one beside a bad one',
      400,
      'possession-invalid',
      asking(async (nonce) => [...(await good(nonce)), 'x.y.z']),
    ],
    [
      'REQ-ISS-011 the same key twice',
      400,
      'possession-duplicate',
      asking(async (nonce) => [...(await good(nonce)), ...(await good(nonce))]),
    ],
    [
      'REQ-ISS-012 33 keys',
      400,
      'batch-too-large',
      asking(async (nonce) =>
        Promise.all(Array.from({ length: 33 }, (_, i) => proof(holderKey(`m${i}`), nonce, now()))),
      ),
    ],
    [
      'REQ-ISS-009 two nonces',
      400,
      'nonce-invalid',
      asking(async (nonce) => [
        ...(await good(nonce)),
        await proof(holderKey('q'), await freshNonce(suite.desk), now()),
      ]),
    ],
    ['REQ-ISS-009 a nonce of nobody', 400, 'nonce-invalid', asking(() => good('a'.repeat(22)))],
    [
      'REQ-ISS-009 a nonce that has expired',
      400,
      'nonce-invalid',
      asking(async (nonce) => {
        suite.world.now = addSeconds(now(), 301);
        return good(nonce);
      }),
    ],
    [
      'REQ-ISS-009 replayed: its nonce was used before',
      400,
      'nonce-invalid',
      async () => {
        const { code } = await someone();
        const body = wanted(await good(await freshNonce(suite.desk)));
        expect((await suite.desk.call('/credentials', body, code)).status).toBe(200);
        return () => suite.desk.call('/credentials', body, code);
      },
    ],
    [
      'REQ-ISS-013 for a format that is not offered',
      400,
      'format-unsupported',
      asking(good, { format: 'mso_mdoc' }),
    ],
    ['REQ-REC-001 for an unknown scheme', 404, 'scheme-unknown', asking(good, { scheme: 'constructor' })],
    [
      'REQ-ISS-003 with a code of nobody',
      401,
      'unauthenticated',
      async () => {
        const body = wanted(await good(await freshNonce(suite.desk)));
        return () => suite.desk.call('/credentials', body, 'not-a-code');
      },
    ],
  ])('%s: %i %s', async (...row) => {
    await expectRefused(suite, row);
  });

  it('REQ-ISS-009 what is refused uses no nonce up: a good proof is taken after all that, once', async () => {
    const { world, desk } = suite;
    const { code } = await someone();
    const nonce = await freshNonce(desk);
    const bad = wanted([...(await good(nonce)), ...(await good(nonce))]);
    expect((await desk.call('/credentials', bad, code)).status).toBe(400);
    const body = wanted(await good(nonce));
    const twice = await Promise.all([1, 2].map(() => desk.call('/credentials', body, code)));
    expect(twice.map(({ status }) => status).toSorted()).toEqual([200, 400]);
    expect(world.record.lines.filter(({ event }) => event === 'batch.minted')).toHaveLength(1);
  });
});

describe('in the place of someone else, and without a key', () => {
  it.each<BadInput>([
    [
      'REQ-ISS-004 for a dependant of someone else',
      403,
      'forbidden',
      async () => {
        const [parent, child, other] = [await someone(), await someone(), await someone()];
        const until = formatInstant(addHours(now(), 24));
        const right = { dependant: child.subject, guardian: parent.subject, until, reason: 'Mother.' };
        expect((await suite.desk.as('clerk', '/guardians', right)).status).toBe(200);
        const body = wanted(await good(await freshNonce(suite.desk)), { for: child.subject });
        return () => suite.desk.call('/credentials', body, other.code);
      },
    ],
    ['REQ-ISS-004 for nobody', 403, 'forbidden', asking(good, { for: 'x'.repeat(22) })],
    [
      'REQ-ISS-001 as one’s own guardian',
      400,
      'request-malformed',
      async () => {
        const { subject } = await someone();
        const right = { dependant: subject, guardian: subject, until: null, reason: 'Myself.' };
        const until = formatInstant(addHours(now(), 24));
        return () => suite.desk.as('clerk', '/guardians', { ...right, until });
      },
    ],
    [
      'REQ-BND-012 a card where the scheme has none',
      400,
      'bearer-not-allowed',
      async () => {
        const { subject } = await someone();
        await suite.desk.report('c1', [suite.desk.pcr('f1', subject, 'negative')], { scheme: 'test' });
        return () => suite.desk.as('clerk', '/cards', { subject, scheme: 'test', initials: 'L.W.' });
      },
    ],
    [
      'REQ-ISS-004 a card without the role',
      403,
      'forbidden',
      async () => {
        const { subject } = await someone();
        return () => suite.desk.as('approver', '/cards', { subject, scheme: 'health', initials: 'L.W.' });
      },
    ],
    [
      'REQ-ISS-005 a card of nobody',
      404,
      'subject-unknown',
      async () => () =>
        suite.desk.as('clerk', '/cards', { subject: 'x'.repeat(22), scheme: 'health', initials: 'L.W.' }),
    ],
  ])('%s: %i %s', async (...row) => {
    await expectRefused(suite, row);
  });
});

describe('REQ-LOG-022 a log that cannot prove the leaf', () => {
  it('has nothing minted, however often a wallet or a desk asks', async () => {
    const { world, desk } = suite;
    const { subject, code } = await someone();
    await desk.report('u1', [desk.pcr('f1', subject, 'negative')]);
    const { decisionLog: files, api } = world;
    const minted = () => api.mints.living(subject, 'health', world.now);
    const receiptOf = async () => {
      throw new SymbolonError('decision-unlogged');
    };
    world.api = { ...api, decisionLog: { ...api.decisionLog, receiptOf } };
    await files.round();
    for (let i = 0; i < 3; i++) {
      const proofs = [await proof(key, await freshNonce(desk), world.now)];
      const wallet = await desk.call('/credentials', wanted(proofs), code);
      const card = await desk.as('clerk', '/cards', { subject, scheme: 'health', initials: 'L.W.' });
      for (const { status, body } of [wallet, card])
        expect([status, body['code']]).toEqual([503, 'decision-unlogged']);
    }
    expect(await minted()).toEqual([]);
    const { body } = await desk.call('/record', {}, code);
    expect((body['entries'] as { kind: string }[]).map(({ kind }) => kind)).not.toContain('card-printed');
    world.api = api;
    const proofs = [await proof(key, await freshNonce(desk), world.now)];
    expect((await desk.call('/credentials', wanted(proofs), code)).status).toBe(200);
    expect(await minted()).toHaveLength(1);
  });
});
