import { addHours, addSeconds, DAY_SECONDS, instant } from '@symbolon/protocol/instant';
import type { Rule } from '@symbolon/protocol/schemas/rule-set';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Publication } from '../publication.ts';
import { NOW } from '../testing/sample-publication.ts';
import { reevaluate } from './reevaluate.ts';
import type { ReevaluatePorts } from './reevaluate-scheme.ts';
import { rulesFingerprint } from './rules-fingerprint.ts';
import { type SampleDesk, sampleDesk } from './testing/sample-desk.ts';

let desk: SampleDesk;
const PEOPLE = Array.from({ length: 70 }, (_, i) => `person-${String(i).padStart(2, '0')}`);
const ALL = { subjectsAtMost: 1000 };

async function setUp(people = PEOPLE): Promise<void> {
  desk = await sampleDesk();
  for (const each of people) {
    await desk.person(each);
    await desk.tested(each, 'negative', addHours(NOW, -50));
  }
}
beforeEach(() => setUp());

const run = (of: Publication, most = ALL, now = NOW, ports: ReevaluatePorts = desk.stores) =>
  reevaluate(ports, of, most, now);
const edited = (id: string, change: Partial<Rule>) =>
  desk.ruled((rules) => rules.map((rule) => (rule.id === id ? { ...rule, ...change } : rule)));
/** A test counts for two days only: nobody is green any more, all are amber. */
const stricter = () => edited('tested', { version: 2, level: 'amber' });
/** A stored fact that no key opens. */
const unopenable = async (subject: string) => {
  const [fact] = await desk.stores.facts.list(subject, 'health', NOW);
  if (fact === undefined) throw new Error('everyone has a test');
  await desk.stores.facts.add(subject, { ...fact, id: 'broken', sealed: 'AAAA' });
};
const count = async (level: string) => {
  const newest = await Promise.all(PEOPLE.map((each) => desk.stores.decisions.newest(each, 'health')));
  return newest.filter((each) => each?.level === level).length;
};
const wide = { perHour: 1000, perDay: 1000, perWeek: 1000 };
const free = (of: Publication): Publication => ({ ...of, federation: { ...of.federation, burst: wide } });

