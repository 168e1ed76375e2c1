import { parseSdJwt } from '@symbolon/credential/sd-jwt/parse';
import { parseReceipt } from '@symbolon/log/receipt';
import { addHours, formatInstant } from '@symbolon/protocol/instant';
import { describe, expect, it } from 'vitest';
import type { Answer, IssuerDesk } from '../testing/issuer-desk.ts';
import { operatorRef } from '../testing/issuer-people.ts';
import { issuerSuite } from '../testing/issuer-suite.ts';
import { askFor, claimsOf } from '../testing/wallet-requests.ts';

const suite = issuerSuite();

const levelIn = (answer: Answer) => claimsOf(answer).level;
const merged = async (desk: IssuerDesk, from: string, into: string) => {
  const pair = { from, into, reason: 'One person with two passports.' };
  const approval = await desk.signed('approver', 'mergeApproval', pair);
  return desk.as('clerk', '/subjects/merge', { ...pair, approval });
};

describe('two subjects that are one person', () => {
  it('are merged: the stricter status holds, both wallets go on, and the record tells who merged them and why', async () => {
    const { world, desk } = suite;
    const [first, second] = [await desk.enrolled('P-2001'), await desk.enrolled('P-2002')];
    await desk.report('m1', [
      desk.pcr('f1', first.subject, 'negative'),
      desk.pcr('f1', second.subject, 'positive'),
    ]);
    const pair = { from: second.subject, into: first.subject, reason: 'One person with two passports.' };
    const alone = await desk.as('clerk', '/subjects/merge', pair);
    expect(alone.body['code']).toBe('approval-required');
    const answer = await merged(desk, second.subject, first.subject);
    expect([answer.status, answer.body]).toEqual([200, { subject: first.subject }]);
    // Said again it changes nothing.
    const stored = await world.dump();
    expect((await merged(desk, second.subject, first.subject)).status).toBe(200);
    expect(await world.dump()).toEqual(stored);
    for (const { code } of [first, second])
      expect(levelIn(await askFor(world, desk, code, [`merged ${code}`]))).toBe('red');
    const { body } = await desk.call('/record', {}, second.code);
    expect(body).toMatchObject({
      subject: first.subject,
      entries: expect.arrayContaining([
        expect.objectContaining({
          kind: 'merged',
          about: second.subject,
          reason: 'One person with two passports.',
          by: await operatorRef('clerk'),
          approvedBy: (await operatorRef('approver')).kid,
        }),
      ]),
    });
    expect((body['facts'] as object[]).length).toBe(2);
    expect(world.record.lines.map(({ event }) => event)).toContain('subjects.merged');
  });
});

describe('a guardian', () => {
  it('asks for a dependant until the time is over, or the right is taken back', async () => {
    const { world, desk } = suite;
    const [parent, child] = [await desk.enrolled('P-2003'), await desk.enrolled('P-2004')];
    await desk.report('g1', [desk.pcr('f1', child.subject, 'positive')]);
    const right = {
      dependant: child.subject,
      guardian: parent.subject,
      reason: 'Mother of the child.',
    };
    const until = formatInstant(addHours(world.now, 24));
    const appointed = await desk.as('clerk', '/guardians', { ...right, until });
    expect([appointed.status, appointed.body]).toEqual([200, { dependant: child.subject, until }]);
    const ask = (key: string) => askFor(world, desk, parent.code, [key], { for: child.subject });
    expect(levelIn(await ask('child'))).toBe('red');
    expect(levelIn(await askFor(world, desk, parent.code, ['parent']))).toBe('green');

    world.now = addHours(world.now, 24);
    expect((await ask('too late')).body['code']).toBe('forbidden');
    const later = formatInstant(addHours(world.now, 24));
    await desk.as('clerk', '/guardians', { ...right, until: later });
    expect((await ask('in time')).status).toBe(200);
    await desk.as('clerk', '/guardians', { ...right, until: null });
    expect((await ask('dismissed')).body['code']).toBe('forbidden');
    const { body } = await desk.call('/record', {}, child.code);
    const kinds = (body['entries'] as { kind: string }[]).map(({ kind }) => kind);
    expect(kinds.toSorted()).toEqual([
      'code-given',
      'enrolled',
      'guardian-added',
      'guardian-added',
      'guardian-removed',
    ]);
  });

  it('goes on with the handle that was given out when the dependant is merged into another subject', async () => {
    const { world, desk } = suite;
    const [parent, child, same] = [
      await desk.enrolled('P-2005'),
      await desk.enrolled('P-2006'),
      await desk.enrolled('P-2007'),
    ];
    const until = formatInstant(addHours(world.now, 24));
    const right = { dependant: child.subject, guardian: parent.subject, until };
    await desk.as('clerk', '/guardians', { ...right, reason: 'Mother of the child.' });
    await desk.report('g2', [desk.pcr('f1', same.subject, 'positive')]);
    await merged(desk, child.subject, same.subject);
    const answer = await askFor(world, desk, parent.code, ['after'], { for: child.subject });
    expect([answer.status, levelIn(answer)]).toEqual([200, 'red']);
  });
});

