import { SymbolonError } from '@symbolon/protocol/errors';
import { own } from '@symbolon/protocol/own';
import type { Publication } from '../publication.ts';
import type { OperatorRole } from '../statements/operators.ts';
import type { ProposalRecord } from './proposal-record.ts';
import { publishedRule } from './published-rule.ts';

/**
 * REQ-ISS-029: whoever has signed a proposal is still listed for it. The first operator by the office that proposed, with the role `propose`; the second one,
 * if there is one already, by that office or another one that the rule lists, with the role `approve`. What was signed by a key that the region has taken
 * away since, as one that was stolen, decides nothing.
 *
 * @throws SymbolonError `operator-unknown`
 */
export function refuseUnlisted(
  publication: Publication,
  { scheme, rule, authority, proposedBy, settledBy }: ProposalRecord,
): void {
  const offices = [authority, ...(publishedRule(publication, scheme, rule)?.authorities ?? [])];
  const isListed = (office: string, kid: string, role: OperatorRole) =>
    own(publication.region.authorities, office)?.operators.some(
      (each) => each.kid === kid && each.roles.includes(role),
    ) === true;
  if (!isListed(authority, proposedBy, 'propose')) throw new SymbolonError('operator-unknown');
  if (settledBy !== undefined && !offices.some((office) => isListed(office, settledBy, 'approve')))
    throw new SymbolonError('operator-unknown');
}
