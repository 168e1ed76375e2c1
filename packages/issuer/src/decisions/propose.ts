import { SymbolonError } from '@symbolon/protocol/errors';
import { addHours, type Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import type { ProposalStore, Sealer, SubjectStore } from '../ports.ts';
import { type Publication, schemeOf } from '../publication.ts';
import type { OperatorRef } from '../subjects/journal-entry.ts';
import { livingSubject } from '../subjects/resolve.ts';
import { citedRule } from './cited-rule.ts';
import { operatorStatement, ProposalClaims } from './operator-statement.ts';
import type { ProposalRecord } from './proposal-record.ts';
import { sealStatements } from './sealed-statements.ts';

export interface ProposePorts {
  readonly subjects: SubjectStore;
  readonly proposals: ProposalStore;
  readonly sealer: Sealer;
}

/**
 * One operator with the role `propose` proposes an adverse decision, by a published rule and with their signature (protocol, section 9.4). Nothing is decided
 * yet. Every check comes before the one write. The same proposal again answers what became of it.
 *
 * @throws SymbolonError `statement-invalid`, `forbidden`, `operator-unknown`, `scheme-unknown`, `decision-not-adverse`, `subject-unknown`, `subject-merged`
 */
export async function propose(
  ports: ProposePorts,
  publication: Publication,
  token: string,
  by: OperatorRef,
  now: Instant,
): Promise<ProposalRecord> {
  const read = await operatorStatement('proposal', ProposalClaims, token, publication, by, ['propose'], now);
  const { digest: id, claims } = read;
  const { subject, scheme, rule, authority, until } = claims;
  const known = await ports.proposals.find(id);
  if (known !== undefined) return known;
  citedRule(publication, claims, now);
  await refuseForeign(ports, publication, subject, scheme);
  const proposal: ProposalRecord = {
    id,
    subject,
    scheme,
    rule,
    authority,
    proposedBy: by.kid,
    proposedAt: now,
    lapsesAt: addHours(now, LIMITS.proposalHours),
    until,
    state: 'open',
    sealed: await sealStatements(ports.sealer, id, [token]),
  };
  if (await ports.proposals.add(proposal)) return proposal;
  return (await ports.proposals.find(id)) ?? proposal;
}

/** A thing has no status of a scheme for people, nor a person one of a scheme for things. */
async function refuseForeign(
  { subjects }: ProposePorts,
  publication: Publication,
  subject: string,
  scheme: string,
): Promise<void> {
  const { kind } = await livingSubject(subjects, subject);
  if (kind !== schemeOf(publication, scheme).subjects) throw new SymbolonError('subject-unknown');
}
