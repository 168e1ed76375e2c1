import type { Decision } from '@symbolon/issuer/decision';
import { memoryStores } from '@symbolon/issuer/memory-stores';
import { regionLeaves } from '@symbolon/issuer/region-leaves';
import { sha256 } from '@symbolon/keys/digest';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { commitmentOf, subjectTag } from '@symbolon/log/commitment';
import { decodeLeaf } from '@symbolon/log/leaf';
import type { WaitingLeaf } from '@symbolon/log/leaf-source';
import { decodeBase64url } from '@symbolon/protocol/base64url';
import { utf8 } from '@symbolon/protocol/bytes';
import { addHours, addSeconds, hourFloor, type Instant } from '@symbolon/protocol/instant';
import type { RandomBytes } from '@symbolon/protocol/random';
import type { DecisionLeaf } from '@symbolon/protocol/schemas/leaf';
import type { Json } from '@symbolon/protocol/strict-json';
import { beforeAll, describe, expect, it } from 'vitest';
import { NOW, samplePublication } from '../../packages/issuer/src/testing/sample-publication.ts';

/**
 * Whoever has all facts of all people, each decision to the second among them, and reads the log, must not find out which leaf is about whom: within a class (scheme, level, rule, authority, mode,
 * approvers, hour) of n people that were logged in one round a guess is right in one of n cases.
 *
 * In 400 rounds of a class of 10 a guesser is right in 0.1 of 4,000 cases, and strays from that by 0.005 (one standard deviation). What leaks is right in most.
 */
const HOUR = hourFloor(NOW);
const SIZE = 10;
const ROUNDS = 400;
const TOLERANCE = 0.02;
const LEAKS = 0.9;

type Publication = Awaited<ReturnType<typeof samplePublication>>['publication'];
let publication: Publication;

beforeAll(async () => {
  const sample = await samplePublication();
  // Keys and rules have leaves of their own; here are people only.
  publication = { ...sample.publication, keys: [], ruleSets: {} };
});

const decisionAt = (subject: string, decidedAt: Instant, more: Partial<Decision> = {}): Decision => ({
  subject,
  scheme: 'health',
  sequence: 1,
  level: 'red',
  rule: 'positive@1',
  authority: 'cdc',
  evidence: 'laboratory',
  mode: 'automatic',
  decidedAt,
  ...more,
});

/** One round: its leaves as everyone reads them, in their order, and whose they are. */
interface Logged {
  readonly leaves: readonly DecisionLeaf[];
  readonly truth: readonly string[];
  readonly memory: Json;
}

async function logged(
  decisions: readonly Decision[],
  random: RandomBytes,
  { by = publication, memory = null, now = NOW }: { by?: Publication; memory?: Json; now?: Instant } = {},
): Promise<Logged> {
  const stores = memoryStores();
  for (const decision of decisions) await stores.decisions.append(decision);
  const waiting = await regionLeaves({ ...stores, random, origin: 'log.test/a' }, by, now).pending(
    10_000,
    memory,
  );
  return { leaves: waiting.leaves.map(read), truth: waiting.leaves.map(subjectOf), memory: waiting.memory };
}

function read({ leaf }: WaitingLeaf): DecisionLeaf {
  const decoded = decodeLeaf(leaf);
  return decoded.kind === 'decision' ? decoded : expect.unreachable();
}

/** The note is the region's own, and stays in its private place. */
function subjectOf({ note }: WaitingLeaf): string {
  const { subject } = note as { subject?: string };
  return subject ?? expect.unreachable();
}

/** Says of each person which leaf is theirs. It has every fact and all that is public, but no salt. */
type Guesser = (people: readonly Decision[], leaves: readonly DecisionLeaf[]) => readonly number[];

/** The leaves in this order are the people in that order. */
const inOrder =
  (
    leafKey: (leaf: DecisionLeaf, at: number) => string | number,
    of: (person: Decision, at: number) => string | number,
  ): Guesser =>
  (people, leaves) => {
    const sorted = ranks(leaves, leafKey);
    const places = ranks(people, of);
    return people.map((_, i) => sorted[places.indexOf(i)] ?? 0);
  };

