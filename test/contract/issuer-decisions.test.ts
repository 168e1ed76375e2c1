import type { BurstRecord } from '@symbolon/issuer/burst-record';
import type { Decision } from '@symbolon/issuer/decision';
import type { ProposalRecord } from '@symbolon/issuer/proposal-record';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADAPTERS, at, LATER, NOW, type Started, together } from './issuer-adapters.ts';

const decision = (subject: string, sequence: number, change: Partial<Decision> = {}): Decision => ({
  subject,
  scheme: 'health',
  sequence,
  level: 'green',
  rule: 'no-risk@1',
  authority: 'cdc',
  evidence: 'none',
  mode: 'automatic',
  decidedAt: at(sequence),
  ...change,
});

const proposal = (id: string, change: Partial<ProposalRecord> = {}): ProposalRecord => ({
  id,
  subject: 's1',
  scheme: 'health',
  rule: 'close-contact@2',
  authority: 'cdc',
  proposedBy: 'operator-01',
  proposedAt: NOW,
  lapsesAt: LATER,
  until: LATER,
  state: 'open',
  sealed: 'sealed',
  ...change,
});

/** Where a leaf is. */
const place = (index: number, origin = 'log.test/a') => ({ origin, index, salt: `salt-${index}` });

const burst = (cause: string, hour: number, change: Partial<BurstRecord> = {}): BurstRecord => ({
  id: `health/${cause}/${hour}`,
  scheme: 'health',
  cause,
  heldAt: at(hour),
  lapsesAt: LATER,
  state: 'held',
  ...change,
});

