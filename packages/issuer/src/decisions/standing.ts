import type { Instant } from '@symbolon/protocol/instant';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { isInForce } from '@symbolon/rules/decide';
import type { DecisionStore, JournalStore, ProposalStore, SubjectStore } from '../ports.ts';
import type { Publication } from '../publication.ts';
import { mergedAway } from '../subjects/merged-entry.ts';
import type { Decision } from './decision.ts';
import { publishedRule } from './published-rule.ts';
import { isStricter } from './strictness.ts';

export interface StandingPorts {
  readonly decisions: DecisionStore;
  readonly proposals: ProposalStore;
  readonly subjects: SubjectStore;
  readonly journal: JournalStore;
}

/**
 * The strictest manual decision about a subject that still stands, the newest of several: its time is not over, it was not withdrawn, and its rule is in
 * force. Also where a stricter decision by the rules lies above it, and where it was made about a subject that was merged into this one: that one may have been stricter then, so that nothing
 * of it was adopted. It is answered as one about this subject, with the mode `merged`.
 */
export async function standingDecision(
  ports: StandingPorts,
  publication: Publication,
  scheme: Scheme,
  subject: string,
  now: Instant,
): Promise<Decision | undefined> {
  const merged = await mergedAway(ports, subject);
  const all = await Promise.all([subject, ...merged].map((each) => ports.decisions.all(each, scheme.id)));
  let standing: Decision | undefined;
  // Its own before those of others: what was adopted is not adopted anew.
  for (const decision of all.flatMap((each) => each.toReversed())) {
    if (decision.until === undefined || decision.until <= now) continue;
    if (standing !== undefined && !isStricter(scheme, decision.level, standing.level)) continue;
    if (!mayStillDecide(publication, decision, now) || (await isWithdrawn(ports, decision))) continue;
    standing = decision.subject === subject ? decision : { ...decision, subject, mode: 'merged' };
  }
  return standing;
}

/** By a rule that has ended nothing can be minted: no verifier would accept it. */
function mayStillDecide(
  publication: Publication,
  { scheme, rule, level, authority }: Decision,
  now: Instant,
): boolean {
  const cited = publishedRule(publication, scheme, rule);
  return (
    cited !== undefined &&
    isInForce(cited, now) &&
    cited.level === level &&
    cited.authorities.includes(authority)
  );
}

async function isWithdrawn({ proposals }: StandingPorts, { proposal }: Decision): Promise<boolean> {
  return proposal !== undefined && (await proposals.find(proposal))?.state === 'withdrawn';
}
