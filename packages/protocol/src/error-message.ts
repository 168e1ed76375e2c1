import type { Code } from './codes.ts';

/** What an error says for itself where it is not read by people: the code. A page that shows words takes them from `@symbolon/verifier/texts`. */
export function sentenceOf(code: Code): string {
  return code;
}
