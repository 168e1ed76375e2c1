import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { encodeLeaf } from '@symbolon/log/leaf';
import type { LeafSource } from '@symbolon/log/leaf-source';
import { fromUtf8 } from '@symbolon/protocol/bytes';
import { addHours, addSeconds, formatInstant, type Instant } from '@symbolon/protocol/instant';
import type { DecisionLeaf, Leaf } from '@symbolon/protocol/schemas/leaf';
import type { Json } from '@symbolon/protocol/strict-json';
import { beforeEach, describe, expect, it } from 'vitest';
import type { BurstRecord } from '../decisions/burst-record.ts';
import type { Decision } from '../decisions/decision.ts';
import type { DecisionRef } from '../ports.ts';
import type { Publication } from '../publication.ts';
import { type MemoryStores, memoryStores } from '../testing/memory-stores.ts';
import { type SampleLog, sampleLog } from '../testing/sample-log.ts';
import { NOW, type SamplePublication, samplePublication } from '../testing/sample-publication.ts';
import { joinSources } from './join-sources.ts';
import { regionLeaves } from './region-leaves.ts';

const random = insecureRandomFromSeed('leaves');
const ORIGIN = 'log.test/a';
let sample: SamplePublication;
let stores: MemoryStores;
let log: SampleLog;

beforeEach(async () => {
  sample = await samplePublication();
  stores = memoryStores();
  log = await sampleLog(stores, sample.publication);
});

const placeOf = async (ref: DecisionRef) => (await stores.decisions.find(ref))?.place;
const decide = async (subject: string, more: Partial<Decision> = {}): Promise<Decision> => {
  const decision: Decision = {
    subject,
    scheme: 'health',
    sequence: 1,
    level: 'green',
    rule: 'tested@1',
    authority: 'cdc',
    evidence: 'laboratory',
    mode: 'automatic',
    decidedAt: addSeconds(NOW, 77),
    sampledAt: addSeconds(NOW, -4321),
    ...more,
  };
  await stores.decisions.append(decision);
  return decision;
};
const burst = (more: Partial<BurstRecord> = {}): BurstRecord => ({
  id: 'health/rule:positive@1/1',
  scheme: 'health',
  cause: 'rule:positive@1',
  heldAt: NOW,
  lapsesAt: addHours(NOW, 24),
  state: 'held',
  ...more,
});
const ofKind = async <K extends Leaf['kind']>(kind: K) =>
  (await log.leaves()).filter((leaf): leaf is Extract<Leaf, { kind: K }> => leaf.kind === kind);
const isDecision = (leaf: Leaf): leaf is DecisionLeaf => leaf.kind === 'decision';
/** With this smallest class. */
const classesOf = (smallestClass: number): Publication => ({
  ...sample.publication,
  federation: { ...sample.publication.federation, smallestClass },
});

