import { encodeBase64url } from '@symbolon/protocol/base64url';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type { RandomBytes } from '@symbolon/protocol/random';
import type { Rule } from '@symbolon/protocol/schemas/rule-set';
import type { JournalStore, ProposalStore, Sealer, SubjectStore } from '../ports.ts';
import type { Publication } from '../publication.ts';
import { operatorKey } from '../statements/operators.ts';
import { readStatement } from '../statements/statement.ts';
import type { OperatorRef } from '../subjects/journal-entry.ts';
import { noteLiving } from '../subjects/note-living.ts';
import { checkReason } from '../subjects/reason.ts';
import { ProposalClaims } from './operator-statement.ts';
import type { ProposalRecord } from './proposal-record.ts';
import { publishedRule } from './published-rule.ts';
import { openStatements } from './sealed-statements.ts';

/** What a second operator reads before they sign: what is proposed of whom, by which rule, and why. */
export interface ProposalView
  extends Omit<ProposalRecord, 'sealed'>,
    Pick<Rule, 'level' | 'words' | 'legalBasis' | 'when' | 'evidence' | 'contestHours'> {
  /** The first operator's words. */
  readonly statement: string;
  /** What the first operator signed: whoever signs its digest can check on their own machine that it says this. */
  readonly signed: string;
}

export interface ViewPorts {
  readonly proposals: ProposalStore;
  readonly subjects: SubjectStore;
  readonly journal: JournalStore;
  readonly sealer: Sealer;
  readonly random: RandomBytes;
}

/**
 * Opens a proposal for an operator with the role `approve`. It tells about a person, so the entry comes first, in the journal of the living subject: without it nothing is
 * opened, and every time leaves its own.
 *
 * @param reason in the operator's words, for the person to read
 * @throws SymbolonError `operator-unknown`, `request-malformed`, `proposal-unknown`, `decision-not-adverse` when the region has withdrawn the rule
 */
export async function viewProposal(
  ports: ViewPorts,
  publication: Publication,
  id: string,
  by: OperatorRef,
  reason: string,
  now: Instant,
): Promise<ProposalView> {
  operatorKey(publication.region, by, 'approve');
  checkReason(reason);
  const found = await ports.proposals.find(id);
  if (found === undefined) throw new SymbolonError('proposal-unknown');
  const { sealed, ...proposal } = found;
  const rule = publishedRule(publication, proposal.scheme, proposal.rule);
  if (rule === undefined) throw new SymbolonError('decision-not-adverse', { path: 'rule' });
  await noteLiving(ports, proposal.subject, {
    id: `proposal-read-${encodeBase64url(ports.random(12))}`,
    at: now,
    kind: 'facts-read',
    by,
    reason,
    about: proposal.scheme,
  });
  const [token = ''] = await openStatements(ports.sealer, id, sealed);
  const { statement } = readStatement('proposal', ProposalClaims, token).claims;
  const { level, words, legalBasis, when, evidence, contestHours } = rule;
  return { ...proposal, level, words, legalBasis, when, evidence, contestHours, statement, signed: token };
}

/** Proposals that wait for a second operator, oldest first. Nothing of their reasons is opened. */
export async function openProposals(
  { proposals }: Pick<ViewPorts, 'proposals'>,
  now: Instant,
): Promise<readonly ProposalRecord[]> {
  const open = await proposals.open();
  return open.filter(({ state, lapsesAt, until }) => state === 'open' && now < lapsesAt && now < until);
}
