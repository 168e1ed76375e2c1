import { diceFor } from './dice.ts';
import type { Mutant, Target } from './target.ts';

/** What came of the mutants of one target. */
export interface Tally {
  mutants: number;
  /** Taken, and the very same thing. */
  unchanged: number;
  /** Taken, and less. */
  lessened: number;
  /** By code. */
  readonly refused: Map<string, number>;
  readonly failures: Failure[];
}

export interface Failure {
  readonly number: number;
  readonly why: string;
  readonly mutant: Mutant;
}

export function emptyTally(): Tally {
  return { mutants: 0, unchanged: 0, lessened: 0, refused: new Map(), failures: [] };
}

/** One more mutant, by its number. @returns the failure, if the oracle says no */
export async function runOne(
  target: Target,
  seed: number,
  number: number,
  tally: Tally,
): Promise<Failure | undefined> {
  const mutant = await target.mutant(diceFor(seed, number));
  const outcome = await target.judge(mutant);
  tally.mutants++;
  if (outcome.kind === 'refused') tally.refused.set(outcome.code, (tally.refused.get(outcome.code) ?? 0) + 1);
  else if (outcome.kind === 'failed') {
    const failure = { number, why: outcome.why, mutant };
    tally.failures.push(failure);
    return failure;
  } else tally[outcome.kind]++;
  return undefined;
}

export async function runMany(target: Target, seed: number, count: number): Promise<Tally> {
  const tally = emptyTally();
  for (let number = 0; number < count; number++) await runOne(target, seed, number, tally);
  return tally;
}
