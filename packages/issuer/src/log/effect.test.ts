import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { memoryLogStore } from '@symbolon/log/memory-log';
import { checkReceipt } from '@symbolon/log/receipt';
import { SymbolonError } from '@symbolon/protocol/errors';
import { addHours, addSeconds, type Instant } from '@symbolon/protocol/instant';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Decision } from '../decisions/decision.ts';
import { runRules } from '../decisions/evaluate.ts';
import { crashTable } from '../decisions/testing/failing-ports.ts';
import { LIST, type SampleDesk, sampleDesk, suspended } from '../decisions/testing/sample-desk.ts';
import { isWorse } from '../decisions/worse.ts';
import { settleCredentials } from '../lists/settle-credentials.ts';
import type { DecisionLog } from '../ports.ts';
import type { Publication } from '../publication.ts';
import { mergeSubjects } from '../subjects/merge.ts';
import { type MemoryStores, memoryStores } from '../testing/memory-stores.ts';
import { signMergeApproval } from '../testing/sample-batch.ts';
import { type SampleLog, sampleLog } from '../testing/sample-log.ts';
import { NOW } from '../testing/sample-publication.ts';
import { Crash, crashingPorts } from '../testing/watched-ports.ts';
import { type RegionLogOptions, regionLog } from './region-log.ts';

let desk: SampleDesk;
let log: SampleLog;
let ports: MemoryStores;

beforeEach(async () => {
  desk = await sampleDesk();
  log = await sampleLog(desk.stores, desk.publication);
  ports = { ...desk.stores, decisionLog: log.decisionLog };
});

const evaluate = async (subject: string, now: Instant = NOW, by: Publication = desk.publication) =>
  (await runRules(ports, by, desk.scheme, subject, now)).decision;
const newest = async (subject: string): Promise<Decision> =>
  (await ports.decisions.newest(subject, 'health')) ?? expect.unreachable();
/** Two of three do not answer: fewer than the threshold are left. */
const witnessesDown = () => {
  for (const name of log.witnesses.slice(1)) log.down.add(name);
};
/** The same rules without these: what they gave is given no more. */
const without = (...ids: readonly string[]) =>
  desk.ruled((rules) => rules.filter(({ id }) => !ids.includes(id)));
/** Rules by which a positive test makes amber. */
const softened = () =>
  desk.ruled((rules) => rules.map((each) => (each.id === 'positive' ? { ...each, level: 'amber' } : each)));
const isRefused = { code: 'decision-unlogged' };

/** Green, in the log, with a credential that has the entry `idx`. */
async function green(subject: string, idx: number): Promise<void> {
  await desk.person(subject);
  await desk.tested(subject, 'negative', addHours(NOW, -2));
  await evaluate(subject);
  await log.round();
  await desk.minted(await newest(subject), idx);
}

/** Red by a fact that came after. */
async function turnRed(subject: string, now: Instant = NOW): Promise<void> {
  await desk.tested(subject, 'positive', addHours(NOW, -1));
  expect((await evaluate(subject, now))?.level).toBe('red');
}

