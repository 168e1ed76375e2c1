import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type * as z from 'zod/mini';
import { type Publication, schemeOf } from '../publication.ts';
import type { OperatorRef } from '../subjects/journal-entry.ts';
import { livingSubject, resolveSubject } from '../subjects/resolve.ts';
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
 * One operator of the office that decided, with the role `propose` or `approve`, ends a manual decision before its time, or takes back a proposal that is not
 * decided yet: a change in favour of the person takes one. The rules decide then, by the facts.
 *
 * Order: the proposal is marked as withdrawn, and the rules run. Run again, it runs them again.
 *
 * @throws SymbolonError `statement-invalid`, `forbidden`, `operator-unknown`, `scheme-unknown`, `subject-unknown`, `subject-merged`, `proposal-unknown` when
 *   that decision was not made by hand or there is no such proposal of this subject, `proposal-closed`, and what evaluating throws
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
  const { subject } = read.claims;
  const scheme = schemeOf(publication, read.claims.scheme);
  await livingSubject(ports.subjects, subject);
  const named = await namedProposal(ports, read.claims);
  // REQ-ISS-033
  if (named === undefined) throw new SymbolonError('proposal-unknown');
  // REQ-ISS-029
  if (named.authority !== by.authority) throw new SymbolonError('operator-unknown');
  const proposal = await markWithdrawn(ports, named, token);
  const { decision, held } = await runRules(ports, publication, scheme, subject, now);
  return { proposal, decision, held };
}

/** By the number of the decision that it led to, or by its own digest. A subject that was merged into this one is the same person. */
async function namedProposal(
  { decisions, proposals, subjects }: EvaluatePorts,
  { subject, scheme, sequence, proposal }: z.output<typeof WithdrawalClaims>,
): Promise<ProposalRecord | undefined> {
  if (proposal === undefined) {
    const all = await decisions.all(subject, scheme);
    const id = all.find((each) => each.sequence === sequence)?.proposal;
    return id === undefined ? undefined : proposals.find(id);
  }
  const found = await proposals.find(proposal);
  if (found?.scheme !== scheme) return undefined;
  return (await resolveSubject(subjects, found.subject)).subject === subject ? found : undefined;
}

async function markWithdrawn(
  ports: EvaluatePorts,
  proposal: ProposalRecord,
  token: string,
): Promise<ProposalRecord> {
  const { state } = proposal;
  if (state === 'withdrawn') return proposal;
  if (state === 'rejected' || state === 'lapsed') throw new SymbolonError('proposal-closed');
  const sealed = await addStatement(ports.sealer, proposal, token);
  const withdrawn: ProposalRecord = { ...proposal, state: 'withdrawn', sealed };
  if (await ports.proposals.move(withdrawn, state)) return withdrawn;
  throw new SymbolonError('decision-conflict');
}