/** Indices of the values in the order of their keys. */
function ranks<T>(values: readonly T[], key: (value: T, at: number) => string | number): number[] {
  const keys = values.map(key);
  return values.map((_, i) => i).toSorted((a, b) => ((keys[a] ?? 0) < (keys[b] ?? 0) ? -1 : 1));
}

/** The leaf whose commitment is most like a text that the guesser makes up. */
const nearest =
  (made: (person: Decision) => Uint8Array): Guesser =>
  (people, leaves) =>
    people.map((person) => {
      const wanted = made(person);
      const alike = leaves.map(({ commitment }) => sharedBits(wanted, decodeBase64url(commitment)));
      return alike.indexOf(Math.max(...alike));
    });

const ZERO = new Uint8Array(32);
const withSalt = (saltOf: (person: Decision) => Uint8Array<ArrayBuffer>): Guesser =>
  nearest((person) => {
    const { subject, evidence, sequence, decidedAt } = person;
    const salt = saltOf(person);
    const opening = { subject: subjectTag(salt, subject), evidence, sequence, decidedAt };
    return decodeBase64url(commitmentOf(salt, opening));
  });

const GUESSERS: Readonly<Record<string, Guesser>> = {
  'in the order in which they were decided': inOrder(
    (_, at) => at,
    (_, at) => at,
  ),
  'in the opposite order': inOrder(
    (_, at) => at,
    (_, at) => -at,
  ),
  'in the order of their names': inOrder(
    (_, at) => at,
    ({ subject }) => subject,
  ),
  'in the order of the second': inOrder(
    (_, at) => at,
    ({ decidedAt }) => decidedAt,
  ),
  'names and commitments in one order': inOrder(
    ({ commitment }) => commitment,
    ({ subject }) => subject,
  ),
  'times and commitments in one order': inOrder(
    ({ commitment }) => commitment,
    (_, at) => at,
  ),
  'the commitment is like the hash of the name': nearest(({ subject }) => sha256(utf8(subject))),
  'the salt is zero': withSalt(() => ZERO),
  'the salt is the hash of the name': withSalt(({ subject }) => sha256(utf8(subject))),
  'the salt is the hash of the second': withSalt(({ decidedAt }) => sha256(utf8(String(decidedAt)))),
};

function sharedBits(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, byte, i) => {
    let same = ~(byte ^ (b[i] ?? 0)) & 255;
    let bits = 0;
    for (; same > 0; same &= same - 1) bits++;
    return sum + bits;
  }, 0);
}

/** The same leaves in the order of whose they are. */
function sortedBy({ leaves, truth, memory }: Logged, key: (subject: string) => string | number): Logged {
  const order = ranks(truth, key);
  return {
    memory,
    leaves: order.flatMap((i) => leaves[i] ?? []),
    truth: order.map((i) => truth[i] ?? ''),
  };
}

/** In how many cases a guesser is right. */
async function rates(
  random: RandomBytes,
  leak: (logged: Logged, people: readonly Decision[]) => Logged = (each) => each,
): Promise<Readonly<Record<string, number>>> {
  const right = new Map<string, number>();
  const names = new DataView(insecureRandomFromSeed('names')(4 * SIZE * ROUNDS).buffer);
  for (let round = 0; round < ROUNDS; round++) {
    const people = Array.from({ length: SIZE }, (_, i) =>
      decisionAt(`subject ${names.getUint32(4 * (round * SIZE + i))}`, addSeconds(HOUR, i * 300)),
    );
    const { leaves, truth } = leak(await logged(people, random), people);
    for (const [name, guess] of Object.entries(GUESSERS)) {
      const guesses = guess(people, leaves);
      const hits = people.filter(({ subject }, i) => truth[guesses[i] ?? -1] === subject).length;
      right.set(name, (right.get(name) ?? 0) + hits);
    }
  }
  return Object.fromEntries([...right].map(([name, hits]) => [name, hits / (SIZE * ROUNDS)]));
}