describe('everyone is evaluated anew when what decides has changed', () => {
  it('visits everyone once, and nobody while nothing changes', async () => {
    const nothing = { scheme: undefined, visited: 0, changed: 0, held: 0, failed: 0, done: true };
    expect(await run(desk.publication)).toEqual({ ...nothing, scheme: 'health', visited: 70, changed: 70 });
    expect(await run(desk.publication)).toEqual(nothing);
    const changed = free(stricter());
    expect(await run(changed)).toEqual({ ...nothing, scheme: 'health', visited: 70, changed: 70 });
    expect(await run(changed)).toEqual(nothing);
    expect(await count('amber')).toBe(70);
  });

  it('what changes and decides the same appends nothing', async () => {
    await run(desk.publication);
    const titled = { ...desk.publication, schemes: { health: { ...desk.scheme, purposes: ['travel'] } } };
    expect(await run(titled)).toMatchObject({ visited: 70, changed: 0, done: true });
    expect(desk.stores.decisions.everything).toHaveLength(70);
  });

  it('goes on where it ended, by so many at a time', async () => {
    const seen: number[] = [];
    for (;;) {
      const { visited, done } = await run(desk.publication, { subjectsAtMost: 30 });
      seen.push(visited);
      expect(await count('green')).toBe(seen.reduce((sum, each) => sum + each, 0));
      if (done) break;
    }
    expect(seen).toEqual([30, 30, 10]);
  });

  it('begins anew when the rules change in the middle', async () => {
    await run(desk.publication, { subjectsAtMost: 40 });
    expect(await run(free(stricter()))).toMatchObject({ visited: 70, done: true });
    expect(await count('amber')).toBe(70);
  });

  it('works on one scheme a call, until none is due', async () => {
    const ruleSet = desk.publication.ruleSets['health'];
    if (ruleSet === undefined) throw new Error('the sample has rules');
    const two = {
      ...desk.publication,
      schemes: { health: desk.scheme, test: { ...desk.scheme, id: 'test' } },
      ruleSets: { health: ruleSet, test: { ...ruleSet, scheme: 'test' } },
    };
    expect(await run(two)).toMatchObject({ scheme: 'health', visited: 70, done: false });
    expect(await run(two)).toMatchObject({ scheme: 'test', visited: 70, changed: 0, failed: 70, done: true });
    expect(await run(two)).toMatchObject({ scheme: undefined, done: true });
  });

  it('REQ-ISS-008 whoever gets no decision, whose rule fails or who was merged away does not stop it', async () => {
    const [first = '', second = '', third = ''] = PEOPLE;
    await desk.stores.facts.retract(
      first,
      { scheme: 'health', source: 'lab', id: `negative ${addHours(NOW, -50)}` },
      NOW,
    );
    await desk.stores.subjects.putProfile({
      subject: second,
      version: 2,
      kind: 'person',
      absorbing: [],
      guardians: [],
      mergedInto: third,
    });
    await desk.tested(third, 'negative', addHours(NOW, -49));
    // Fails for whoever has two tests.
    const failing = edited('positive', { when: 'size(pcr) * 9007199254740991 * 1000 < 0' });
    expect(await run(failing)).toMatchObject({ visited: 70, changed: 67, failed: 2, done: true });
  });

  it('what is too many is held and counted, and the job goes on', async () => {
    await run(desk.publication);
    const bounded = {
      ...stricter(),
      federation: desk.bounded({ perHour: 10, perDay: 10, perWeek: 10 }).federation,
    };
    // By the rule that was there before nobody is green any more.
    expect(await run(bounded)).toMatchObject({ visited: 70, changed: 70, held: 60, failed: 0, done: true });
    expect(await count('amber')).toBe(10);
    expect(desk.stores.decisions.everything.filter(({ mode }) => mode === 'ended')).toHaveLength(60);
  });

  it('REQ-ISS-008 once a day everyone is visited: what ended by time is recorded, and what comes after it counts as new', async () => {
    const wide = free(desk.publication);
    expect(await run(wide)).toMatchObject({ visited: 70, changed: 70, done: true });
    const midnight = instant(Math.ceil(NOW / DAY_SECONDS) * DAY_SECONDS);
    expect(await run(wide, ALL, addSeconds(midnight, -1))).toMatchObject({ visited: 0, done: true });
    expect(await run(wide, ALL, midnight)).toMatchObject({ visited: 70, changed: 0, failed: 0 });
    expect(await run(wide, ALL, addHours(midnight, 23))).toMatchObject({ visited: 0 });
    const next = addHours(midnight, 24);
    expect(await run(wide, ALL, next)).toMatchObject({ visited: 70, changed: 70, failed: 70 });
    expect(desk.stores.decisions.everything.filter(({ mode }) => mode === 'ended')).toHaveLength(70);
  });

  it('REQ-ISS-008 a red that ended by time does not let the next one past the burst guard', async () => {
    const two = PEOPLE.slice(0, 2);
    for (const each of two) await desk.tested(each, 'positive', NOW);
    await run(free(desk.publication));
    expect(await count('red')).toBe(2);
    const later = addHours(NOW, 24 * 30);
    const tight = desk.bounded({ perHour: 1, perDay: 1, perWeek: 1 });
    await run(tight, ALL, later);
    for (const each of two) await desk.tested(each, 'positive', later);
    const outcomes = await Promise.allSettled(two.map((each) => desk.evaluate(each, later, tight)));
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await desk.stores.bursts.open()).toHaveLength(1);
  });

  it('a round that takes longer than a day is finished before the next one begins', async () => {
    await run(desk.publication, { subjectsAtMost: 40 });
    const tomorrow = addHours(NOW, 24);
    expect(await run(desk.publication, ALL, tomorrow)).toMatchObject({ visited: 30, done: true });
    expect(await run(desk.publication, ALL, tomorrow)).toMatchObject({ visited: 70, done: true });
    expect(await run(desk.publication, ALL, tomorrow)).toMatchObject({ visited: 0 });
  });

  it('a fact that does not open stops nobody else, and is told at the end', async () => {
    await unopenable(PEOPLE[3] ?? '');
    await expect(run(desk.publication)).rejects.toMatchObject({ code: 'storage-failed' });
    expect(await count('green')).toBe(69);
    expect(await run(desk.publication)).toMatchObject({ visited: 0, done: true });
  });

  it("the same for ten in a row is nobody's own: it stops, and goes on there", async () => {
    for (const each of PEOPLE.slice(30, 40)) await unopenable(each);
    for (const _ of [1, 2]) {
      await expect(run(desk.publication)).rejects.toMatchObject({ code: 'storage-failed' });
      expect(await count('green')).toBe(30);
    }
  });

  it('rules of one scheme that cannot run keep no other scheme from its people', async () => {
    const { health } = desk.publication.ruleSets;
    if (health === undefined) throw new Error('the sample has rules');
    const rules = health.rules.map((rule) => ({ ...rule, authorities: ['gone'] }));
    const of = {
      ...desk.publication,
      schemes: { first: { ...desk.scheme, id: 'first' }, health: desk.scheme },
      ruleSets: { first: { ...health, scheme: 'first', rules }, health },
    };
    await expect(run(of)).rejects.toMatchObject({ code: 'rule-set-malformed' });
    expect(await count('green')).toBe(70);
  });

  it('storage that fails stops it', async () => {
    const { subjects } = desk.stores;
    const broken = {
      ...desk.stores,
      subjects: {
        ...subjects,
        profile: async () => {
          throw new Error('storage is gone');
        },
      },
    };
    await expect(run(desk.publication, ALL, NOW, broken)).rejects.toThrow('storage is gone');
    expect(await run(desk.publication)).toMatchObject({ visited: 70, done: true });
  });

  it('interrupted at each subject, it comes to the same end', async () => {
    const people = PEOPLE.slice(0, 30);
    for (let at = 0; at < people.length; at++) {
      await setUp(people);
      let visits = 0;
      const { subjects } = desk.stores;
      const stores = {
        ...desk.stores,
        subjects: {
          ...subjects,
          // Asked first of everyone who is visited.
          profile: async (subject: string) => {
            if (subject === people[at] && visits++ === 0) throw new Error('killed');
            return subjects.profile(subject);
          },
        },
      };
      await expect(run(desk.publication, ALL, NOW, stores)).rejects.toThrow('killed');
      const { visited, done } = await run(desk.publication, ALL, NOW, stores);
      expect({ visited, done }).toEqual({ visited: at < 25 ? 30 : 5, done: true });
      expect(await count('green')).toBe(30);
      expect(desk.stores.decisions.everything).toHaveLength(30);
    }
  });

  it('two at once leave one state, and everyone is visited', async () => {
    await Promise.all([run(desk.publication), run(desk.publication)]);
    while (!(await run(desk.publication)).done);
    expect(await count('green')).toBe(70);
    expect(desk.stores.decisions.everything).toHaveLength(70);
  });
});

