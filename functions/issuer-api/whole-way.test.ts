import { parseSdJwt } from '@symbolon/credential/sd-jwt/parse';
import { publicPart } from '@symbolon/keys/private-key';
import { addHours } from '@symbolon/protocol/instant';
import { describe, expect, it } from 'vitest';
import { operatorRef } from '../testing/issuer-people.ts';
import { ISSUER } from '../testing/issuer-publication.ts';
import { issuerSuite } from '../testing/issuer-suite.ts';
import { askFor, claimsOf, credentialsOf, holderKey } from '../testing/wallet-requests.ts';

const suite = issuerSuite();

describe('from a person to a batch', () => {
  it('enrols, takes in what a source signed, decides and mints; the same person is the same subject', async () => {
    const { world, desk } = suite;
    const { subject, code } = await desk.enrolled('P-1001');
    expect((await desk.enrolled('p 1001')).subject).toBe(subject);
    const token = await desk.batch('lab', 'w1', [desk.pcr('f1', subject, 'negative')]);
    const taken = await desk.as('clerk', '/facts', { batch: token });
    expect([taken.status, taken.body]).toEqual([
      200,
      {
        state: 'done',
        source: 'lab',
        id: 'w1',
        digest: expect.stringMatching(/^[\w-]{43}$/),
        facts: 1,
        added: 1,
        held: [],
      },
    ]);
    const stored = await world.dump();
    expect(await desk.as('clerk', '/facts', { batch: token })).toMatchObject({
      status: 200,
      body: taken.body,
    });
    expect(await world.dump()).toEqual(stored);

    const answer = await askFor(world, desk, code, ['a', 'b']);
    expect([answer.status, answer.body['format']]).toEqual([200, 'dc+sd-jwt']);
    const credentials = credentialsOf(answer).map(parseSdJwt);
    expect(credentials.map(({ claims }) => claims.holderKey)).toEqual(
      ['a', 'b'].map((name) => publicPart(holderKey(name))),
    );
    expect(credentials[0]).toMatchObject({ issuer: ISSUER, claims: { level: 'green', scheme: 'health' } });

    const revoked = await desk.call('/revocations', {}, code);
    expect(revoked.body).toEqual({ revoked: 2, unlistedUntil: null });
    // The code goes with the phone.
    expect((await askFor(world, desk, code, ['c'])).status).toBe(401);
    expect(world.record.lines.map(({ event }) => event)).toEqual([
      ...['subject.enrolled', 'request.done', 'subject.enrolled', 'request.done'],
      ...['facts.stored', 'request.done', 'facts.stored', 'request.done'],
      ...['request.done', 'batch.minted', 'request.done'],
      ...['credentials.revoked', 'request.done', 'request.done', 'request.refused'],
    ]);
  });

  it('nobody who looks into the table finds an identifier, a code, a credential or a fact', async () => {
    const { world, desk } = suite;
    const { subject, code } = await desk.enrolled('P-SECRET-1');
    await desk.report('w2', [desk.pcr('f1', subject, 'positive')]);
    await askFor(world, desk, code, ['hidden']);
    const text = (await world.dump()).join('\n');
    expect(text).toContain(subject);
    for (const secret of ['SECRET', code, 'positive"', '~']) expect(text).not.toContain(secret);
  });

  it('a mistaken fact is taken back and reported anew in one batch: the level follows at once, and the old batch is suspended', async () => {
    const { world, desk } = suite;
    const { subject, code } = await desk.enrolled('P-1002');
    await desk.report('w3', [desk.pcr('wrong', subject, 'positive')]);
    const red = claimsOf(await askFor(world, desk, code, ['red']));
    expect(red.level).toBe('red');
    const retracts = [{ id: 'wrong', subject }];
    const corrected = await desk.report('w4', [desk.pcr('right', subject, 'negative')], { retracts });
    expect(corrected.status).toBe(200);
    const green = claimsOf(await askFor(world, desk, code, ['green']));
    expect(green.level).toBe('green');
    const { uri = '', idx } = red.statusEntry ?? {};
    expect(await world.api.lists.flagged(uri)).toContainEqual(
      expect.objectContaining({ idx, suspended: true }),
    );
    expect(green.statusEntry?.idx).not.toBe(idx);
  });

  it('REQ-ISS-008 facts that no rule makes a level of are stored all the same, and give no status', async () => {
    const { world, desk } = suite;
    const { subject, code } = await desk.enrolled('P-1003');
    const old = [desk.pcr('old', subject, 'negative', 8 * 24)];
    expect((await desk.report('w5', old, { scheme: 'test' })).body).toMatchObject({
      state: 'done',
      added: 1,
    });
    const refused = await askFor(world, desk, code, ['none'], { scheme: 'test' });
    expect([refused.status, refused.body['code']]).toEqual([409, 'no-decision']);
  });
});

