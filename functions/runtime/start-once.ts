import { isSymbolonError } from '@symbolon/protocol/errors';
import { codeOf } from './code-of.ts';
import { type Log, whereOf } from './log.ts';

/**
 * Makes a function's dependencies at the first call and keeps them. A start that fails is logged with what is missing (names of variables, never
 * values), and the next call tries again.
 */
export function startOnce<D>(log: Log, load: () => Promise<D>): () => Promise<D> {
  let loading: Promise<D> | undefined;
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      log('start.failed', {
        code: codeOf(error),
        errorName: error instanceof Error ? error.name : typeof error,
        detail: (isSymbolonError(error) ? error.path : undefined) ?? whereOf(error),
      });
      throw error;
    });
    return loading;
  };
}