describe('REQ-ISS-037 a decision that is worse takes effect when witnesses have seen it', () => {
  it('until then it suspends nothing and mints nothing; from then on it does', async () => {
    await green('anna', 1);
    witnessesDown();
    await turnRed('anna');
    const red = await newest('anna');
    expect(await log.decisionLog.isEffective(red, true)).toBe(false);
    await expect(log.decisionLog.awaitLeaf(red, true)).rejects.toMatchObject(isRefused);
    expect(await suspended(ports)).toEqual([]);
    log.down.clear();
    expect(await log.round()).toMatchObject({ settled: 1 });
    expect(await suspended(ports)).toEqual([1]);
    expect(await log.decisionLog.isEffective(red, true)).toBe(true);
    await log.decisionLog.awaitLeaf(red, true);
    // Once: it is out of the queue.
    expect(await log.round()).toMatchObject({ settled: 0 });
    expect(await ports.decisions.unwitnessed(9)).toEqual([]);
  });

  it('a favourable one takes effect with the signature of the log: witnesses are not waited for', async () => {
    witnessesDown();
    await desk.person('bea');
    await desk.tested('bea', 'negative');
    await evaluate('bea');
    await log.decisionLog.awaitLeaf(await newest('bea'), false);
    expect(await log.decisionLog.isEffective(await newest('bea'), false)).toBe(true);
    expect(await ports.decisions.unwitnessed(9)).toEqual([]);
  });

  it('an outage of the witnesses for hours turns nobody red', async () => {
    await green('anna', 1);
    witnessesDown();
    await turnRed('anna');
    for (let hour = 1; hour <= 6; hour++) {
      expect(await log.round(addHours(NOW, hour))).toMatchObject({ settled: 0 });
      // Whoever looks again changes nothing.
      await evaluate('anna', addHours(NOW, hour));
      expect(await suspended(ports)).toEqual([]);
    }
    log.down.clear();
    expect(await log.round(addHours(NOW, 7))).toMatchObject({ settled: 1 });
    expect(await suspended(ports)).toEqual([1]);
  });

  it('an outage of the witnesses keeps nobody red', async () => {
    await green('anna', 1);
    await turnRed('anna');
    await log.round();
    await desk.minted(await newest('anna'), 2);
    expect(await suspended(ports)).toEqual([1]);
    witnessesDown();
    // The rule that made them red is no rule any more.
    await evaluate('anna', addHours(NOW, 1), without('positive'));
    const back = await newest('anna');
    // The red one is gone; the green one of before had another sample, so there is a new one.
    expect(await suspended(ports)).toEqual([1, 2]);
    await log.decisionLog.awaitLeaf(back, false);
    expect([back.level, await log.decisionLog.isEffective(back, false)]).toEqual(['green', true]);
  });

  it('nor red who would be amber: what is milder than the level in effect takes effect with the signature of the log', async () => {
    await green('anna', 1);
    await turnRed('anna');
    await log.round();
    await desk.minted(await newest('anna'), 2);
    witnessesDown();
    await evaluate('anna', addHours(NOW, 1), softened());
    const amber = await newest('anna');
    expect(amber).toMatchObject({ sequence: 3, level: 'amber', milderThan: 2 });
    expect(await suspended(ports)).toEqual([1, 2]);
    await log.round(addHours(NOW, 1));
    await log.decisionLog.awaitLeaf(amber, isWorse(desk.scheme, amber));
    await desk.minted(amber, 3);
    expect(await ports.decisions.unwitnessed(9)).toEqual([]);
    // What is stricter again waits for them, and what comes after it is held against what is in effect.
    await evaluate('anna', addHours(NOW, 2));
    expect(await newest('anna')).not.toHaveProperty('milderThan');
    expect(await suspended(ports)).toEqual([1, 2]);
    await evaluate('anna', addHours(NOW, 3), softened());
    expect(await newest('anna')).not.toHaveProperty('milderThan');
    log.down.clear();
    await log.round(addHours(NOW, 4));
    expect(await suspended(ports)).toEqual([1, 2]);
  });

  it.each([
    ['green', async () => undefined],
    [
      'no level',
      async () => {
        await evaluate('anna', NOW, without('positive', 'tested'));
        await log.round();
      },
    ],
  ])('amber after a red that no witness has seen waits, as %s is in effect', async (_, before) => {
    await green('anna', 1);
    await before();
    const ended = await suspended(ports);
    witnessesDown();
    await turnRed('anna');
    await log.round();
    await evaluate('anna', addHours(NOW, 1), softened());
    const amber = await newest('anna');
    expect([amber.level, isWorse(desk.scheme, amber)]).toEqual(['amber', true]);
    expect(await suspended(ports)).toEqual(ended);
    await expect(log.decisionLog.awaitLeaf(amber, true)).rejects.toMatchObject(isRefused);
  });

  it('a status that ends waits as well, where it was favourable, and not where it was adverse', async () => {
    await green('anna', 1);
    await green('bea', 2);
    await turnRed('bea');
    await log.round();
    await desk.minted(await newest('bea'), 3);
    expect(await suspended(ports)).toEqual([2]);
    witnessesDown();
    const none = without('positive', 'tested');
    await evaluate('anna', NOW, none);
    await evaluate('bea', NOW, none);
    expect((await newest('anna')).mode).toBe('ended');
    // No level of theirs is accepted from then on, which is what bea has wanted.
    expect(await suspended(ports)).toEqual([2, 3]);
    log.down.clear();
    await log.round();
    expect((await suspended(ports)).toSorted()).toEqual([1, 2, 3]);
  });

  it('is settled by the newest decision that takes effect, whatever came meanwhile', async () => {
    await green('anna', 1);
    witnessesDown();
    await turnRed('anna');
    await log.round();
    await evaluate('anna', addHours(NOW, 1), without('positive'));
    log.down.clear();
    expect(await log.round(addHours(NOW, 2))).toMatchObject({ settled: 1 });
    expect(await suspended(ports)).toEqual([]);
    expect((await newest('anna')).level).toBe('green');
  });

  it('a red that no witness has seen, and its end, take nothing from anybody', async () => {
    await green('anna', 1);
    witnessesDown();
    await turnRed('anna');
    await log.round();
    await evaluate('anna', addHours(NOW, 1), without('positive', 'tested'));
    expect(await newest('anna')).toMatchObject({ mode: 'ended', level: 'green' });
    await log.round();
    expect(await suspended(ports)).toEqual([]);
    log.down.clear();
    await log.round();
    expect(await suspended(ports)).toEqual([1]);
    await evaluate('anna', addHours(NOW, 2), without('positive', 'tested'));
    expect(await ports.decisions.all('anna', 'health')).toHaveLength(3);
  });

  it('amber is milder as soon as witnesses have seen the red, also before that was noted', async () => {
    await green('anna', 1);
    await turnRed('anna');
    const { markEffective } = ports.decisions;
    ports.decisions.markEffective = () => Promise.reject(new SymbolonError('storage-failed'));
    await log.round().catch(() => undefined);
    ports.decisions.markEffective = markEffective;
    expect(await ports.decisions.find(await newest('anna'))).toMatchObject({ isEffective: false });
    await desk.minted(await newest('anna'), 2);
    witnessesDown();
    await evaluate('anna', addHours(NOW, 1), softened());
    expect(await newest('anna')).toMatchObject({ level: 'amber', milderThan: 2 });
    expect(await suspended(ports)).toEqual([1, 2]);
  });

  it('whoever appends it and crashes has left nothing to do but for the log', async () => {
    await green('anna', 1);
    const { sequence, ...before } = await newest('anna');
    const red = { ...before, sequence: sequence + 1, level: 'red', rule: 'positive@1' };
    await ports.decisions.append(red);
    expect(await log.round()).toMatchObject({ added: 1, settled: 1 });
    expect(await suspended(ports)).toEqual([1]);
  });

  it('while it waits, nothing is settled by the decision before it', async () => {
    await green('anna', 1);
    await turnRed('anna');
    await log.round();
    const { sequence, ...before } = await newest('anna');
    const back = { ...before, sequence: sequence + 1, level: 'green', rule: 'tested@1' };
    const { sampledAt } = (await ports.decisions.all('anna', 'health'))[0] ?? expect.unreachable();
    // Appended, and nothing was settled by it.
    await ports.decisions.append({ ...back, ...(sampledAt !== undefined && { sampledAt }) });
    expect(await suspended(ports)).toEqual([1]);
    witnessesDown();
    expect((await evaluate('anna'))?.level).toBe('red');
    expect(await suspended(ports)).toEqual([1]);
  });

  it('of two who settle at once, one by a decision that is the newest no more, the newer effect has the last word', async () => {
    await green('anna', 1);
    const before = await newest('anna');
    // Something left it suspended, and whoever settles by the green decision restores it.
    const entry = { idx: 1, uri: LIST };
    await ports.lists.flag(entry, 'suspend', addHours(NOW, 24));
    witnessesDown();
    const red = { ...before, sequence: before.sequence + 1, level: 'red', rule: 'positive@1' };
    const { flag } = ports.lists;
    let settled: number | undefined;
    ports.lists.flag = async (...change) => {
      ports.lists.flag = flag;
      await ports.decisions.append(red);
      await log.round();
      log.down.clear();
      settled = (await log.round()).settled;
      await flag(...change);
    };
    await settleCredentials(ports, desk.scheme, before, NOW);
    expect(settled).toBe(1);
    expect(await suspended(ports)).toEqual([1]);
  });

  it('one person who fails keeps nobody else from it', async () => {
    await green('anna', 1);
    const red = { ...(await newest('anna')), sequence: 1, level: 'red', rule: 'positive@1' };
    // Of a subject that nobody enrolled.
    await ports.decisions.append({ ...red, subject: 'nobody' });
    await turnRed('anna');
    expect(await log.round()).toMatchObject({ added: 2, settled: 1 });
    expect(await suspended(ports)).toEqual([1]);
  });

  it('a scheme that the registry dropped keeps nothing waiting', async () => {
    await green('anna', 1);
    await turnRed('anna');
    const dropped = { ...desk.publication, schemes: {}, ruleSets: {} };
    expect(await log.round(addSeconds(NOW, 1), dropped)).toMatchObject({ settled: 1 });
    expect(await ports.decisions.unwitnessed(9)).toEqual([]);
    expect(await suspended(ports)).toEqual([1]);
  });

  it('crash table: whatever call fails, before or after it took effect, comes to the same end', async () => {
    const setUp = async () => {
      await green('anna', 1);
      return ports;
    };
    const { expected, outcomes } = await crashTable(
      async () => {
        desk = await sampleDesk();
        log = await sampleLog(desk.stores, desk.publication);
        ports = { ...desk.stores, decisionLog: log.decisionLog };
        await setUp();
        await desk.tested('anna', 'positive', addHours(NOW, -1));
        return desk.stores;
      },
      async (stores, attempt) => {
        const failing = await attempt(async (each) => each);
        const region = await sampleLog({ ...memoryStores(), ...failing }, desk.publication);
        const all = { ...failing, decisionLog: region.decisionLog };
        await attempt(() => runRules(all, desk.publication, desk.scheme, 'anna', NOW));
        await attempt(() => region.round());
        await attempt(() => region.round());
        return {
          suspended: await suspended(stores),
          waiting: [await stores.decisions.pending(9), await stores.decisions.unwitnessed(9)],
          levels: (await stores.decisions.all('anna', 'health')).map(({ level }) => level),
        };
      },
    );
    expect(expected).toEqual({ suspended: [1], waiting: [[], []], levels: ['green', 'red'] });
    expect(outcomes.length).toBeGreaterThan(40);
    for (const outcome of outcomes) expect(outcome).toEqual(expected);
  });
});

