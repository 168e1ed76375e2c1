import type { Step } from '@symbolon/protocol/schemas/verdict';
import type { Language } from '@symbolon/verifier/texts';
import type { VerifiedShowing } from '../verify-files.ts';
import type { Proven } from './proven.ts';
import type { ExplainWords } from './words.ts';

/** What the sentences about a step are made of. */
export interface Explained {
  readonly showing: VerifiedShowing;
  readonly all: readonly Proven[];
  readonly words: ExplainWords;
  readonly language: Language;
}

/** The published facts that a step went by, in sentences. */
export type FactsOf = (explained: Explained) => readonly string[];
export type StepFacts = Readonly<Partial<Record<Step, FactsOf>>>;

/** What is true of each credential; where there are several, each begins with its number. */
export function ofEach(
  { all, words }: Explained,
  factsOf: (proven: Proven) => readonly string[],
): readonly string[] {
  if (all.length === 1) return all.flatMap(factsOf);
  return all.flatMap((proven, index) => {
    const [first, ...more] = factsOf(proven);
    return first === undefined ? [] : [words.credential(index + 1) + first, ...more];
  });
}