describe.each(ADAPTERS)("the issuer's stores of decisions in %s", (_, start) => {
  let started: Started;
  beforeAll(async () => {
    started = await start();
  });
  afterAll(() => started.stop());
  const stores = () => started.stores;

  it('REQ-ISS-014 of 50 decisions at the same place one is stored, and the newest is the current one', async () => {
    const { decisions } = stores();
    expect(await decisions.newest('a', 'health')).toBeUndefined();
    const kept: Decision[] = [];
    for (let sequence = 1; sequence <= 12; sequence++) {
      const tried = Array.from({ length: sequence === 1 ? 50 : 3 }, (_each, i) =>
        decision('a', sequence, { level: `level-${i}` }),
      );
      const appended = await Promise.all(tried.map((each) => decisions.append(each)));
      expect(appended.filter(Boolean)).toHaveLength(1);
      kept.push(...tried.filter((_each, i) => appended[i]));
    }
    expect(await decisions.newest('a', 'health')).toEqual(kept.at(-1));
    expect(await decisions.all('a', 'health')).toEqual(kept);
    expect(await decisions.newest('a', 'test')).toBeUndefined();
    expect(await decisions.all('b', 'health')).toEqual([]);
  });

  it('REQ-ISS-014 a decision comes back with everything that it says, and is not rewritten', async () => {
    const { decisions } = stores();
    const manual = decision('full', 1, {
      mode: 'manual',
      sampledAt: at(-60),
      approvers: ['operator-01', 'operator-02'],
      proposal: 'proposal-1',
      until: LATER,
      milderThan: 7,
      mergedFrom: 'subject-2',
    });
    expect(await decisions.append(manual)).toBe(true);
    expect(await decisions.append(decision('full', 1))).toBe(false);
    expect(await decisions.append(decision('full', 2, { mode: 'merged' }))).toBe(true);
    expect(await decisions.all('full', 'health')).toEqual([manual, decision('full', 2, { mode: 'merged' })]);
  });

  it('every decision of a subject is listed, beyond one page', async () => {
    const { decisions } = stores();
    // 150 of 9 kB are more than one page of 1 MB.
    const evidence = 'x'.repeat(9_000);
    for (let sequence = 1; sequence <= 150; sequence++)
      await decisions.append(decision('many', sequence, { evidence }));
    const all = await decisions.all('many', 'health');
    expect(all.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 150 }, (_each, i) => i + 1));
    for (const { sequence } of all)
      await decisions.markLogged({ subject: 'many', scheme: 'health', sequence }, place(sequence), false);
  });

  it('REQ-ISS-037 a decision waits for the log from its own write on, until its leaf is there', async () => {
    const { decisions } = stores();
    for (const ref of await decisions.pending(1000)) await decisions.markLogged(ref, place(0), false);
    const refs = Array.from({ length: 40 }, (_each, i) => ({ subject: `q${i}`, scheme: 'log', sequence: 1 }));
    for (const [i, { subject }] of refs.entries())
      await decisions.append(decision(subject, 1, { scheme: 'log', decidedAt: at(i) }));
    // Oldest first, and no more than asked for.
    expect(await decisions.pending(3)).toEqual(refs.slice(0, 3));
    const shown = await decisions.pending(40);
    expect(shown).toEqual(refs);
    const [first, second] = [refs[0] ?? shown[0], refs[1] ?? shown[1]];
    if (first === undefined || second === undefined) throw new Error('the queue is empty');
    expect(await decisions.find(first)).toMatchObject({ place: undefined, isEffective: false });
    await together(50, (i) => decisions.markLogged(first, place(i), false));
    const { index = -1, ...rest } = (await decisions.find(first))?.place ?? {};
    expect(place(index)).toEqual({ index, ...rest });
    // The first place stands.
    await decisions.markLogged(first, place(99), true);
    await decisions.markLogged(first, place(99, 'log.test/b'), true);
    expect((await decisions.find(first))?.place).toEqual(place(index));
    expect((await decisions.find(second))?.place).toBeUndefined();
    expect(await decisions.pending(39)).toEqual(refs.slice(1));
    for (const ref of refs) await decisions.markLogged(ref, place(7), false);
    expect(await decisions.pending(1000)).toEqual([]);
    expect(await decisions.unwitnessed(1000)).toEqual([]);
    // The decision itself is as it was.
    const logged = decision('q0', 1, { scheme: 'log', decidedAt: at(0) });
    expect(await decisions.newest('q0', 'log')).toEqual(logged);
    expect(await decisions.find(first)).toEqual({
      decision: logged,
      place: place(index),
      isEffective: false,
    });
    const { evidence } =
      (await decisions.find({ subject: 'a', scheme: 'health', sequence: 3 }))?.decision ?? {};
    expect(evidence).toBe('none');
    expect(await decisions.find({ ...first, sequence: 2 })).toBeUndefined();
  });

  it('REQ-ISS-037 a decision that is worse waits for witnesses from the write on that says where its leaf is', async () => {
    const { decisions } = stores();
    const refs = Array.from({ length: 20 }, (_each, i) => ({
      subject: `w${i}`,
      scheme: 'seen',
      sequence: 1,
    }));
    const [first, last] = [refs[0], refs.at(-1)];
    if (first === undefined || last === undefined) throw new Error('nobody waits');
    for (const [i, { subject }] of refs.entries())
      await decisions.append(decision(subject, 1, { scheme: 'seen', decidedAt: at(i) }));
    // Not logged: witnesses have nothing to see, and it goes on waiting for the log.
    await decisions.markEffective(first);
    expect(await decisions.pending(1)).toEqual([first]);
    expect((await decisions.find(first))?.isEffective).toBe(false);
    for (const [i, ref] of refs.entries()) await decisions.markLogged(ref, place(i), true);
    expect(await decisions.pending(1000)).toEqual([]);
    expect(await decisions.unwitnessed(3)).toEqual(refs.slice(0, 3));
    expect(await decisions.unwitnessed(1000)).toEqual(refs);
    expect((await decisions.find(last))?.place).toEqual(place(19));
    await together(10, () => decisions.markEffective(first));
    // It does not come back.
    await decisions.markLogged(first, place(0), true);
    expect(await decisions.unwitnessed(1000)).toEqual(refs.slice(1));
    for (const ref of refs) await decisions.markEffective(ref);
    expect(await decisions.unwitnessed(1000)).toEqual([]);
    expect(await decisions.find(first)).toMatchObject({ place: place(0), isEffective: true });
    expect((await decisions.newest('w0', 'seen'))?.subject).toBe('w0');
  });

  it('REQ-ISS-037 a decision whose leaf is in a log that its region has left waits for the log again, and keeps its effect', async () => {
    const { decisions } = stores();
    for (const ref of await decisions.pending(1000)) await decisions.markLogged(ref, place(0), false);
    const [worse, milder] = ['m0', 'm1'].map((subject, i) =>
      decision(subject, 1, { scheme: 'moved', decidedAt: at(i) }),
    );
    if (worse === undefined || milder === undefined) throw new Error('nobody moves');
    for (const each of [worse, milder]) await decisions.append(each);
    const ref = ({ subject, scheme, sequence }: typeof worse) => ({ subject, scheme, sequence });
    // In no log: there is none to leave, and it waits as it did.
    await decisions.queueAgain(worse, 'log.test/a');
    expect(await decisions.pending(9)).toEqual([ref(worse), ref(milder)]);
    await decisions.markLogged(worse, place(1), true);
    await decisions.markLogged(milder, place(2), false);
    // It is not in that one.
    await decisions.queueAgain(worse, 'log.test/b');
    expect(await decisions.find(worse)).toMatchObject({ place: place(1), isEffective: false });
    expect(await decisions.unwitnessed(9)).toEqual([ref(worse)]);
    await decisions.markEffective(worse);
    await together(10, (i) => decisions.queueAgain(i % 2 === 0 ? worse : milder, 'log.test/a'));
    expect(await decisions.pending(9)).toEqual([ref(worse), ref(milder)]);
    expect(await decisions.find(worse)).toEqual({ decision: worse, place: undefined, isEffective: true });
    expect(await decisions.find(milder)).toEqual({ decision: milder, place: undefined, isEffective: false });
    for (const each of [worse, milder]) await decisions.markLogged(each, place(7, 'log.test/b'), false);
    expect(await decisions.pending(9)).toEqual([]);
    // Whoever still believes that it is in the first one changes nothing.
    await decisions.queueAgain(worse, 'log.test/a');
    expect(await decisions.find(worse)).toMatchObject({ place: place(7, 'log.test/b'), isEffective: true });
    // One that waits for the witnesses of the log that is left does not go on waiting for those.
    await decisions.append(decision('m2', 1, { scheme: 'moved', decidedAt: at(2) }));
    const waits = { subject: 'm2', scheme: 'moved', sequence: 1 };
    await decisions.markLogged(waits, place(3), true);
    await decisions.queueAgain(decision('m2', 1, { scheme: 'moved', decidedAt: at(2) }), 'log.test/a');
    expect(await decisions.unwitnessed(9)).toEqual([]);
    expect(await decisions.pending(9)).toEqual([waits]);
    await decisions.markLogged(waits, place(8, 'log.test/b'), false);
  });

  it('REQ-ISS-014 a mark makes no decision', async () => {
    const { decisions } = stores();
    const ref = { subject: 'nobody', scheme: 'health', sequence: 1 };
    await expect(decisions.markLogged(ref, place(1), true)).rejects.toThrow();
    await decisions.markEffective(ref);
    await decisions.queueAgain(decision('nobody', 1), 'log.test/a');
    expect(await decisions.find(ref)).toBeUndefined();
    expect(await decisions.append(decision('nobody', 1))).toBe(true);
  });

  it('REQ-ISS-034 a proposal is stored once and settled by one', async () => {
    const { proposals } = stores();
    const added = await together(50, (i) => proposals.add(proposal('p1', { sealed: `sealed-${i}` })));
    expect(added.filter(Boolean)).toHaveLength(1);
    const stored = proposal('p1', { sealed: `sealed-${added.indexOf(true)}` });
    expect(await proposals.find('p1')).toEqual(stored);
    expect(await proposals.find('p0')).toBeUndefined();
    const older = proposal('p2', { proposedAt: at(-5) });
    await proposals.add(older);
    expect(await proposals.open()).toEqual([older, stored]);
    const states = ['approved', 'rejected'] as const;
    const moved = await together(50, (i) =>
      proposals.move({ ...stored, state: states[i % 2] ?? 'approved', settledBy: `operator-${i}` }, 'open'),
    );
    expect(moved.filter(Boolean)).toHaveLength(1);
    const by = moved.indexOf(true);
    expect(await proposals.find('p1')).toEqual({
      ...stored,
      state: states[by % 2],
      settledBy: `operator-${by}`,
    });
    expect(await proposals.open()).toEqual([older]);
    expect(await proposals.move(proposal('p3', { state: 'approved' }), 'open')).toBe(false);
    expect(await proposals.find('p3')).toBeUndefined();
  });

  it('REQ-ISS-030 proposals that have passed the guard wait in the order in which they did, until they are decided or held', async () => {
    const { proposals } = stores();
    for (const [id, passedAt] of [
      ['w2', at(2)],
      ['w1', at(1)],
      ['w3', at(3)],
    ] as const) {
      await proposals.add(proposal(id));
      expect(await proposals.move(proposal(id, { state: 'approved' }), 'open')).toBe(true);
      expect(await proposals.move(proposal(id, { state: 'approved', passedAt }), 'approved')).toBe(true);
    }
    const waiting = async (limit = 10) => (await proposals.passed(limit)).map(({ id }) => id);
    expect(await waiting()).toEqual(['w1', 'w2', 'w3']);
    expect(await waiting(2)).toEqual(['w1', 'w2']);
    expect(await proposals.find('w2')).toEqual(proposal('w2', { state: 'approved', passedAt: at(2) }));
    await proposals.move(proposal('w1', { state: 'decided', passedAt: at(1) }), 'approved');
    await proposals.move(proposal('w2', { state: 'approved' }), 'approved');
    expect(await waiting()).toEqual(['w3']);
    await proposals.move(proposal('w3', { state: 'withdrawn', passedAt: at(3) }), 'approved');
    expect(await waiting()).toEqual([]);
  });

  it('REQ-ISS-031 a burst begins once and is settled once; the newest of its cause is known, whatever its state', async () => {
    const { bursts } = stores();
    const cause = 'rule:close-contact@2';
    expect(await bursts.newest('health', cause)).toBeUndefined();
    const begun = await together(50, (i) => bursts.begin(burst(cause, 500_000, { heldAt: at(i) })));
    expect(new Set(begun.map(({ heldAt }) => heldAt)).size).toBe(1);
    const [first] = begun;
    if (first === undefined) throw new Error('no burst began');
    expect(await bursts.find(first.id)).toEqual(first);
    expect(await bursts.newest('health', cause)).toEqual(first);
    expect(await bursts.open()).toEqual([first]);
    const released: BurstRecord = {
      ...first,
      state: 'released',
      settledAt: LATER,
      releasedBy: ['overseer-01', 'overseer-02'],
      releasedRules: ['close-contact@2'],
    };
    const moved = await together(50, () => bursts.move(released, 'held'));
    expect(moved.filter(Boolean)).toHaveLength(1);
    expect(await bursts.open()).toEqual([]);
    expect(await bursts.newest('health', cause)).toEqual(released);
    // Another digit in its hour, and another cause that begins alike.
    const next = await bursts.begin(burst(cause, 1_000_000));
    const other = await bursts.begin(burst('rule:close-contact@22', 999_999));
    expect(await bursts.newest('health', cause)).toEqual(next);
    expect(await bursts.newest('test', cause)).toBeUndefined();
    expect(await bursts.open()).toEqual([other, next]);
    for (const id of ['health', '', 'health/rule:x@1/soon']) expect(await bursts.find(id)).toBeUndefined();
    // The burst before it, of the same cause, and that it is the first: both are kept.
    const after = burst(cause, 1_000_001, { before: next.id });
    expect(await bursts.begin(after)).toEqual(after);
    expect(await bursts.find(after.id)).toEqual(after);
    expect(await bursts.find(next.id)).not.toHaveProperty('before');
    expect(await bursts.move({ ...after, state: 'lapsed', settledAt: LATER }, 'held')).toBe(true);
    expect(await bursts.newest('health', cause)).toMatchObject({ before: next.id, state: 'lapsed' });
  });

  it('REQ-ISS-031 a burst waits for the log in each state, beside its wait for overseers', async () => {
    const { bursts } = stores();
    const waiting = async () => (await bursts.unlogged(1000)).map(({ id }) => id);
    const open = async () => (await bursts.open()).map(({ id }) => id);
    const before = await open();
    const one = await bursts.begin(burst('rule:logged@1', 600_000, { heldAt: at(600_000) }));
    const two = await bursts.begin(burst('rule:logged@2', 600_001, { heldAt: at(600_001) }));
    expect(await waiting()).toEqual(expect.arrayContaining([one.id, two.id]));
    expect(await bursts.unlogged(1)).toHaveLength(1);
    expect(await bursts.loggedState(one.id)).toBeUndefined();
    // It is in no later state than that.
    for (const state of ['released', 'lapsed'] as const)
      await expect(bursts.markLogged(one.id, state)).rejects.toThrow();
    await together(10, () => bursts.markLogged(one.id, 'held'));
    expect(await bursts.loggedState(one.id)).toBe('held');
    expect(await waiting()).not.toContain(one.id);
    expect((await open()).toSorted()).toEqual([...before, one.id, two.id].toSorted());
    // The mark outlives the next state, which waits anew; so does the one that two states came of.
    const released: BurstRecord = {
      ...one,
      state: 'released',
      settledAt: LATER,
      releasedBy: ['overseer-01', 'overseer-02'],
      releasedRules: ['logged@1'],
    };
    expect(await bursts.move(released, 'held')).toBe(true);
    expect(await bursts.move({ ...two, state: 'lapsed', settledAt: LATER }, 'held')).toBe(true);
    expect(await open()).toEqual(before);
    expect(await bursts.loggedState(one.id)).toBe('held');
    expect(await bursts.loggedState(two.id)).toBeUndefined();
    expect(await waiting()).toEqual(expect.arrayContaining([one.id, two.id]));
    for (const state of ['held', 'lapsed'] as const) await bursts.markLogged(two.id, state);
    await bursts.markLogged(one.id, 'released');
    // Said again, and late: the newest state stands.
    await bursts.markLogged(one.id, 'held');
    await bursts.markLogged(one.id, 'released');
    expect(await bursts.loggedState(one.id)).toBe('released');
    expect(await bursts.loggedState(two.id)).toBe('lapsed');
    for (const { id } of [one, two]) expect(await waiting()).not.toContain(id);
    expect(await bursts.find(one.id)).toEqual(released);
    await expect(bursts.markLogged('health/rule:none@1/1', 'held')).rejects.toThrow();
    expect(await bursts.find('health/rule:none@1/1')).toBeUndefined();
  });

  it('REQ-ISS-038 a burst has one name: an hour with zeros before it names none', async () => {
    const { bursts } = stores();
    const { id } = await bursts.begin(burst('rule:alias@1', 496_880));
    expect((await bursts.find(id))?.id).toBe(id);
    for (const hour of ['0496880', '0000496880', '496880.0', '+496880', ' 496880', '496880/'])
      expect(await bursts.find(id.replace('496880', hour))).toBeUndefined();
  });

  it.each([1, 4, 100])(
    'who is held is listed once in pages of %i; since when is what was said first',
    async (limit) => {
      const { bursts } = stores();
      const { id } = burst('authority:cdc', limit);
      const everyone = Array.from({ length: 30 }, (_each, i) => `held-${i}`);
      for (const rule of ['close-contact@2', 'place@1'])
        await together(30, (i) => bursts.hold(id, everyone[i] ?? '', rule, at(i)));
      await together(30, (i) => bursts.hold(id, everyone[i] ?? '', 'place@1', at(100 + i)));
      expect(await bursts.heldSince(id, 'held-7', 'place@1')).toBe(at(7));
      expect(await bursts.heldSince(id, 'held-7', 'place@11')).toBeUndefined();
      expect(await bursts.heldSince(id, 'nobody', 'place@1')).toBeUndefined();
      expect(await bursts.heldSince('health/authority:cdc/0', 'held-7', 'place@1')).toBeUndefined();
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const page = await bursts.subjects(id, after, limit);
        if (page.next !== undefined) expect(page.subjects).toHaveLength(limit);
        seen.push(...page.subjects);
        after = page.next;
      } while (after !== undefined);
      expect(seen.toSorted()).toEqual(everyone.toSorted());
    },
  );

  it('a rule version is released for good, and no other', async () => {
    const { bursts } = stores();
    expect(await bursts.isReleased('health', 'place@1')).toBe(false);
    await together(2, () => bursts.releaseRule('health', 'place@1'));
    expect(await bursts.isReleased('health', 'place@1')).toBe(true);
    expect(await bursts.isReleased('health', 'place@2')).toBe(false);
    expect(await bursts.isReleased('test', 'place@1')).toBe(false);
  });
});