describe('REQ-ISS-037 an effect that was had stays', () => {
  /** Red for long, and with credentials of both levels: 1 green, 2 red. */
  const longRed = async () => {
    await green('anna', 1);
    await turnRed('anna');
    await log.round();
    await desk.minted(await newest('anna'), 2);
    expect(await suspended(ports)).toEqual([1]);
  };
  /** The log as another process sees it, by another word of the registry or through a storage of its own. */
  const seenBy = (more: Partial<RegionLogOptions>): DecisionLog =>
    regionLog({
      decisions: ports.decisions,
      store: log.stores.public,
      trust: log.trust,
      pause: async () => undefined,
      pauses: 0,
      ...more,
    });
  const unreadable = { read: () => Promise.reject(new SymbolonError('storage-failed')) };
  const others = async () => {
    const { trust } = await sampleLog(memoryStores(), desk.publication, undefined, 'log.symbolon.test/cn-sh');
    return trust;
  };

  it.each<[string, () => Promise<Partial<RegionLogOptions>> | Partial<RegionLogOptions>]>([
    ['the files of the log cannot be read', () => ({ store: unreadable })],
    ['the log has lost its files', () => ({ store: memoryLogStore() })],
    ['the federation names other witnesses', () => ({ trust: { ...log.trust, witnesses: [] } })],
    ['the federation asks for more witnesses', () => ({ trust: { ...log.trust, threshold: 4 } })],
    ['the log has another key', () => ({ trust: { ...log.trust, keys: [] } })],
    ['the region logs in another place', async () => ({ trust: await others() })],
  ])('when %s', async (_, change) => {
    await longRed();
    const decisionLog = seenBy(await change());
    expect(await decisionLog.isEffective(await newest('anna'), true)).toBe(true);
    ports = { ...ports, decisionLog };
    for (const hour of [1, 2, 3]) {
      expect((await evaluate('anna', addHours(NOW, hour)))?.level).toBe('red');
      expect(await suspended(ports)).toEqual([1]);
    }
  });

  it('one that was not had yet is not had by a log that cannot be read: whoever looks is told, and nothing changes', async () => {
    await green('anna', 1);
    witnessesDown();
    await turnRed('anna');
    await log.round();
    const before = ports;
    ports = { ...ports, decisionLog: seenBy({ store: unreadable }) };
    await expect(evaluate('anna', addHours(NOW, 1))).rejects.toMatchObject({ code: 'storage-failed' });
    expect(await suspended(ports)).toEqual([]);
    ports = before;
    log.down.clear();
    expect(await log.round()).toMatchObject({ settled: 1 });
    expect(await suspended(ports)).toEqual([1]);
  });

  it('when a federation begins a log, whoever was red before it stays so', async () => {
    ports = desk.stores;
    await desk.person('anna');
    await desk.tested('anna', 'negative', addHours(NOW, -2));
    await evaluate('anna');
    await desk.minted(await newest('anna'), 1);
    await turnRed('anna');
    await desk.minted(await newest('anna'), 2);
    expect(await suspended(ports)).toEqual([1]);
    ports = { ...desk.stores, decisionLog: log.decisionLog };
    witnessesDown();
    for (const hour of [1, 2]) {
      await evaluate('anna', addHours(NOW, hour));
      await log.round(addHours(NOW, hour));
      expect(await suspended(ports)).toEqual([1]);
    }
    log.down.clear();
    expect(await log.round(addHours(NOW, 3))).toMatchObject({ settled: 1 });
    expect(await suspended(ports)).toEqual([1]);
    expect(await ports.decisions.find(await newest('anna'))).toMatchObject({ isEffective: true });
  });

  it('in another log its place is none: it gets a leaf there before anything is minted, and is not settled anew', async () => {
    await longRed();
    const red = await newest('anna');
    await green('bea', 3);
    const [old] = [(await ports.decisions.find(red))?.place?.origin];
    const next = await sampleLog(
      desk.stores,
      desk.publication,
      insecureRandomFromSeed('next'),
      'log.symbolon.test/next',
    );
    // Others have filled the new log further than the old place.
    for (let i = 0; i < 9; i++) await ports.decisions.append({ ...red, subject: `other ${i}`, sequence: 1 });
    await next.round();
    for (const name of next.witnesses) next.down.add(name);
    for (const decision of [red, await newest('bea')]) {
      await expect(next.decisionLog.receiptOf(decision)).rejects.toMatchObject(isRefused);
      expect(await next.decisionLog.isEffective(decision, false)).toBe(decision === red);
      // By the log's signature alone: witnesses have seen the red one before.
      await next.decisionLog.awaitLeaf(decision, decision === red);
      const receipt = await next.decisionLog.receiptOf(decision);
      await expect(checkReceipt(receipt, next.trust, false)).resolves.toBeDefined();
      expect((await ports.decisions.find(decision))?.place?.origin).toBe('log.symbolon.test/next');
    }
    expect(old).toBe(log.trust.origin);
    ports = { ...ports, decisionLog: next.decisionLog };
    await evaluate('anna', addHours(NOW, 1));
    expect(await suspended(ports)).toEqual([1]);
  });

  it('a worse one that waited for the witnesses of a log that was left waits for those of the next', async () => {
    await green('anna', 1);
    for (const i of [1, 2, 3]) await desk.person(`other ${i}`);
    witnessesDown();
    await turnRed('anna');
    await log.round();
    const red = await newest('anna');
    const next = await sampleLog(
      desk.stores,
      desk.publication,
      insecureRandomFromSeed('next'),
      'log.symbolon.test/next',
    );
    for (let i = 0; i < 9; i++) await ports.decisions.append({ ...red, subject: `one ${i}`, sequence: 1 });
    // The new log is longer than its place in the old one, and witnesses have seen all of it.
    await next.round();
    expect(await next.decisionLog.isEffective(red, true)).toBe(false);
    expect(await suspended(ports)).toEqual([]);
    await next.decisionLog.awaitLeaf(red, true);
    expect(await suspended(ports)).toEqual([1]);
    const reds = (await next.leaves()).filter((leaf) => leaf.kind === 'decision' && leaf.level === 'red');
    expect(reds).toHaveLength(10);
  });
});

