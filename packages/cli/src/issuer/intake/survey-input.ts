import { fromUtf8 } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { ToldError } from '../../told-error.ts';
import type { BatchLine } from './input-line.ts';
import { readLines } from './read-lines.ts';

/** So many bad lines are told. Whoever has more has the same fault in all of them. */
const MOST_TOLD = 20;

/** What the whole file says, and which file it is. */
export interface Survey {
  readonly sha256: string;
  /** Number of the last line. */
  readonly lastLine: number;
  readonly facts: number;
  readonly retracts: number;
}

/**
 * Reads all of it before anything is sent: a file that is wrong somewhere is sent nowhere.
 *
 * @throws SymbolonError the first fault, with the number of its line; its `cause` is an AggregateError of all that are told. `input-unreadable` when nothing is in it
 */
export async function surveyInput(
  path: string,
  read: (text: string) => BatchLine,
  onLines: (lines: number) => void,
): Promise<Survey> {
  const counts = { fact: 0, retract: 0 };
  const faults: SymbolonError[] = [];
  let sha256 = '';
  let lastLine = 0;
  for await (const lines of readLines(path, (hash) => {
    sha256 = hash;
  })) {
    for (const { number, bytes } of lines) {
      lastLine = number;
      try {
        counts[read(fromUtf8(bytes)).kind]++;
      } catch (error) {
        faults.push(atLine(number, error));
        if (faults.length >= MOST_TOLD) throw all(faults);
      }
    }
    onLines(lastLine);
  }
  if (faults.length > 0) throw all(faults);
  if (lastLine === 0)
    throw new ToldError('input-unreadable', 'Nothing is in FILE: it is JSON Lines, one fact a line.');
  return { sha256, lastLine, facts: counts.fact, retracts: counts.retract };
}

/** An error with the number of its line, and never with what stands there. */
export function atLine(number: number, error: unknown): SymbolonError {
  if (!isSymbolonError(error)) throw error;
  const { code, path, bound } = error;
  return new SymbolonError(code, {
    path: path === undefined ? `line ${number}` : `line ${number}: ${path}`,
    ...(bound !== undefined && { bound }),
  });
}

function all(faults: readonly SymbolonError[]): SymbolonError {
  const [first] = faults;
  const { code, path } = first ?? new SymbolonError('input-unreadable');
  return new SymbolonError(code, { ...(path !== undefined && { path }), cause: new AggregateError(faults) });
}
