import { addHours, addSeconds, type Instant } from '@symbolon/protocol/instant';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Publication } from '../publication.ts';
import { mergeSubjects } from '../subjects/merge.ts';
import { NOW } from '../testing/sample-publication.ts';
import { evaluate as evaluateWith, runRules } from './evaluate.ts';
import { lapseBursts } from './lapse.ts';
import { crashTable } from './testing/failing-ports.ts';
import { type SampleDesk, sampleDesk, suspended } from './testing/sample-desk.ts';

let desk: SampleDesk;
/** Two worse decisions in an hour, three in a day. */
let publication: Publication;
const HOUR = Math.floor(NOW / 3600);
const PEOPLE = ['anna', 'bea', 'cem', 'dan', 'eva'] as const;

beforeEach(async () => {
  desk = await sampleDesk();
  publication = desk.bounded({ perHour: 2, perDay: 3, perWeek: 1000 });
  for (const each of PEOPLE) await desk.person(each);
});

const evaluate = (subject: string, now: Instant = NOW) => desk.evaluate(subject, now, publication);
const green = async (subject: string, at: Instant = addHours(NOW, -5)) => {
  await desk.tested(subject, 'negative', at);
  await evaluate(subject, at);
};
const turnsRed = async (subject: string, now: Instant = NOW) => {
  await desk.tested(subject, 'positive', now);
  return evaluate(subject, now);
};
const counted = async (key: string) => (await desk.stores.tallies.read(key)).get(HOUR) ?? 0;

