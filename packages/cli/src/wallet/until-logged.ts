import { setTimeout } from 'node:timers/promises';
import { isSymbolonError } from '@symbolon/protocol/errors';

/** Before the second try, the third and so on, in milliseconds: ten seconds in all, beside what the issuer takes itself. */
const PAUSES = [1000, 2000, 3000, 4000] as const;

export interface Waiting {
  /** Resolves after so many milliseconds. */
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Told before each pause which try comes next, and of how many. */
  readonly onWait: (next: number, tries: number) => void;
}

/**
 * Tries again, a few times, while the issuer says that the decision is not in the log yet: a round of a log takes seconds.
 *
 * @throws SymbolonError `decision-unlogged` when it is not by then; any other at once
 */
export async function untilLogged<T>(attempt: () => Promise<T>, { pause, onWait }: Waiting): Promise<T> {
  for (const [index, milliseconds] of PAUSES.entries()) {
    try {
      return await attempt();
    } catch (error) {
      if (!isSymbolonError(error) || error.code !== 'decision-unlogged') throw error;
    }
    onWait(index + 2, PAUSES.length + 1);
    await pause(milliseconds);
  }
  return attempt();
}

export function pause(milliseconds: number): Promise<void> {
  return setTimeout(milliseconds);
}
