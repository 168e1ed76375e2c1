import { collectYoungGarbage } from './garbage.ts';

/** How much is measured, and whom to tell how far it has come. */
export interface Settings {
  readonly rounds: number;
  /** Operations of a round in place of each benchmark's own number. */
  readonly operations?: number | undefined;
  readonly progress: (benchmark: string, round: number, rounds: number) => void;
}

/** Does the work on one input. False when it did not come out as it must: then there is nothing to measure. */
type Operation<T> = (input: T) => boolean | Promise<boolean>;

export interface Race<T, Name extends string> {
  readonly name: string;
  /** In one round. */
  readonly operations: number;
  /** Inputs of one round, never seen before, so that nothing remembered from earlier ones can help. Not measured. */
  readonly prepare: (operations: number) => Promise<readonly T[]>;
  /** The same work by this library, at its floor, by a peer. */
  readonly runners: Readonly<Record<Name, Operation<T>>>;
}

export interface Sample {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export interface RaceResult<Name extends string> {
  /** Microseconds of CPU time for one operation. */
  readonly time: (runner: Name) => Sample;
  /** Speed of one as a share of the speed of another: 0.5 is half as fast. */
  readonly speed: (runner: Name, other: Name) => Sample;
}

/**
 * Lets all do the same work on the same inputs, round by round, and compares within each round: what slows the machine slows everyone. CPU time
 * of all threads and not the clock, as others may use the machine. Who goes first changes, as the next one finds warmer caches.
 */
export async function race<T, Name extends string>(
  { name, operations, prepare, runners }: Race<T, Name>,
  settings: Settings,
): Promise<RaceResult<Name>> {
  const { rounds } = settings;
  const warmUp = Math.ceil(rounds / 3);
  const all = Object.entries<Operation<T>>(runners);
  const times = new Map<string, number[]>(all.map(([runner]) => [runner, []]));
  for (let round = -warmUp; round < rounds; round++) {
    settings.progress(name, Math.max(0, round), rounds);
    const inputs = await prepare(settings.operations ?? operations);
    // The inputs outlive the round: after the second collection they are old, and no runner pays for their moving.
    collectYoungGarbage();
    collectYoungGarbage();
    const first = (round + warmUp) % all.length;
    for (const [runner, operation] of [...all.slice(first), ...all.slice(0, first)]) {
      const time = await cpuMicroseconds(inputs, operation);
      if (time === undefined) throw new Error(`${name}: the work was not done as it must be.`);
      if (round >= 0) times.get(runner)?.push(time / inputs.length);
    }
  }
  return resultOf(times);
}

/** @param times of each runner, one a round */
export function resultOf<Name extends string>(
  times: ReadonlyMap<string, readonly number[]>,
): RaceResult<Name> {
  const of = (runner: Name): readonly number[] => times.get(runner) ?? [];
  return {
    time: (runner) => sampleOf(of(runner)),
    speed: (runner, other) =>
      sampleOf(of(runner).map((time, round) => (of(other)[round] ?? Number.NaN) / time)),
  };
}

/** Undefined when an operation did not answer true. */
async function cpuMicroseconds<T>(
  inputs: readonly T[],
  operation: Operation<T>,
): Promise<number | undefined> {
  let good = true;
  const before = process.cpuUsage();
  for (const input of inputs) {
    const result = operation(input);
    // What answers at once is not charged for waiting.
    if (!(typeof result === 'boolean' ? result : await result)) good = false;
  }
  // Everyone pays for the garbage that they leave, and for no other.
  collectYoungGarbage();
  const { user, system } = process.cpuUsage(before);
  return good ? Math.max(1, user + system) : undefined;
}

export function sampleOf(values: readonly number[]): Sample {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number) => sorted[index] ?? Number.NaN;
  const middle = (sorted.length - 1) / 2;
  return {
    min: at(0),
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    max: at(sorted.length - 1),
  };
}
