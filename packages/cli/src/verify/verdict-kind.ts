import type { Code } from '@symbolon/protocol/codes';
import type { Severity, Verdict } from '@symbolon/protocol/schemas/verdict';

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
  const severity = DECISIVE[verdict.outcome === 'refused' ? verdict.reason : verdict.outcome];
  return verdict.findings.find((finding) => finding.severity === severity)?.code;
}

const DECISIVE: Record<'accepted' | 'referred' | 'not-accepted' | 'not-authentic', Severity | undefined> = {
  accepted: undefined,
  referred: 'referred',
  'not-accepted': 'not-accepted',
  'not-authentic': 'not-authentic',
};
