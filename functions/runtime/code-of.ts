import type { Code } from '@symbolon/protocol/codes';
import { isSymbolonError } from '@symbolon/protocol/errors';

/** The code that a failure is told by. What is not ours says nothing more than `internal-error`. */
export function codeOf(error: unknown): Code {
  return isSymbolonError(error) ? error.code : 'internal-error';
}
