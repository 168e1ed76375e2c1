import { SymbolonError } from '@symbolon/protocol/errors';
import { formatRuleRef } from '@symbolon/protocol/ids';
import { formatInstant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import { NumericDate } from '@symbolon/protocol/schemas/common';
import type { Rule } from '@symbolon/protocol/schemas/rule-set';
import * as z from 'zod/mini';
import { plain } from '../output/terminal.ts';
import type { IssuerDesk } from './open-desk.ts';

/** What the issuer tells of a proposal. What the rule says is taken from the signed registry, and not from here. */
export const ProposalView = z.object({
  id: z.string(),
  subject: z.string(),
  scheme: z.string(),
  rule: z.string(),
  authority: z.string(),
  proposedBy: z.string(),
  proposedAt: NumericDate,
  lapsesAt: NumericDate,
  until: NumericDate,
  state: z.string(),
  statement: z.string(),
});
export type ProposalView = z.output<typeof ProposalView>;

/** Opens a proposal, which leaves an entry in the person's record. @throws SymbolonError what the issuer answers */
export async function viewProposal(
  desk: IssuerDesk,
  id: string,
  reason: string,
): Promise<{ readonly proposal: ProposalView; readonly rule: Rule }> {
  const body = { proposal: id, reason };
  const proposal = await desk.post(ProposalView, '/proposals/view', body, 'approve');
  // What is signed names this one: another must not be shown for it.
  if (proposal.id !== id) throw new SymbolonError('proposal-unknown');
  const rules = own(desk.view.ruleSets, proposal.scheme)?.rules ?? [];
  const rule = rules.find((each) => formatRuleRef(each) === proposal.rule);
  if (rule === undefined) throw new SymbolonError('rule-unknown');
  return { proposal, rule };
}

/** For the second operator: what is proposed, the rule's own words, and on what kind of evidence. */
export function proposalLines(
  { proposal, rule }: Awaited<ReturnType<typeof viewProposal>>,
  { registry }: Pick<IssuerDesk, 'registry'>,
): readonly string[] {
  const level = own(registry.schemes, proposal.scheme)?.levels.find(({ id }) => id === rule.level);
  const title = level === undefined ? '' : ` (${level.titles.en} / ${level.titles.zh})`;
  return [
    `Proposal   ${proposal.id} (${proposal.state})`,
    `Subject    ${proposal.subject}`,
    `Level      ${proposal.scheme}: ${rule.level}${title}`,
    `Until      ${formatInstant(proposal.until)}`,
    `Rule       ${proposal.rule}: ${rule.words.en} / ${rule.words.zh}`,
    `  when     ${rule.when.replaceAll(/\s+/g, ' ')}`,
    `  basis    ${rule.legalBasis.en} / ${rule.legalBasis.zh}`,
    `  evidence ${rule.evidence}; a contest is answered within ${rule.contestHours} hours`,
    `Proposed   ${formatInstant(proposal.proposedAt)} by ${proposal.proposedBy} (${proposal.authority}); lapses ${formatInstant(proposal.lapsesAt)}`,
    `Statement  ${proposal.statement}`,
  ].map(plain);
}

/** The same for machines. */
export function proposalJson({ proposal, rule }: Awaited<ReturnType<typeof viewProposal>>): object {
  const { level, words, legalBasis, when, evidence, contestHours } = rule;
  const times = {
    proposedAt: formatInstant(proposal.proposedAt),
    lapsesAt: formatInstant(proposal.lapsesAt),
    until: formatInstant(proposal.until),
  };
  return { ...proposal, ...times, level, words, legalBasis, when, evidence, contestHours };
}