describe('leaves of decisions', () => {
  it('say scheme, level, rule, authority, mode and the hour, and nothing of the person', async () => {
    const subject = 'subject-7f3a90';
    await decide(subject, {
      evidence: 'laboratory-secret',
      proposal: 'proposal-of-someone',
      approvers: ['AAAAAAAAAAA', 'BBBBBBBBBBE'],
      mode: 'manual',
      level: 'red',
      rule: 'positive@1',
      until: addHours(NOW, 48),
    });
    const [leaf, more] = await ofKind('decision');
    expect(more).toBeUndefined();
    expect(leaf).toEqual({
      v: 1,
      kind: 'decision',
      region: 'CN-BJ',
      scheme: 'health',
      level: 'red',
      rule: 'positive@1',
      authority: 'cdc',
      mode: 'manual',
      at: NOW - (NOW % 3600),
      per: 'hour',
      approvers: ['AAAAAAAAAAA', 'BBBBBBBBBBE'],
      commitment: expect.stringMatching(/^[\w-]{43}$/),
    });
    // Nothing can be added to it.
    const named = { ...(leaf ?? expect.unreachable()), subject };
    expect(() => encodeLeaf(named)).toThrow(expect.objectContaining({ code: 'leaf-malformed' }));
    const salt = (await placeOf({ subject, scheme: 'health', sequence: 1 }))?.salt ?? '';
    expect(salt).toMatch(/^[\w-]{43}$/);
    const files = [...log.stores.public.files.values()].map((bytes) => Buffer.from(bytes).toString('latin1'));
    const everything = files.join('\n');
    expect(everything).toContain('"decision"');
    for (const secret of [
      subject,
      'laboratory-secret',
      'proposal-of-someone',
      salt,
      formatInstant(addSeconds(NOW, 77)),
      formatInstant(addSeconds(NOW, -4321)),
      formatInstant(addHours(NOW, 48)),
    ])
      expect(everything).not.toContain(secret);
  });

  it('name approvers only where a decision was made by hand', async () => {
    await decide('anna', { mode: 'merged', approvers: ['AAAAAAAAAAA', 'BBBBBBBBBBE'] });
    expect((await ofKind('decision')).map(({ mode, approvers }) => [mode, approvers])).toEqual([
      ['merged', undefined],
    ]);
  });

  it('are in the log once, whoever asks how often, and each decision knows its own', async () => {
    const subjects = Array.from({ length: 300 }, (_, i) => `subject ${i}`);
    for (const subject of subjects.slice(0, 200)) await decide(subject);
    await Promise.all([log.round(), log.round().catch(() => undefined)]);
    for (const subject of subjects.slice(200)) await decide(subject);
    await log.round();
    await log.round();
    const leaves = await log.leaves();
    expect(leaves.filter(isDecision)).toHaveLength(300);
    const places = await Promise.all(
      subjects.map((subject) => placeOf({ subject, scheme: 'health', sequence: 1 })),
    );
    expect(new Set(places.map((place) => place?.index)).size).toBe(300);
    expect(new Set(places.map((place) => place?.salt)).size).toBe(300);
    expect(places.map((place) => leaves[place?.index ?? -1]?.kind)).toEqual(subjects.map(() => 'decision'));
  });

  it('of a round are in random order', async () => {
    for (let i = 0; i < 40; i++) await decide(`subject ${i}`);
    await log.round();
    const order: number[] = [];
    for (let i = 0; i < 40; i++) {
      const place = await placeOf({
        subject: `subject ${i}`,
        scheme: 'health',
        sequence: 1,
      });
      order.push(place?.index ?? -1);
    }
    expect(order).not.toEqual(order.toSorted((a, b) => a - b));
  });

  it('whose rule or scheme the registry dropped are logged, and one that no leaf can say keeps nobody out', async () => {
    await decide('odd', { level: 'Not a name' });
    await decide('old', { rule: 'gone@9' });
    await decide('older', { scheme: 'plague' });
    await decide('anna');
    await log.round();
    const rules = (await ofKind('decision')).map(({ scheme, rule }) => `${scheme} ${rule}`);
    expect(rules.toSorted()).toEqual(['health gone@9', 'health tested@1', 'plague tested@1']);
    expect(await stores.decisions.pending(9)).toEqual([{ subject: 'odd', scheme: 'health', sequence: 1 }]);
    // Nobody can say of a scheme that is not there whether it was worse: it waits for witnesses.
    expect(await placeOf({ subject: 'older', scheme: 'plague', sequence: 1 })).toBeDefined();
  });

  it('the queue is a hint: what is logged, and what is no decision, is passed by', async () => {
    const anna = await decide('anna');
    await log.round();
    const hinting = {
      ...stores,
      random,
      origin: ORIGIN,
      decisions: {
        ...stores.decisions,
        pending: async () => [anna, { ...anna, subject: 'nobody' }, await decide('bea'), anna],
      },
    };
    const { leaves } = await regionLeaves(hinting, sample.publication, NOW).pending(99, null);
    expect(leaves.map(({ note }) => note)).toEqual(
      expect.arrayContaining([expect.objectContaining({ subject: 'bea' })]),
    );
    expect(leaves.filter(({ note }) => JSON.stringify(note).includes('"decision"'))).toHaveLength(1);
  });
});

