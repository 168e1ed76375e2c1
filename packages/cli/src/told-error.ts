import type { Code } from '@symbolon/protocol/codes';
import { SymbolonError } from '@symbolon/protocol/errors';

/** An error whose own sentence says more to whoever runs the command than that of its code. The sentence never holds what was typed. */
export class ToldError extends SymbolonError {
  readonly sentence: string;

  constructor(code: Code, sentence: string) {
    super(code);
    this.sentence = sentence;
  }
}
