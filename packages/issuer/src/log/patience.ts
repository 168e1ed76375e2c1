import { SymbolonError } from '@symbolon/protocol/errors';

/**
 * Does some work for as long as somebody has patience. What it waits for then, a slow read say, is given up: its outcome is nobody's.
 *
 * @param over resolves when they have waited long enough
 * @param work is told by `isOver` to begin nothing more
 * @throws SymbolonError `decision-unlogged` once it is over; what `work` throws before
 */
export async function withPatience<T>(
  over: Promise<void>,
  work: (isOver: () => boolean) => Promise<T>,
): Promise<T> {
  let isOver = false;
  const ended = over.then(() => {
    isOver = true;
    throw new SymbolonError('decision-unlogged');
  });
  return Promise.race([work(() => isOver), ended]);
}
