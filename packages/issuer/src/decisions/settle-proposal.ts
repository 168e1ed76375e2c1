import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { type Publication, schemeOf } from '../publication.ts';
import type { OperatorRef } from '../subjects/journal-entry.ts';
import { livingSubject } from '../subjects/resolve.ts';
import { carryOut, type SettledProposal } from './carry-out.ts';
import { citedRule } from './cited-rule.ts';
import { statusOf } from './decision.ts';
import type { EvaluatePorts } from './evaluate.ts';
import { ApprovalClaims, operatorStatement } from './operator-statement.ts';
import { hasLapsed, type ProposalRecord } from './proposal-record.ts';
import { publishedRule } from './published-rule.ts';
import { refuseUnlisted } from './refuse-unlisted.ts';
import { addStatement } from './sealed-statements.ts';
import { isStricter } from './strictness.ts';

/**
 * A second operator, with the role `approve` and another key than the first one's, approves a proposal or rejects it (protocol, section 9.4).
 *
 * Order: every check, the proposal is marked as approved, and then as `carryOut` says. After a crash, or when the guard held it, approving again goes on; once
 * it is decided, approving again changes nothing.
 *
 * @throws SymbolonError `statement-invalid`, `forbidden`, `operator-unknown`, `proposal-unknown`, `same-operator`, `proposal-closed`, `decision-not-adverse`,
 *   `subject-merged`, `decision-conflict`
 */
export async function settleProposal(
  ports: EvaluatePorts,
  publication: Publication,
  token: string,
  by: OperatorRef,
  now: Instant,
): Promise<SettledProposal> {
  const read = await operatorStatement('approval', ApprovalClaims, token, publication, by, ['approve'], now);
  const { proposal: id, verdict } = read.claims;
  const proposal = await ports.proposals.find(id);
  // REQ-ISS-033
  if (proposal === undefined) throw new SymbolonError('proposal-unknown');
  refuseOffice(publication, proposal, by);
  // REQ-ISS-030
  if (proposal.proposedBy === by.kid) throw new SymbolonError('same-operator');
  const wanted = verdict === 'approve' ? 'approved' : 'rejected';
  if (proposal.state !== 'open') return goOn(ports, publication, proposal, wanted, by, now);

  if (wanted === 'approved') await refuseLate(ports, publication, proposal, now);
  const sealed = await addStatement(ports.sealer, proposal, token);
  const settled: ProposalRecord = { ...proposal, state: wanted, settledBy: by.kid, sealed };
  if (!(await ports.proposals.move(settled, 'open'))) return ifOwn(ports, publication, id, wanted, by, now);
  return wanted === 'approved' ? carryOut(ports, publication, id, now) : { proposal: settled };
}

/** A write whose answer was lost is sent again, and then it has been done. REQ-ISS-034: of two who settle it at once one is refused. */
async function ifOwn(
  ports: EvaluatePorts,
  publication: Publication,
  id: string,
  wanted: 'approved' | 'rejected',
  by: OperatorRef,
  now: Instant,
): Promise<SettledProposal> {
  const stored = await ports.proposals.find(id);
  if (stored?.settledBy !== by.kid) throw new SymbolonError('proposal-closed');
  return goOn(ports, publication, stored, wanted, by, now);
}

/** REQ-ISS-034: what was settled stays so. Whoever did it may say it again, and anyone who may approve helps an approved one on. */
async function goOn(
  ports: EvaluatePorts,
  publication: Publication,
  proposal: ProposalRecord,
  wanted: 'approved' | 'rejected',
  { kid }: OperatorRef,
  now: Instant,
): Promise<SettledProposal> {
  const { state, settledBy } = proposal;
  if (wanted === 'approved' && (state === 'approved' || (state === 'decided' && settledBy === kid)))
    return carryOut(ports, publication, proposal.id, now);
  if (wanted === 'rejected' && state === 'rejected' && settledBy === kid) return { proposal };
  throw new SymbolonError('proposal-closed');
}

/** REQ-ISS-029: the second operator works for the office that proposed it, or for another one that the rule lists. */
function refuseOffice(
  publication: Publication,
  { scheme, rule, authority }: ProposalRecord,
  by: OperatorRef,
): void {
  const offices = publishedRule(publication, scheme, rule)?.authorities ?? [];
  if (by.authority !== authority && !offices.includes(by.authority))
    throw new SymbolonError('operator-unknown');
}

async function refuseLate(
  ports: EvaluatePorts,
  publication: Publication,
  proposal: ProposalRecord,
  now: Instant,
): Promise<void> {
  // REQ-ISS-034
  if (hasLapsed(proposal, now)) throw new SymbolonError('proposal-closed');
  refuseUnlisted(publication, proposal);
  await livingSubject(ports.subjects, proposal.subject);
  const { level } = citedRule(publication, proposal, now);
  await refuseMilder(ports, publication, proposal, level);
}

/**
 * REQ-ISS-039: while the current decision is stricter, a decision by hand would be a favourable change, and that follows from the facts. Told to the second
 * operator only, who sees whom it is about: whoever can propose must not learn anyone's level by trying.
 */
async function refuseMilder(
  { decisions }: Pick<EvaluatePorts, 'decisions'>,
  publication: Publication,
  { subject, scheme }: ProposalRecord,
  level: string,
): Promise<void> {
  const current = statusOf(await decisions.newest(subject, scheme));
  if (current !== undefined && isStricter(schemeOf(publication, scheme), current.level, level))
    throw new SymbolonError('decision-not-adverse', { path: 'rule' });
}
