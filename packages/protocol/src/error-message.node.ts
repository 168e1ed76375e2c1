import type { Code } from './codes.ts';
import { textOf } from './texts/index.ts';

/** The same on a server or in a terminal, where people read errors: a full sentence. */
export function sentenceOf(code: Code): string {
  return textOf(code);
}
