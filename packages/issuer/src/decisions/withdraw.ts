import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { type Publication, schemeOf } from '../publication.ts';
import type { OperatorRef } from '../subjects/journal-entry.ts';
import { livingSubject } from '../subjects/resolve.ts';
import type { BurstRecord } from './burst-record.ts';
import type { Decision } from './decision.ts';
import { type EvaluatePorts, runRules } from './evaluate.ts';
import { operatorStatement, WithdrawalClaims } from './operator-statement.ts';
import type { ProposalRecord } from './proposal-record.ts';
import { addStatement } from './sealed-statements.ts';

export interface Withdrawal {
  readonly proposal: ProposalRecord;
  /** What the rules say now; nothing when none matches: what was minted is suspended then. */
  readonly decision: Decision | undefined;
  readonly held: BurstRecord | undefined;
}

/**
 * One operator of the office that decided, with the role `propose` or `approve`, ends a manual decision before its time: a change in favour of the person
 * takes one. The rules decide then, by the facts.
 *
 * Order: the proposal is marked as withdrawn, and the rules run. Run again, it runs them again.
 *
 * @throws SymbolonError `statement-invalid`, `forbidden`, `operator-unknown`, `scheme-unknown`, `subject-unknown`, `subject-merged`, `proposal-unknown` when
 *   that decision was not made by hand, and what evaluating throws
 */
export async function withdrawDecision(
  ports: EvaluatePorts,
  publication: Publication,
  token: string,
  by: OperatorRef,
  now: Instant,
): Promise<Withdrawal> {
  const roles = ['propose', 'approve'] as const;
  const read = await operatorStatement('withdrawal', WithdrawalClaims, token, publication, by, roles, now);
  const { subject, sequence } = read.claims;
  const scheme = schemeOf(publication, read.claims.scheme);
  await livingSubject(ports.subjects, subject);
  const all = await ports.decisions.all(subject, scheme.id);
  const { proposal: id, authority } = all.find((each) => each.sequence === sequence) ?? {};
  if (id === undefined) throw new SymbolonError('proposal-unknown');
  if (authority !== by.authority) throw new SymbolonError('operator-unknown');
  const proposal = await markWithdrawn(ports, id, token);
  const { decision, held } = await runRules(ports, publication, scheme, subject, now);
  return { proposal, decision, held };
}

async function markWithdrawn(ports: EvaluatePorts, id: string, token: string): Promise<ProposalRecord> {
  const proposal = await ports.proposals.find(id);
  if (proposal === undefined) throw new SymbolonError('proposal-unknown');
  if (proposal.state === 'withdrawn') return proposal;
  // A crash between the decision and its mark has left it `approved`: there is a decision, so it is `decided`.
  if (proposal.state !== 'decided' && proposal.state !== 'approved')
    throw new SymbolonError('proposal-closed');
  const sealed = await addStatement(ports.sealer, proposal, token);
  const withdrawn: ProposalRecord = { ...proposal, state: 'withdrawn', sealed };
  if (await ports.proposals.move(withdrawn, proposal.state)) return withdrawn;
  throw new SymbolonError('decision-conflict');
}