const permutations = (n: number): number[][] =>
  n === 0
    ? [[]]
    : permutations(n - 1).flatMap((rest) =>
        Array.from({ length: n }, (_, at) => [...rest.slice(0, at), n - 1, ...rest.slice(at)]),
      );

describe('REQ-LOG-001 a leaf within its class', () => {
  it('is the same text as every other one but for the commitment', async () => {
    const random = insecureRandomFromSeed('same text');
    const people = Array.from({ length: 200 }, (_, i) =>
      decisionAt(`subject ${i}`, addSeconds(HOUR, i * 17), {
        evidence: i % 2 === 0 ? 'laboratory' : 'movement',
        sampledAt: addSeconds(HOUR, -i),
        sequence: 1,
      }),
    );
    const { leaves } = await logged(people, random);
    const texts = leaves.map(({ commitment, ...rest }) => {
      expect(commitment).toMatch(/^[\w-]{43}$/);
      return JSON.stringify(rest);
    });
    expect(new Set(texts).size).toBe(1);
    expect(new Set(leaves.map(({ commitment }) => commitment)).size).toBe(200);
  });

  it('is at each place for as many draws, in whatever order people were decided: all of them, counted', async () => {
    const people = ['a', 'b', 'c', 'd'];
    const salts = insecureRandomFromSeed('salts');
    // What the shuffle takes of its draw: one of four, one of three, one of two.
    const draws = Array.from({ length: 24 }, (_, i) => [0, i % 2, Math.floor(i / 2) % 3, Math.floor(i / 6)]);
    const counts = new Map<string, number>();
    for (const order of permutations(4)) {
      for (const draw of draws) {
        const random: RandomBytes = (length) =>
          length === 4 * 4 ? new Uint8Array(Uint32Array.from(draw, swapped).buffer) : salts(length);
        const decided = order.map((i) => decisionAt(people[i] ?? '', HOUR));
        const { truth } = await logged(decided, random);
        counts.set(`${order} ${truth}`, (counts.get(`${order} ${truth}`) ?? 0) + 1);
      }
    }
    // 24 orders of deciding, and each gives every order of leaves exactly once: the one says nothing of the other.
    expect(counts.size).toBe(24 * 24);
    expect(new Set(counts.values())).toEqual(new Set([1]));
  });

  it('is linked to its person by no guesser that has all facts better than by chance', async () => {
    const found = await rates(insecureRandomFromSeed('guessers'));
    expect(Object.keys(found)).toHaveLength(Object.keys(GUESSERS).length);
    for (const [name, rate] of Object.entries(found))
      expect([name, Math.abs(rate - 1 / SIZE) < TOLERANCE]).toEqual([name, true]);
  });

  it('what leaks is found by them: leaves in the order of names or of deciding, and salts that can be guessed', async () => {
    const fair = insecureRandomFromSeed('leaking');
    const named = await rates(fair, (each) => sortedBy(each, (subject) => subject));
    expect(named['in the order of their names']).toBeGreaterThan(LEAKS);
    // As if they were not shuffled.
    const unshuffled = await rates(fair, (each, people) =>
      sortedBy(each, (of) => people.findIndex(({ subject }) => subject === of)),
    );
    expect(unshuffled['in the order in which they were decided']).toBeGreaterThan(LEAKS);
    expect(unshuffled['in the order of the second']).toBeGreaterThan(LEAKS);
    const unsalted = await rates((length) => (length === 32 * SIZE ? new Uint8Array(length) : fair(length)));
    expect(unsalted['the salt is zero']).toBeGreaterThan(LEAKS);
  });
});

