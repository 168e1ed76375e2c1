import { ProposalClaims } from '@symbolon/issuer/operator-statement';
import { operatorKey } from '@symbolon/issuer/operators';
import { readStatement, verifyStatement } from '@symbolon/issuer/statement';
import { SymbolonError } from '@symbolon/protocol/errors';
import { formatRuleRef } from '@symbolon/protocol/ids';
import { formatInstant, type Instant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import { NumericDate } from '@symbolon/protocol/schemas/common';
import type { Rule } from '@symbolon/protocol/schemas/rule-set';
import * as z from 'zod/mini';
import { plain } from '../output/terminal.ts';
import type { IssuerDesk } from './open-desk.ts';

/** What the issuer tells of a proposal. What it says of whom is read from what the first operator signed, and what the rule says from the signed registry. */
const Answer = z.object({
  state: z.string(),
  lapsesAt: NumericDate,
  signed: z.string(),
  sequence: z.optional(z.nullable(z.int())),
});

export interface ProposalView {
  readonly id: string;
  readonly state: string;
  readonly lapsesAt: Instant;
  readonly proposedBy: string;
  /** Of the decision that was made of it, once there is one. */
  readonly sequence: number | undefined;
  readonly claims: z.output<typeof ProposalClaims>;
}

export interface SeenProposal {
  readonly proposal: ProposalView;
  readonly rule: Rule;
}

/**
 * Opens a proposal, which leaves an entry in the person's record. What is shown is what an operator of the region signed under exactly this id: an issuer that
 * lies cannot have another one signed.
 *
 * @throws SymbolonError what the issuer answers; `proposal-unknown` for another one, `statement-invalid`, `operator-unknown`, `rule-unknown`
 */
export async function viewProposal(desk: IssuerDesk, id: string, reason: string): Promise<SeenProposal> {
  const body = { proposal: id, reason };
  const { state, lapsesAt, signed, sequence } = await desk.post(Answer, '/proposals/view', body, 'approve');
  const statement = readStatement('proposal', ProposalClaims, signed);
  const { claims, kid, digest } = statement;
  if (digest !== id) throw new SymbolonError('proposal-unknown');
  const { region } = desk.view;
  const key = operatorKey(region, { kid, authority: claims.authority }, 'propose');
  // How old it may be is for the issuer to say: it was taken in time, or it would not wait.
  await verifyStatement(statement, key, region.issuer, claims.iat);
  const rules = own(desk.view.ruleSets, claims.scheme)?.rules ?? [];
  const rule = rules.find((each) => formatRuleRef(each) === claims.rule);
  if (rule === undefined) throw new SymbolonError('rule-unknown');
  return {
    proposal: { id, state, lapsesAt, proposedBy: kid, sequence: sequence ?? undefined, claims },
    rule,
  };
}

/** For the second operator: what is proposed, the rule's own words, and on what kind of evidence. */
export function proposalLines(
  { proposal, rule }: SeenProposal,
  { registry }: Pick<IssuerDesk, 'registry'>,
): readonly string[] {
  const { id, state, lapsesAt, proposedBy, sequence, claims } = proposal;
  const level = own(registry.schemes, claims.scheme)?.levels.find((each) => each.id === rule.level);
  const title = level === undefined ? '' : ` (${level.titles.en} / ${level.titles.zh})`;
  return [
    `Proposal   ${id} (${state})`,
    `Subject    ${claims.subject}`,
    `Level      ${claims.scheme}: ${rule.level}${title}`,
    `Until      ${formatInstant(claims.until)}`,
    `Rule       ${claims.rule}: ${rule.words.en} / ${rule.words.zh}`,
    `  when     ${rule.when.replaceAll(/\s+/g, ' ')}`,
    `  basis    ${rule.legalBasis.en} / ${rule.legalBasis.zh}`,
    `  evidence ${rule.evidence}; a contest is answered within ${rule.contestHours} hours`,
    `Proposed   ${formatInstant(claims.iat)} by ${proposedBy} (${claims.authority}); lapses ${formatInstant(lapsesAt)}`,
    `Statement  ${claims.statement}`,
    ...(sequence === undefined ? [] : [`Decision   number ${sequence} of ${claims.scheme}`]),
  ].map(plain);
}

/** The same for machines. */
export function proposalJson({ proposal, rule }: SeenProposal): object {
  const { id, state, lapsesAt, proposedBy, sequence = null, claims } = proposal;
  const { level, words, legalBasis, when, evidence, contestHours } = rule;
  const { subject, scheme, authority, statement } = claims;
  return {
    id,
    state,
    sequence,
    subject,
    scheme,
    rule: claims.rule,
    authority,
    proposedBy,
    proposedAt: formatInstant(claims.iat),
    lapsesAt: formatInstant(lapsesAt),
    until: formatInstant(claims.until),
    statement,
    level,
    words,
    legalBasis,
    when,
    evidence,
    contestHours,
  };
}

/** How one operator ends the decision that was made of a proposal. */
export function withdrawLine(
  region: string,
  { claims, sequence }: Pick<ProposalView, 'claims' | 'sequence'>,
): string {
  const { subject, scheme } = claims;
  return plain(
    `To end it early: symbolon issuer withdraw ${region} --subject ${subject} --scheme ${scheme} --sequence ${sequence} --reason "..."`,
  );
}
