/** A command that was called wrongly. The sentence says what to do instead, and never holds what was typed. */
export class UsageError extends Error {
  constructor(sentence: string) {
    super(sentence);
    this.name = 'UsageError';
  }
}