describe('a class that is too small', () => {
  const day = NOW - (NOW % 86_400);
  const per = async (publication: Publication, now: Instant) => {
    await log.round(now, publication);
    return (await ofKind('decision')).map((leaf) => leaf.per);
  };

  it('says the day only; whether it is small is told by the hour before', async () => {
    const of3 = classesOf(3);
    const people = async (hour: number, count: number) => {
      for (let i = 0; i < count; i++)
        await decide(`subject ${hour} ${i}`, { decidedAt: addSeconds(addHours(NOW, hour), i) });
    };
    await people(0, 3);
    expect(await per(of3, addHours(NOW, 0))).toEqual(['day', 'day', 'day']);
    await people(1, 2);
    expect((await per(of3, addHours(NOW, 1))).slice(3)).toEqual(['hour', 'hour']);
    await people(2, 5);
    expect((await per(of3, addHours(NOW, 2))).slice(5)).toEqual(Array(5).fill('day'));
    const days = (await ofKind('decision')).filter((leaf) => leaf.per === 'day');
    expect(new Set(days.map(({ at }) => at))).toEqual(new Set([day]));
  });

  it('keeps one answer for an hour, also when more of the hour before come late', async () => {
    const of3 = classesOf(3);
    await decide('first', { decidedAt: NOW });
    await decide('next hour', { decidedAt: addHours(NOW, 1) });
    await per(of3, addHours(NOW, 1));
    for (let i = 0; i < 5; i++) await decide(`late ${i}`, { decidedAt: NOW });
    await decide('next hour too', { decidedAt: addHours(NOW, 1) });
    expect(new Set(await per(of3, addHours(NOW, 1)))).toEqual(new Set(['day']));
  });

  it('counts who approved as part of the class: it is in the leaf', async () => {
    const of2 = classesOf(2);
    const manual = { mode: 'manual', level: 'red', rule: 'positive@1' } as const;
    for (const [i, pair] of ['AB', 'AB', 'AC'].entries())
      await decide(`subject ${i}`, { ...manual, approvers: [...pair].map((each) => `${each}AAAAAAAAAA`) });
    await log.round(NOW, of2);
    for (const [i, pair] of ['AB', 'AC'].entries())
      await decide(`later ${i}`, {
        ...manual,
        approvers: [...pair].map((each) => `${each}AAAAAAAAAA`),
        decidedAt: addHours(NOW, 1),
      });
    await log.round(addHours(NOW, 1), of2);
    const later = (await ofKind('decision')).slice(3);
    expect(later.map((leaf) => [leaf.approvers?.[1]?.[0], leaf.per]).toSorted()).toEqual([
      ['B', 'hour'],
      ['C', 'day'],
    ]);
  });

  it('what waited for longer than a day says the day; what nobody asks for any more is forgotten', async () => {
    const source = (now: Instant) => regionLeaves({ ...stores, random, origin: ORIGIN }, classesOf(2), now);
    for (let i = 0; i < 3; i++) await decide(`subject ${i}`);
    const { memory } = await source(NOW).pending(99, null);
    expect(JSON.stringify(memory)).toContain('"leaves":3');
    const later = await source(addHours(NOW, 30)).pending(99, memory);
    expect(JSON.stringify(later.memory)).not.toContain('"leaves"');
  });
});

describe('leaves of bursts, keys and rules', () => {
  it('REQ-ISS-031 a burst has a leaf for each state, also where two came between two rounds', async () => {
    const released = { settledAt: addHours(NOW, 1), releasedBy: ['AAAAAAAAAAA', 'BBBBBBBBBBE'] };
    const other = burst({ id: 'health/authority:cdc/2', cause: 'authority:cdc' });
    await stores.bursts.begin(burst());
    await log.round();
    await stores.bursts.move(
      burst({ state: 'released', ...released, releasedRules: ['positive@1'] }),
      'held',
    );
    await stores.bursts.begin(other);
    await stores.bursts.move({ ...other, state: 'lapsed', settledAt: addHours(NOW, 24) }, 'held');
    await log.round();
    await log.round();
    const common = { v: 1, kind: 'burst', region: 'CN-BJ', scheme: 'health', heldAt: NOW };
    expect(await ofKind('burst')).toEqual([
      { ...common, cause: 'rule:positive@1', state: 'held', at: NOW },
      {
        ...common,
        cause: 'rule:positive@1',
        state: 'released',
        at: addHours(NOW, 1),
        by: released.releasedBy,
        rules: ['positive@1'],
      },
      { ...common, cause: 'authority:cdc', state: 'held', at: NOW },
      { ...common, cause: 'authority:cdc', state: 'lapsed', at: addHours(NOW, 24) },
    ]);
    expect(await stores.bursts.unlogged(9)).toEqual([]);
  });

  it('a burst comes before all who wait', async () => {
    for (let i = 0; i < 20; i++) await decide(`subject ${i}`);
    await stores.bursts.begin(burst());
    const { leaves } = await regionLeaves(
      { ...stores, random, origin: ORIGIN },
      sample.publication,
      NOW,
    ).pending(2, null);
    expect(leaves.map(({ note }) => note)).toEqual([
      { of: 'burst', burst: burst().id, state: 'held' },
      { of: 'publication' },
    ]);
  });

  it('a key and a rule are logged once, and once more a key that is revoked', async () => {
    const { publication } = sample;
    await log.round();
    await log.round();
    const kids = publication.keys.map(({ kid }) => kid);
    expect((await ofKind('key')).map(({ kid, state }) => [kid, state])).toEqual(
      kids.map((kid) => [kid, 'published']),
    );
    expect((await ofKind('rule')).map(({ rule }) => rule)).toEqual(['positive@1', 'risk-area@1', 'tested@1']);
    const [first, ...others] = publication.keys;
    const revoked = { since: addHours(NOW, -1), reason: 'key-compromise' };
    const keys = [{ ...(first ?? expect.unreachable()), revoked }, ...others];
    const before = (await log.leaves()).length;
    await log.round(addHours(NOW, 1), { ...publication, keys });
    await log.round(addHours(NOW, 2), { ...publication, keys });
    const leaves = await log.leaves();
    expect(leaves.slice(before)).toEqual([
      expect.objectContaining({ kind: 'key', kid: kids[0], state: 'revoked', at: addHours(NOW, 1) }),
    ]);
  });

  it('an idle round writes nothing', async () => {
    await log.round();
    const writes = () => log.stores.public.writes.length + log.stores.private.writes.length;
    const before = writes();
    await log.round(addSeconds(NOW, 2));
    await log.round(addHours(NOW, 30));
    // A checkpoint that is cosigned anew after a while, and what enough witnesses have seen.
    expect(writes() - before).toBeLessThanOrEqual(2);
    expect(log.stores.private.writes.length).toBeGreaterThan(0);
  });
});

