import type { Code } from '@symbolon/protocol/codes';
import type { Verdict } from '@symbolon/protocol/schemas/verdict';
import { outcomeOf } from '@symbolon/verifier/outcome';

/**
 * Whether no presentation was shown at all: that is unreadable input, not a refused holder. Of several, none is one: what is shown beside something else is a
 * showing, and its verdict stands.
 *
 * @param shown how many were shown
 */
export function isUnreadable({ findings }: Verdict, shown: number): boolean {
  const unrecognised = findings.filter(({ code }) => code === 'presentation-unrecognised').length;
  return unrecognised === findings.length && unrecognised >= Math.max(1, shown);
}

/** The first of the findings that made the outcome what it is. Nothing of an accepted one. */
export function decisiveCode(verdict: Verdict): Code | undefined {
  const outcome = outcomeOf(verdict);
  return verdict.findings.find(({ severity }) => severity === outcome)?.code;
}
