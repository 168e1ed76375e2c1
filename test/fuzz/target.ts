import type { Bytes } from '@symbolon/protocol/bytes';
import type { Code } from '@symbolon/protocol/codes';
import type { Dice } from './dice.ts';

/** What was made of something genuine. */
export interface Mutant {
  readonly input: string | Bytes;
  /** What was done, in order, by the names of the mutations. */
  readonly how: readonly string[];
  /** Who signed anew what was changed. Nobody, as a rule; a holder binds whatever she likes; an issuer signs his own text otherwise spelt. */
  readonly sealed: Sealed;
}
export type Sealed = 'not' | 'by-holder' | 'by-issuer';

export type Outcome =
  /** With one code of the closed list. */
  | { readonly kind: 'refused'; readonly code: Code }
  /** Taken, and the very same thing as that from which it was made. */
  | { readonly kind: 'unchanged' }
  /** Taken, and less than that: of a bundle, what is damaged is not used. */
  | { readonly kind: 'lessened' }
  /** The oracle says no. */
  | { readonly kind: 'failed'; readonly why: string };

/** A reader under test, what is genuine to it, and the oracle. */
export interface Target {
  mutant(dice: Dice): Promise<Mutant>;
  /** Never throws: what the reader throws is an outcome. */
  judge(mutant: Mutant): Promise<Outcome>;
  /** The genuine things as JSON, for a reproducer: signatures differ from one making to the next. */
  readonly genuine: readonly string[];
}
