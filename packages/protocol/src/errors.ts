import { sentenceOf } from '@symbolon/protocol/error-message';
import type { Code } from './codes.ts';

export interface ErrorDetail {
  /** Where in the document the fault lies, as a dotted path. Never the value found there. */
  readonly path?: string;
  /** The bound that was passed (see limits.ts), in the unit the limit states. */
  readonly bound?: number;
  readonly cause?: unknown;
}

/**
 * The one error of Symbolon. `code` is API and stable; `message` is not.
 *
 * The message is made from the code alone (and a path or a bound), never from the input, so an error
 * can be logged or shown without leaking a credential. On a server it is a sentence, in a browser the code itself.
 */
export class SymbolonError extends Error {
  readonly code: Code;
  readonly path: string | undefined;
  readonly bound: number | undefined;

  constructor(code: Code, detail: ErrorDetail = {}) {
    const where = detail.path === undefined ? '' : ` (at ${detail.path})`;
    const bound = detail.bound === undefined ? '' : ` (bound: ${detail.bound})`;
    super(
      `${sentenceOf(code)}${where}${bound}`,
      detail.cause === undefined ? undefined : { cause: detail.cause },
    );
    this.name = 'SymbolonError';
    this.code = code;
    this.path = detail.path;
    this.bound = detail.bound;
  }
}

export function isSymbolonError(error: unknown): error is SymbolonError {
  return error instanceof SymbolonError;
}
