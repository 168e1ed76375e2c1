import type { Code } from '@symbolon/protocol/codes';
import { isSymbolonError } from '@symbolon/protocol/errors';

const OF_ONE_PERSON: readonly Code[] = [
  'no-decision',
  'expression-failed',
  'fact-malformed',
  'subject-unknown',
  'subject-merged',
  'decision-conflict',
  'decision-not-adverse',
];

/** Whether an error concerns the facts or decisions of one person, so that a job over many counts it and goes on. Storage that fails is none. */
export function isOfOnePerson(error: unknown): boolean {
  return isSymbolonError(error) && OF_ONE_PERSON.includes(error.code);
}