describe('what someone sees of themselves', () => {
  it('facts with their sources, decisions with their rules, and every reading by an operator: who, when, why', async () => {
    const { world, desk } = suite;
    const { subject, code } = await desk.enrolled('P-1004');
    await desk.report('r1', [desk.pcr('f1', subject, 'negative')]);
    world.now = addHours(world.now, 1);
    const reason = 'Asked by the person at the counter.';
    const read = await desk.as('approver', '/facts/read', { subject, scheme: 'health', reason });
    const fact = expect.objectContaining({ source: 'lab', type: 'pcr', fields: { result: 'negative' } });
    expect([read.status, read.body]).toEqual([200, { facts: [fact] }]);
    const { status, body } = await desk.call('/record', {}, code);
    expect([status, body]).toEqual([
      200,
      {
        subject,
        facts: [fact],
        entries: expect.arrayContaining([
          {
            at: '2026-09-07T09:20:30Z',
            kind: 'facts-read',
            by: await operatorRef('approver'),
            approvedBy: null,
            reason,
            about: 'health',
          },
          expect.objectContaining({ kind: 'enrolled', by: await operatorRef('clerk') }),
        ]),
        decisions: [
          expect.objectContaining({
            scheme: 'health',
            level: 'green',
            rule: 'clear@1',
            mode: 'automatic',
            decidedAt: '2026-09-07T08:20:30Z',
          }),
        ],
      },
    ]);
  });

  it('no entry, no reading: when the journal cannot be written, nothing is opened', async () => {
    const { world, desk } = suite;
    const { subject } = await desk.enrolled('P-1005');
    await desk.report('r2', [desk.pcr('f1', subject, 'negative')]);
    let opened = 0;
    world.api = {
      ...world.api,
      journal: { ...world.api.journal, append: () => Promise.reject(new Error('no journal')) },
      sealer: {
        ...world.api.sealer,
        open: (sealed, context) => {
          opened++;
          return world.api.sealer.open(sealed, context);
        },
      },
    };
    const request = { subject, scheme: 'health', reason: 'Asked by the person.' };
    expect((await desk.as('approver', '/facts/read', request)).status).toBe(500);
    expect(opened).toBe(0);
  });
});

describe('a revocation', () => {
  it('tells until when what has no list entry is still accepted', async () => {
    const { world, desk } = suite;
    const schemes = world.publication.schemes;
    const { health } = schemes;
    if (health === undefined) throw new TypeError('no scheme');
    const short = { ...health, longestValidityHours: 6 };
    world.publication = { ...world.publication, schemes: { ...schemes, health: short } };
    const { code } = await desk.enrolled('P-1006');
    expect((await askFor(world, desk, code, ['ld'], { format: 'ldp_vc' })).status).toBe(200);
    const { body } = await desk.call('/revocations', {}, code);
    expect(body).toEqual({ revoked: 0, unlistedUntil: expect.stringMatching(/^2026-09-07T1[234]:00:00Z$/) });
  });

  it('ends every code of the person, also while a batch is being minted', async () => {
    const { world, desk } = suite;
    const [old, fresh] = [await desk.enrolled('P-1007'), await desk.enrolled('P-1007')];
    const whole = world.api;
    let revoked = 0;
    world.api = {
      ...whole,
      mints: {
        ...whole.mints,
        record: async (id, mint) => {
          world.api = whole;
          revoked = (await desk.call('/revocations', {}, fresh.code)).status;
          await whole.mints.record(id, mint);
        },
      },
    };
    const answer = await askFor(world, desk, old.code, ['slow']);
    expect([revoked, answer.status, answer.text]).toEqual([200, 401, expect.not.stringContaining('eyJ')]);
    for (const { code } of [old, fresh]) expect((await desk.call('/revocations', {}, code)).status).toBe(401);
    const renewed = await desk.enrolled('P-1007');
    expect((await askFor(world, desk, renewed.code, ['again'])).status).toBe(200);
  });
});
