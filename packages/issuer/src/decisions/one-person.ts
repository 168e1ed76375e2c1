import type { Code } from '@symbolon/protocol/codes';
import { isSymbolonError, type SymbolonError } from '@symbolon/protocol/errors';

const OF_ONE_PERSON: readonly Code[] = [
  'no-decision',
  'expression-failed',
  'fact-malformed',
  'subject-unknown',
  'subject-merged',
  'decision-conflict',
  'decision-not-adverse',
  'operator-unknown',
  'proposal-closed',
  'proposal-unknown',
];

/** After so many people in a row, all with the same error, it is none of theirs. */
const IN_A_ROW = 10;

/** Keeps one person's failure from the others of a job. */
export interface Failures {
  /** Somebody was done without one. */
  readonly none: () => void;
  /**
   * Passes over an error of one person. What lies in their facts or decisions is for the counts of the job; anything else, such as a stored fact that does
   * not open, somebody must see.
   *
   * @throws the error, when it is no `SymbolonError`, or the same one for ten people in a row: storage is down, say, and passing over everyone would only look
   *   like work
   */
  readonly passOver: (error: unknown) => void;
  /** Throws the first error that somebody must see. Call it once the work is saved. */
  readonly throwFirst: () => void;
}

export function failuresOfPeople(): Failures {
  let first: SymbolonError | undefined;
  let last: Code | undefined;
  let inARow = 0;
  return {
    none: () => {
      inARow = 0;
    },
    passOver: (error) => {
      if (!isSymbolonError(error)) throw error;
      if (OF_ONE_PERSON.includes(error.code)) return;
      inARow = error.code === last ? inARow + 1 : 1;
      last = error.code;
      if (inARow >= IN_A_ROW) throw error;
      first ??= error;
    },
    throwFirst: () => {
      if (first !== undefined) throw first;
    },
  };
}