describe('the burst guard holds what is more than the federation allows', () => {
  it('lets the bound pass and holds what comes after; the current decision stays', async () => {
    for (const each of PEOPLE) await green(each);
    for (const each of ['anna', 'bea'])
      expect(await turnsRed(each)).toMatchObject({ decision: { level: 'red' } });
    const { decision, held } = await turnsRed('cem');
    expect(decision).toMatchObject({ level: 'green', sequence: 1 });
    expect(held).toEqual({
      id: `health/rule:positive@1/${HOUR}`,
      scheme: 'health',
      cause: 'rule:positive@1',
      heldAt: NOW,
      lapsesAt: addHours(NOW, 24),
      state: 'held',
    });
    expect(await turnsRed('dan')).toMatchObject({ decision: { level: 'green' }, held: { id: held?.id } });
    expect(await desk.stores.bursts.subjects(held?.id ?? '', undefined, 9)).toMatchObject({
      subjects: ['cem', 'dan'],
    });
  });

  it('what a crash left undone about the current decision is finished, also when a worse one is held', async () => {
    for (const each of ['anna', 'bea']) await turnsRed(each);
    await green('cem');
    const { decision } = await evaluate('cem');
    const { entries, expiresAt } = await desk.minted({ ...decision, decidedAt: NOW }, 5);
    for (const entry of entries) await desk.stores.lists.flag(entry, 'suspend', expiresAt);
    expect((await turnsRed('cem')).held).toBeDefined();
    expect(await suspended(desk.stores)).toEqual([]);
  });

  it('REQ-ISS-008 a first decision that is held is none, and it is told that it is held', async () => {
    for (const each of ['anna', 'bea']) await turnsRed(each);
    await expect(turnsRed('cem')).rejects.toMatchObject({ code: 'no-decision' });
    const told: string[] = [];
    const tell = ({ state }: { state: string }) => void told.push(state);
    await expect(evaluateWith(desk.stores, publication, desk.scheme, 'cem', NOW, tell)).rejects.toMatchObject(
      { code: 'no-decision' },
    );
    expect(told).toEqual(['held']);
    expect(await desk.stores.decisions.newest('cem', 'health')).toBeUndefined();
    expect(await runRules(desk.stores, publication, desk.scheme, 'cem', NOW)).toMatchObject({
      decision: undefined,
      held: { state: 'held' },
      appended: false,
    });
  });

  it('REQ-ISS-008 keeps up nothing: where the ground of the old level is gone, it ends all the same', async () => {
    publication = desk.bounded({ perHour: 2, perDay: 2, perWeek: 2 });
    for (const each of ['anna', 'bea']) await turnsRed(each);
    await desk.tested('cem', 'negative', addHours(NOW, -5), 'mistaken');
    await desk.minted((await evaluate('cem')).decision, 4);
    expect(await turnsRed('cem')).toMatchObject({ decision: { level: 'green' }, held: { state: 'held' } });
    await desk.stores.facts.retract('cem', { scheme: 'health', source: 'lab', id: 'mistaken' }, NOW);
    const run = await runRules(desk.stores, publication, desk.scheme, 'cem', NOW);
    expect(run).toMatchObject({ decision: undefined, held: { state: 'held' }, appended: true });
    expect(await suspended(desk.stores)).toEqual([4]);
    // Neither does it bring back what had ended, held or lapsed.
    for (const hours of [1, 40])
      await expect(evaluate('cem', addHours(NOW, hours))).rejects.toMatchObject({ code: 'no-decision' });
    expect(await suspended(desk.stores)).toEqual([4]);
  });

  it('the rule after it decides, also a milder one than the current; a corrected place does not stay with anyone', async () => {
    const at = addHours(NOW, -20);
    const market = { type: 'riskArea', place: 'market', at, fields: { place: 'market', risk: 'high' } };
    const bounded = desk.bounded({ perHour: 1, perDay: 1, perWeek: 100 });
    const listed = (entries: readonly (typeof market)[]): Publication => ({
      ...bounded,
      placeLists: { health: { region: 'CN-BJ', scheme: 'health', entries: [...entries] } },
    });
    publication = listed([market]);
    await desk.visited('cem', 'market', addHours(NOW, -30));
    await desk.tested('cem', 'negative', addHours(NOW, -30));
    expect((await evaluate('cem', addHours(NOW, -30))).decision.level).toBe('green');
    expect((await evaluate('cem', addHours(NOW, -19))).decision.level).toBe('amber');
    await turnsRed('anna', addHours(NOW, 10));
    expect(await turnsRed('cem', addHours(NOW, 10))).toMatchObject({
      decision: { level: 'amber' },
      held: { cause: 'rule:positive@1' },
    });
    publication = listed([]);
    expect(await evaluate('cem', addHours(NOW, 11))).toMatchObject({
      decision: { level: 'green', rule: 'tested@1', sampledAt: addHours(NOW, -30) },
      held: { state: 'held' },
    });
  });

  it('what is held makes no sample look fresh', async () => {
    for (const each of ['anna', 'bea']) await turnsRed(each);
    await desk.tested('cem', 'negative', addHours(NOW, -5));
    await desk.tested('cem', 'positive', NOW);
    expect((await evaluate('cem')).decision).toMatchObject({ level: 'green', sampledAt: addHours(NOW, -5) });
  });

  it('favourable changes, the same again, and a level that stays are not counted', async () => {
    for (const each of PEOPLE) await green(each);
    await turnsRed('anna');
    await evaluate('anna');
    await desk.tested('anna', 'positive', addSeconds(NOW, 1));
    expect(await evaluate('anna', addSeconds(NOW, 1))).toMatchObject({
      decision: { sequence: 3, level: 'red' },
    });
    expect(await counted('burst:health:rule:positive@1')).toBe(1);
    expect(await counted('burst:health:authority:cdc')).toBe(1);
    expect((await desk.stores.tallies.read('burst:health:rule:tested@1')).size).toBe(0);
  });

  it('a merge keeps the stricter status without being counted', async () => {
    await turnsRed('anna');
    await turnsRed('bea');
    await green('cem');
    const profile = {
      subject: 'cem',
      version: 2,
      kind: 'person',
      absorbing: ['bea'],
      guardians: [],
    } as const;
    await desk.stores.subjects.putProfile(profile);
    expect(await evaluate('cem')).toMatchObject({ decision: { level: 'red', mode: 'automatic' } });
    expect((await desk.stores.decisions.all('cem', 'health')).map(({ mode }) => mode)).toEqual([
      'automatic',
      'merged',
      'automatic',
    ]);
    expect(await counted('burst:health:rule:positive@1')).toBe(2);
  });

  it('a released rule is neither counted nor held', async () => {
    await desk.stores.bursts.releaseRule('health', 'positive@1');
    for (const each of PEOPLE) expect(await turnsRed(each)).toMatchObject({ decision: { level: 'red' } });
    expect(await counted('burst:health:rule:positive@1')).toBe(0);
    expect(await counted('burst:health:authority:cdc')).toBe(0);
  });

  it('of writers at the threshold as many pass as may', async () => {
    for (const each of PEOPLE) {
      await green(each);
      await desk.tested(each, 'positive', NOW);
    }
    const all = await Promise.all(PEOPLE.map((each) => evaluate(each)));
    expect(all.filter(({ decision }) => decision.level === 'red')).toHaveLength(2);
    expect(new Set(all.flatMap(({ held }) => held?.id ?? []))).toEqual(
      new Set([`health/rule:positive@1/${HOUR}`]),
    );
  });

  it('two rules of one authority are counted together', async () => {
    for (const each of ['anna', 'bea']) await turnsRed(each);
    expect(await counted('burst:health:authority:cdc')).toBe(2);
    publication = desk.ruled((rules) =>
      rules.map((rule) => (rule.id === 'positive' ? { ...rule, version: 2 } : rule)),
    );
    publication = {
      ...publication,
      federation: { ...publication.federation, burst: { perHour: 2, perDay: 3, perWeek: 9 } },
    };
    await green('cem');
    expect((await turnsRed('cem')).held).toMatchObject({ cause: 'authority:cdc' });
  });

  it('the windows of a day and an hour: what is long ago does not count', async () => {
    await turnsRed('anna', addHours(NOW, -30));
    await turnsRed('bea', addHours(NOW, -3));
    await turnsRed('cem', addHours(NOW, -3));
    expect(await turnsRed('dan')).toMatchObject({ decision: { level: 'red' } });
    await green('eva');
    expect(await turnsRed('eva')).toMatchObject({ held: { state: 'held' } });
  });
});