describe('several regions that log in one place', () => {
  const told: (readonly [string, unknown])[] = [];
  const tell = (region: string, error: unknown) => told.push([region, error]);
  const queue = (name: string, count: number): LeafSource & { settled: number[] } => {
    const settled: number[] = [];
    return {
      settled,
      pending: async (limit, memory) => ({
        leaves: Array.from({ length: Math.min(limit, count) }, (_, i) => ({
          leaf: new TextEncoder().encode(`${name} ${i}`),
          note: i,
        })),
        memory: `${memory ?? 'nothing'}+${name}`,
      }),
      settle: async (placed) => {
        settled.push(...placed.map(({ index }) => index));
      },
    };
  };

  it('each has its share, its memory and its notes', async () => {
    const [a, b] = [queue('a', 100), queue('b', 2)];
    const joined = joinSources(
      new Map([
        ['CN-BJ.b', b],
        ['CN-BJ', a],
      ]),
      tell,
    );
    const { leaves, memory } = await joined.pending(10, { 'CN-BJ': 'before' });
    expect(leaves.map(({ leaf }) => fromUtf8(leaf).charAt(0)).join('')).toBe('bbaaaaaaaa');
    expect(memory).toEqual({ 'CN-BJ': 'before+a', 'CN-BJ.b': 'nothing+b' });
    await joined.settle(leaves.map(({ note }, index) => ({ index, note })));
    expect([b.settled, a.settled]).toEqual([
      [0, 1],
      [2, 3, 4, 5, 6, 7, 8, 9],
    ]);
  });

  it('one that cannot be read is left out and told; its memory stays', async () => {
    const broken: LeafSource = {
      pending: () => Promise.reject(new Error('the table does not answer')),
      settle: async () => undefined,
    };
    const joined = joinSources(
      new Map([
        ['CN-BJ.b', broken],
        ['CN-BJ', queue('a', 1)],
      ]),
      tell,
    );
    const before: Json = { 'CN-BJ.b': 'kept' };
    const { leaves, memory } = await joined.pending(10, before);
    expect(leaves).toHaveLength(1);
    expect(memory).toEqual({ 'CN-BJ.b': 'kept', 'CN-BJ': 'nothing+a' });
    expect(told).toEqual([['CN-BJ.b', new Error('the table does not answer')]]);
  });

  it('nothing waits, nothing is remembered', async () => {
    const joined = joinSources(new Map([['CN-BJ', queue('a', 0)]]), tell);
    expect(await joined.pending(10, null)).toEqual({ leaves: [], memory: null });
  });

  it('a round of a region that is not here stays open', async () => {
    const joined = joinSources(new Map(), tell);
    await expect(joined.settle([{ index: 0, note: { region: 'CN-BJ', note: 0 } }])).rejects.toThrow(
      TypeError,
    );
  });
});

describe('REQ-ISS-037 a region that moves to another log', () => {
  it('has no leaves for the one that it has left, and all that wait for the other', async () => {
    await decide('anna');
    const log = { origin: 'log.test/b', url: 'https://log.test/b', keys: [] };
    const moved: Publication = { ...sample.publication, log };
    const of = (origin: string, by: Publication) =>
      regionLeaves({ ...stores, random, origin }, by, NOW).pending(99, null);
    expect(await of(ORIGIN, moved)).toEqual({ leaves: [], memory: null });
    for (const { leaves } of [
      await of('log.test/b', moved),
      await of(ORIGIN, sample.publication),
      await of(ORIGIN, { ...sample.publication, log: 'unknown' }),
    ])
      expect(leaves.map(({ note }) => note)).toContainEqual(expect.objectContaining({ subject: 'anna' }));
  });
});
