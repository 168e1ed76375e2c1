import { SymbolonError } from '@symbolon/protocol/errors';
import { own } from '@symbolon/protocol/own';
import type { Federation } from '@symbolon/protocol/schemas/federation';
import type { Region } from '@symbolon/protocol/schemas/region';
import type { OperatorRef } from '../subjects/journal-entry.ts';
import type { PublishedKey } from './statement.ts';

/** What an operator may do. The region file lists them with each key, and a token carries those that it was given for. */
export const OPERATOR_ROLES = ['enrol', 'facts', 'propose', 'approve', 'audit', 'release'] as const;
export type OperatorRole = (typeof OPERATOR_ROLES)[number];

/**
 * REQ-ISS-029: the published key of an operator of one office.
 *
 * @throws SymbolonError `operator-unknown` when the office does not list it with this role
 */
export function operatorKey(
  region: Region,
  { kid, authority }: OperatorRef,
  role: OperatorRole,
): PublishedKey {
  const office = own(region.authorities, authority);
  const key = office?.operators.find((each) => each.kid === kid && each.roles.includes(role));
  if (key === undefined) throw new SymbolonError('operator-unknown');
  return key;
}

/**
 * Who may release what the guard holds in a region: operators of the region that delegates it with the role `release`, or, of a top-level region, the
 * federation's overseers.
 */
export function overseersOf(federation: Federation, parent: Region | undefined): readonly PublishedKey[] {
  if (parent === undefined) return federation.overseers ?? [];
  return Object.values(parent.authorities).flatMap(({ operators }) =>
    operators.filter(({ roles }) => roles.includes('release')),
  );
}