describe('the fingerprint of what decides', () => {
  const fingerprint = (of: Publication, now = NOW) => rulesFingerprint(of, desk.scheme, now);

  it('changes with a rule, their order, a place, the scheme, and with nothing else', () => {
    const before = fingerprint(desk.publication);
    const places = {
      region: 'CN-BJ',
      scheme: 'health',
      entries: [{ type: 'riskArea', place: 'market', at: NOW, fields: { place: 'market', risk: 'high' } }],
    };
    expect(fingerprint({ ...desk.publication, keys: [] })).toBe(before);
    const others = [
      fingerprint(stricter()),
      fingerprint(desk.ruled((rules) => rules.toReversed())),
      fingerprint({ ...desk.publication, placeLists: { health: places } }),
      rulesFingerprint(desk.publication, { ...desk.scheme, longestValidityHours: 12 }, NOW),
    ];
    expect(new Set([before, ...others]).size).toBe(5);
  });

  it('changes when a rule comes into force or ends by time', () => {
    const begins = edited('positive', { from: addHours(NOW, 1) });
    expect(fingerprint(begins)).not.toBe(fingerprint(begins, addHours(NOW, 1)));
    const ends = edited('positive', { sunset: addHours(NOW, 1) });
    expect(fingerprint(ends)).not.toBe(fingerprint(ends, addHours(NOW, 1)));
    expect(fingerprint(ends)).toBe(fingerprint(ends, addHours(NOW, 0.5)));
  });
});