describe('crash table of a decision that is held', () => {
  it('whatever call fails, before or after it took effect, running again holds it and changes nothing else', async () => {
    const setUp = async () => {
      desk = await sampleDesk();
      publication = desk.bounded({ perHour: 1, perDay: 1, perWeek: 1 });
      for (const each of ['anna', 'bea']) {
        await desk.person(each);
        await green(each);
      }
      await turnsRed('anna');
      await desk.tested('bea', 'positive', NOW);
      return desk.stores;
    };
    const { expected, outcomes } = await crashTable(setUp, async (stores, attempt) => {
      const run = await attempt((ports) => runRules(ports, publication, desk.scheme, 'bea', NOW));
      const [burst] = await stores.bursts.open();
      return {
        level: run.decision?.level,
        held: run.held?.id,
        burst,
        subjects: await stores.bursts.subjects(burst?.id ?? '', undefined, 9),
        decisions: stores.decisions.everything.length,
      };
    });
    expect(expected).toMatchObject({ level: 'green', held: expected.burst?.id, decisions: 3 });
    expect(expected.subjects.subjects).toEqual(['bea']);
    expect(outcomes.length).toBeGreaterThan(20);
    for (const outcome of outcomes) expect(outcome).toEqual(expected);
  });
});

describe('what nobody releases lapses', () => {
  beforeEach(async () => {
    for (const each of PEOPLE) await green(each);
    for (const each of ['anna', 'bea', 'cem']) await turnsRed(each);
  });
  const LATER = addHours(NOW, 24);

  it('after 24 hours, told once; until then it is held', async () => {
    expect(await lapseBursts(desk.stores, addSeconds(LATER, -1))).toEqual([]);
    expect(await lapseBursts(desk.stores, LATER)).toMatchObject([
      { id: `health/rule:positive@1/${HOUR}`, state: 'lapsed', settledAt: LATER },
    ]);
    expect(await lapseBursts(desk.stores, LATER)).toEqual([]);
  });

  it('the hold stays without effect, whether or not it was written down, until there is a new fact', async () => {
    expect(await evaluate('cem', LATER)).toMatchObject({
      decision: { level: 'green' },
      held: { state: 'held' },
    });
    await lapseBursts(desk.stores, LATER);
    expect(await evaluate('cem', addHours(NOW, 40))).toMatchObject({
      decision: { level: 'green' },
      held: { state: 'lapsed' },
    });
    // The two that passed are a day old by then, so a new fact passes.
    const after = addHours(NOW, 50);
    expect(await turnsRed('cem', after)).toMatchObject({ decision: { level: 'red' } });
  });

  it('REQ-ISS-032 a merge does not bring it back, nor do two; a new fact does', async () => {
    const at = addHours(NOW, 50);
    const merge = (from: string, into: string) =>
      mergeSubjects(desk.stores, publication, { from, into }, desk.operators.clerk.ref, 'one', at);
    await lapseBursts(desk.stores, LATER);
    for (const [from, into] of [
      ['cem', 'dan'],
      ['dan', 'eva'],
    ] as const) {
      await merge(from, into);
      expect(await evaluate(into, at)).toMatchObject({
        decision: { level: 'green' },
        held: { id: `health/rule:positive@1/${HOUR}`, state: 'lapsed' },
      });
    }
    expect(await turnsRed('eva', addHours(at, 1))).toMatchObject({ decision: { level: 'red' } });
  });

  it('a fact that was taken back is no new fact', async () => {
    await desk.tested('cem', 'positive', addHours(NOW, 1), 'again');
    const name = { scheme: 'health', source: 'lab', id: 'again' };
    await desk.stores.facts.retract('cem', name, addHours(NOW, 2));
    expect(await evaluate('cem', addHours(NOW, 50))).toMatchObject({ decision: { level: 'green' } });
  });

  it('with a new fact it counts anew, and is held again where there are too many', async () => {
    publication = desk.bounded({ perHour: 2, perDay: 2, perWeek: 3 });
    expect(await turnsRed('cem', LATER)).toMatchObject({
      decision: { level: 'green' },
      held: {
        id: `health/rule:positive@1/${HOUR + 24}`,
        state: 'held',
        before: `health/rule:positive@1/${HOUR}`,
      },
    });
  });

  it('someone who was not held is counted as anyone', async () => {
    expect(await turnsRed('dan', addHours(NOW, 30))).toMatchObject({ decision: { level: 'red' } });
  });

  it('a hold that lapsed stays so when a later burst of the same cause comes and goes', async () => {
    publication = desk.bounded({ perHour: 2, perDay: 2, perWeek: 3 });
    expect(await turnsRed('dan', LATER)).toMatchObject({ held: { state: 'held' } });
    await lapseBursts(desk.stores, addHours(NOW, 48));
    publication = desk.bounded({ perHour: 100, perDay: 100, perWeek: 100 });
    expect(await evaluate('cem', addHours(NOW, 50))).toMatchObject({
      decision: { level: 'green' },
      held: { id: `health/rule:positive@1/${HOUR}` },
    });
  });
});