describe('a lost phone', () => {
  it('ends the codes of everyone who was merged into the person, and finishes a merge that broke off before', async () => {
    const { world, desk } = suite;
    const [old, same] = [await desk.enrolled('P-2101'), await desk.enrolled('P-2102')];
    expect((await askFor(world, desk, old.code, ['old'])).status).toBe(200);
    const whole = world.api;
    const record = () => Promise.reject(new Error('the process is gone'));
    world.api = { ...whole, mints: { ...whole.mints, record } };
    expect((await merged(desk, old.subject, same.subject)).status).toBe(500);
    world.api = whole;
    expect((await desk.call('/revocations', {}, same.code)).body).toMatchObject({ revoked: 1 });
    for (const { code } of [old, same]) expect((await desk.call('/record', {}, code)).status).toBe(401);
    const { code } = await desk.enrolled('P-2101');
    const { body } = await desk.call('/record', {}, code);
    expect((body['entries'] as { kind: string }[]).map(({ kind }) => kind)).toContain('credentials-revoked');
    // What was minted under the other subject is ended under this one.
    const mints = await world.api.mints.living(same.subject, undefined, world.now);
    for (const entry of mints.flatMap(({ entries }) => entries))
      expect(await world.api.lists.flags(entry)).toMatchObject({ revoked: true });
    expect(mints).toHaveLength(1);
  });

  it("of a guardian: the dependant's credentials are ended, and not its codes, by whoever may ask for it", async () => {
    const { world, desk } = suite;
    const [parent, child] = [await desk.enrolled('P-2103'), await desk.enrolled('P-2104')];
    const ends = () => desk.call('/revocations', { for: child.subject }, parent.code);
    expect((await ends()).body['code']).toBe('forbidden');
    const until = formatInstant(addHours(world.now, 24));
    const right = { dependant: child.subject, guardian: parent.subject, until, reason: 'Their mother.' };
    await desk.as('clerk', '/guardians', right);
    expect((await askFor(world, desk, parent.code, ['c'], { for: child.subject })).status).toBe(200);
    expect((await ends()).body).toMatchObject({ revoked: 1 });
    for (const { code } of [parent, child]) expect((await desk.call('/record', {}, code)).status).toBe(200);
    const { body } = await desk.call('/record', {}, child.code);
    expect((body['entries'] as { kind: string }[]).map(({ kind }) => kind)).toContain('credentials-revoked');
  });
});

describe('what is printed', () => {
  it.each(['\u674e', 'L.W.', 'A. M.', 'J-P', 'abcd', 'e\u0301A', '\u0915\u0940.\u0916'])(
    'initials: %s are some',
    async (initials) => {
      const { desk } = suite;
      const { subject } = await desk.enrolled('P-2105');
      expect((await desk.as('clerk', '/cards', { subject, scheme: 'health', initials })).status).toBe(201);
    },
  );

  it.each(['', '.', '\u0301A', 'abcde', '\u202eAB', '<b>', 'A1', 'A\u00a0B', 'A\ud800', 'A . . . .B', 'A\n'])(
    'REQ-ISS-001 initials: %j are none',
    async (initials) => {
      const { desk } = suite;
      const { subject } = await desk.enrolled('P-2105');
      const answer = await desk.as('clerk', '/cards', { subject, scheme: 'health', initials });
      expect([answer.status, answer.body['code']]).toEqual([400, 'request-malformed']);
    },
  );

  it.each(['javascript:alert(1)', 'https://a.example@b.example/', 'urn:Road:1', 'https://x.example/\ud800'])(
    'REQ-ISS-001 an asset is not called %j',
    async (asset) => {
      const answer = await suite.desk.as('clerk', '/assets', { asset });
      expect([answer.status, answer.body]).toMatchObject([400, { code: 'request-malformed', path: 'asset' }]);
    },
  );
});

describe('without a phone', () => {
  it("a person gets a card with initials and no holder key, which is in the person's record", async () => {
    const { world, desk } = suite;
    const { subject, code } = await desk.enrolled('P-2008');
    const answer = await desk.as('clerk', '/cards', { subject, scheme: 'health', initials: 'L.W.' });
    expect([answer.status, answer.body['format']]).toEqual([201, 'dc+sd-jwt']);
    const card = parseSdJwt(String(answer.body['credential']));
    expect(card.claims).toMatchObject({ bearer: true, level: 'green' });
    expect([card.claims.holderKey, card.details?.['initials']]).toEqual([undefined, 'L.W.']);
    // REQ-LOG-022
    const { leaf } = parseReceipt(String(answer.body['receipt']));
    expect(leaf).toMatchObject({ scheme: 'health', level: 'green', rule: card.claims.rule });
    const { body } = await desk.call('/record', {}, code);
    expect((body['entries'] as { kind: string }[]).map(({ kind }) => kind)).toContain('card-printed');
    expect(world.record.lines.map(({ event }) => event)).toContain('card.minted');
    // It ends with the rest.
    expect((await desk.call('/revocations', {}, code)).body['revoked']).toBe(1);
  });

  it('a section of road gets a label that names it, by what its sensors tell', async () => {
    const { world, desk } = suite;
    const asset = 'urn:example:road:g7:117';
    const { subject } = (await desk.as('clerk', '/assets', { asset })).body;
    expect((await desk.as('clerk', '/assets', { asset })).body).toEqual({ subject });
    const reading = {
      id: 'r1',
      identifier: { kind: 'asset', value: asset },
      type: 'reading',
      at: world.now,
      fields: { surface: 'wet', waterMillimetres: 200 },
    };
    const batch = await desk.batch('road-sensors', 's1', [reading], { scheme: 'road-condition' });
    expect((await desk.as('clerk', '/facts', { batch })).body).toMatchObject({ added: 1 });
    const answer = await desk.as('clerk', '/cards', { subject, scheme: 'road-condition' });
    const label = parseSdJwt(String(answer.body['credential']));
    expect(label.claims).toMatchObject({ bearer: true, level: 'red' });
    expect(label.details?.['asset']).toBe(asset);
  });
});
