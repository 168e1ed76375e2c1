import type { Code } from '@symbolon/protocol/codes';
import { EXIT } from '../exit-code.ts';
import type { JudgedLine, LineOutcome } from './judge-lines.ts';

/** What became of the lines so far. */
export class LineCounts {
  readonly of: Record<LineOutcome, number> = { accepted: 0, referred: 0, refused: 0, unreadable: 0 };
  readonly #codes = new Map<LineOutcome, Map<Code, number>>();
  blank = 0;
  /** Presentations that are remembered no more: a copy of one of them would not be noticed. */
  forgotten = 0;

  add({ outcome, code }: JudgedLine): void {
    this.of[outcome]++;
    if (code === undefined) return;
    const codes = this.#codes.get(outcome) ?? new Map<Code, number>();
    codes.set(code, (codes.get(code) ?? 0) + 1);
    this.#codes.set(outcome, codes);
  }

  /** Lines that are not blank. */
  get all(): number {
    const { accepted, referred, refused, unreadable } = this.of;
    return accepted + referred + refused + unreadable;
  }

  /** Why, by the code that decided, the most frequent one first. */
  why(outcome: LineOutcome): readonly (readonly [Code, number])[] {
    // Of two that are as frequent the first by name, so that the same lines give the same summary.
    return [...(this.#codes.get(outcome) ?? [])].toSorted(
      ([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1),
    );
  }

  get exitCode(): number {
    const { refused, referred, unreadable } = this.of;
    if (refused + unreadable > 0) return EXIT.refused;
    return referred > 0 ? EXIT.referred : EXIT.accepted;
  }
}