describe('REQ-LOG-001 a class that is small', () => {
  const K = 5;
  const day = HOUR - (HOUR % 86_400);
  /** How many people a leaf can be about, to whoever has all facts. */
  const candidates = (leaf: DecisionLeaf, people: readonly Decision[]) =>
    people.filter(({ level, rule, authority, mode, decidedAt }) => {
      const isOfClass =
        level === leaf.level && rule === leaf.rule && authority === leaf.authority && mode === leaf.mode;
      const length = leaf.per === 'hour' ? 3600 : 86_400;
      return isOfClass && decidedAt >= leaf.at && decidedAt < leaf.at + length;
    }).length;
  const people = (hour: number, count: number) =>
    Array.from({ length: count }, (_, i) =>
      decisionAt(`subject ${hour} ${i}`, addSeconds(addHours(HOUR, hour), i)),
    );
  const coarse = (): Publication => ({
    ...publication,
    federation: { ...publication.federation, smallestClass: K },
  });
  /** Hours one after the other, each logged when it is over. */
  const through = async (counts: readonly number[]) => {
    const random = insecureRandomFromSeed('hours');
    let memory: Json = null;
    const hours: (readonly DecisionLeaf[])[] = [];
    for (const [hour, count] of counts.entries()) {
      const by = { by: coarse(), memory, now: addHours(HOUR, hour + 1) };
      const round = await logged(people(hour, count), random, by);
      memory = round.memory;
      hours.push(round.leaves);
    }
    return hours;
  };

  it('says the day, and so hides among all of the day', async () => {
    const counts = [1, 1, 2, 1, 3];
    const everyone = counts.flatMap((count, hour) => people(hour, count));
    for (const leaf of (await through(counts)).flat()) {
      expect([leaf.per, leaf.at]).toEqual(['day', day]);
      expect(candidates(leaf, everyone)).toBe(8);
    }
  });

  it('is told by the hour before: a class that was large and is small now still says the hour, and reveals who', async () => {
    const counts = [K, 1, 1];
    const everyone = counts.flatMap((count, hour) => people(hour, count));
    const [first = [], second = [], third = []] = await through(counts);
    expect(first.map(({ per }) => per)).toEqual(Array(K).fill('day'));
    // The limit of the rule: nobody knows while an hour begins how many will come in it.
    expect(second.map((leaf) => [leaf.per, candidates(leaf, everyone)])).toEqual([['hour', 1]]);
    expect(third.map((leaf) => [leaf.per, candidates(leaf, everyone)])).toEqual([['day', K + 2]]);
  });

  it('in a class that stays large a leaf can be about as many as the federation asks for', async () => {
    const counts = [K, K + 1, K, K + 3];
    const everyone = counts.flatMap((count, hour) => people(hour, count));
    for (const leaf of (await through(counts)).flat())
      expect(candidates(leaf, everyone)).toBeGreaterThanOrEqual(K);
  });
});

describe('REQ-LOG-001 whoever watches every round', () => {
  it('learns the second: a leaf hides only among those of its class and round, whatever date it says', async () => {
    const random = insecureRandomFromSeed('watcher');
    const rounds = [['anna'], ['bea', 'cem', 'dan', 'eve']].map((names, second) =>
      names.map((name) => decisionAt(name, addSeconds(HOUR, second))),
    );
    const [alone = [], together = []] = rounds;
    // Alone in a round: the watcher knows the leaf, although it says the hour or the day as those of the others do.
    const first = await logged(alone, random);
    const second = await logged(together, random, { memory: first.memory });
    expect(first.truth).toEqual(['anna']);
    expect(
      new Set([...first.leaves, ...second.leaves].map(({ commitment: _, ...rest }) => JSON.stringify(rest)))
        .size,
    ).toBe(1);
    // Among four: whatever the watcher guesses of one of them is right in a quarter of the rounds.
    let right = 0;
    for (let i = 0; i < 4000; i++) if ((await logged(together, random)).truth[0] === 'bea') right++;
    expect(Math.abs(right / 4000 - 1 / 4)).toBeLessThan(0.03);
  });
});

/** Draws are read as big-endian numbers. */
function swapped(value: number): number {
  return value * 2 ** 24;
}