describe('REQ-ISS-037 after a merge', () => {
  const merge = async (from: string, into: string, by: Publication = desk.publication) => {
    const approval = await signMergeApproval(desk.operators.approver, { from, into }, NOW);
    const { ref } = desk.operators.clerk;
    return mergeSubjects(ports, by, { from, into, approval }, ref, 'The same birth record.', NOW);
  };
  const mergedLeaves = async () =>
    (await log.leaves()).filter((leaf) => leaf.kind === 'decision' && leaf.mode === 'merged').length;
  /** Red, as witnesses have seen. */
  const red = async (subject: string) => {
    await desk.person(subject);
    await turnRed(subject);
    await log.round();
  };

  it('what was decided about the one that is merged away settles the one that stays, by its own decision', async () => {
    await green('anna', 1);
    witnessesDown();
    await turnRed('anna');
    await log.round();
    // Rules that do not know the test: the union is green.
    await desk.person('bea');
    const profile = (await ports.subjects.profile('anna')) ?? expect.unreachable();
    await ports.subjects.putProfile({ ...profile, version: 2, mergedInto: 'bea' });
    const [first] = await ports.decisions.all('anna', 'health');
    await ports.decisions.append({ ...(first ?? expect.unreachable()), subject: 'bea' });
    for (const { id, ...mint } of await ports.mints.living('anna', 'health', NOW))
      await ports.mints.record(id, { ...mint, subject: 'bea', decision: 0 });
    log.down.clear();
    expect(await log.round()).toMatchObject({ settled: 1 });
    expect(await suspended(ports)).toEqual([]);
  });

  it('a status that came with it, and that no rule holds up, ends by a decision of its own', async () => {
    await green('anna', 1);
    await desk.person('bea');
    witnessesDown();
    await merge('anna', 'bea', without('tested'));
    expect(await newest('bea')).toMatchObject({
      sequence: 1,
      mode: 'ended',
      level: 'green',
      rule: 'tested@1',
    });
    expect(await suspended(ports)).toEqual([]);
    await evaluate('bea', addHours(NOW, 1), without('tested'));
    expect(await suspended(ports)).toEqual([]);
    log.down.clear();
    await log.round();
    expect(await suspended(ports)).toEqual([1]);
    await evaluate('bea', addHours(NOW, 2), without('tested'));
    expect(await ports.decisions.all('bea', 'health')).toHaveLength(1);
  });

  it('whoever is merged into a red one is turned red by a leaf of its own, that witnesses have seen', async () => {
    await red('bea');
    const people = ['anna', 'carl', 'dora'];
    for (const [i, each] of people.entries()) await green(each, i + 1);
    witnessesDown();
    for (const each of people) await merge(each, 'bea');
    await log.round();
    expect(await suspended(ports)).toEqual([]);
    // One for each, all in the same second; a second run and another look add none.
    for (const each of people) await merge(each, 'bea');
    for (const hour of [1, 2]) await evaluate('bea', addHours(NOW, hour));
    expect(await mergedLeaves()).toBe(3);
    // Nor by something milder, which witnesses would not have to see if it were about bea alone.
    await evaluate('bea', addHours(NOW, 3), softened());
    expect((await newest('bea')).level).toBe('amber');
    expect(await suspended(ports)).toEqual([]);
    log.down.clear();
    await log.round();
    expect((await suspended(ports)).toSorted()).toEqual([1, 2, 3]);
  });

  it('also where the red about the one that is merged away waits, or where no rule holds any more', async () => {
    await red('bea');
    await green('anna', 1);
    witnessesDown();
    await turnRed('anna');
    await merge('anna', 'bea');
    await log.round();
    expect(await suspended(ports)).toEqual([]);
    await evaluate('bea', addHours(NOW, 1), without('positive', 'tested'));
    await log.round();
    expect(await suspended(ports)).toEqual([]);
    log.down.clear();
    await log.round();
    expect(await suspended(ports)).toEqual([1]);
  });

  it('where nobody is milder, nothing more is decided', async () => {
    await red('anna');
    await red('bea');
    await merge('anna', 'bea');
    expect(await ports.decisions.all('bea', 'health')).toHaveLength(1);
  });

  it('whoever looked just before settles nothing that came with it', async () => {
    await red('bea');
    await green('anna', 1);
    witnessesDown();
    const before = await newest('bea');
    const { living } = ports.mints;
    ports.mints.living = async (...asked) => {
      ports.mints.living = living;
      await merge('anna', 'bea');
      return living(...asked);
    };
    await settleCredentials(ports, desk.scheme, before, NOW);
    expect(await suspended(ports)).toEqual([]);
  });

  it.each([
    ['before', NOW],
    ['long before', addHours(NOW, -9)],
  ])('a status that came to one whose status had ended %s ends by a decision of its own', async (_, then) => {
    await desk.person('bea');
    await desk.tested('bea', 'negative', addHours(NOW, -10));
    await evaluate('bea', then);
    await evaluate('bea', then, without('tested'));
    expect((await newest('bea')).mode).toBe('ended');
    await log.round();
    await green('anna', 1);
    witnessesDown();
    await merge('anna', 'bea', without('tested'));
    await log.round();
    expect(await suspended(ports)).toEqual([]);
    expect(await newest('bea')).toMatchObject({ mode: 'ended', level: 'green', decidedAt: NOW });
    const { length } = await ports.decisions.all('bea', 'health');
    for (const hour of [1, 2]) await evaluate('bea', addHours(NOW, hour), without('tested'));
    expect(await ports.decisions.all('bea', 'health')).toHaveLength(length);
    expect(await suspended(ports)).toEqual([]);
    log.down.clear();
    await log.round();
    expect(await suspended(ports)).toEqual([1]);
  });

  it('also one whose end no witness has seen', async () => {
    await red('bea');
    await evaluate('bea', NOW, without('positive'));
    expect((await newest('bea')).mode).toBe('ended');
    await green('anna', 1);
    witnessesDown();
    await evaluate('anna', NOW, without('tested'));
    await merge('anna', 'bea', without('tested', 'positive'));
    await log.round();
    expect(await suspended(ports)).toEqual([]);
    log.down.clear();
    await log.round();
    expect(await suspended(ports)).toEqual([1]);
  });

  it.each(['before', 'after'] as const)(
    'crash table: a merge into a red one that dies %s any call has one leaf in the end, and no effect until then',
    async (when) => {
      for (let at = 1; ; at++) {
        desk = await sampleDesk();
        log = await sampleLog(desk.stores, desk.publication);
        const whole = { ...desk.stores, decisionLog: log.decisionLog };
        ports = whole;
        await red('bea');
        await green('anna', 1);
        witnessesDown();
        const dying = crashingPorts(whole, at, when);
        ports = dying.ports;
        await merge('anna', 'bea').catch((error) => expect(error).toBeInstanceOf(Crash));
        ports = whole;
        expect(await suspended(ports)).toEqual([]);
        await merge('anna', 'bea');
        await log.round();
        expect(await suspended(ports)).toEqual([]);
        expect(await mergedLeaves()).toBe(1);
        log.down.clear();
        await log.round();
        expect(await suspended(ports)).toEqual([1]);
        if (dying.diedAt() === undefined) break;
      }
    },
  );

  it('where nothing was ever decided, and nothing came along, nothing is decided', async () => {
    await desk.person('anna');
    await desk.person('bea');
    await merge('anna', 'bea');
    expect(await ports.decisions.newest('bea', 'health')).toBeUndefined();
  });

  it('a stricter status that came with it restores nothing of the one that it came with while it waits', async () => {
    await green('anna', 1);
    await turnRed('anna');
    await log.round();
    await desk.minted(await newest('anna'), 2);
    expect(await suspended(ports)).toEqual([1]);
    await desk.person('bea');
    await desk.tested('bea', 'negative', addHours(NOW, -2));
    await evaluate('bea');
    await log.round();
    witnessesDown();
    const { sequence, ...green1 } = await newest('bea');
    await ports.decisions.append({
      ...green1,
      sequence: sequence + 1,
      level: 'red',
      rule: 'positive@1',
      mode: 'merged',
    });
    for (const { id, ...mint } of await ports.mints.living('anna', 'health', NOW))
      await ports.mints.record(id, { ...mint, subject: 'bea', decision: 0 });
    await desk.tested('bea', 'positive', addHours(NOW, -1));
    await evaluate('bea');
    // Neither was the red one of anna suspended by the green decision about bea.
    expect(await suspended(ports)).toEqual([1]);
  });
});

describe('whoever waits for a leaf', () => {
  it('looks so many times, and pauses in between', async () => {
    await desk.person('anna');
    await desk.tested('anna', 'negative');
    await evaluate('anna');
    let paused = 0;
    const waiting = (until: number) =>
      regionLog({
        decisions: ports.decisions,
        store: log.stores.public,
        trust: log.trust,
        pause: async () => {
          if (++paused === until) await log.round();
        },
        pauses: 3,
      });
    await expect(waiting(0).awaitLeaf(await newest('anna'), false)).rejects.toMatchObject(isRefused);
    expect(paused).toBe(3);
    paused = 0;
    await waiting(2).awaitLeaf(await newest('anna'), false);
    expect(paused).toBe(2);
  });
});
