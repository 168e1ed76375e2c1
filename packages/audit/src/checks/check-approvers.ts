import type { Findings } from '../findings.ts';
import { type Class, endOf } from '../log/class.ts';
import { type PastRegistry, pastsDuring } from '../registry/past.ts';
import { isWorse } from './worse.ts';

/**
 * REQ-AUD-005: a manual decision that is worse for the person names two operators of its office, by different keys that the region had published then: one who may propose, and
 * one who may approve.
 */
export function checkApprovers(classes: readonly Class[], past: PastRegistry, findings: Findings): void {
  for (const decided of classes) {
    if (decided.mode !== 'manual' || !isWorse(past, decided)) continue;
    if (!areTwo(decided, past))
      findings.add('approvers', 'failed', 'approvers-missing', `leaf ${decided.first}`, decided.count);
  }
}

function areTwo(decided: Class, past: PastRegistry): boolean {
  const [a, b] = decided.approvers;
  if (decided.approvers.length !== 2 || a === undefined || b === undefined || a === b) return false;
  const roles = new Map<string, Set<string>>();
  for (const { regions } of pastsDuring(past, decided.at, endOf(decided))) {
    const offices = regions.get(decided.region)?.region?.authorities ?? {};
    const office = Object.hasOwn(offices, decided.authority) ? offices[decided.authority] : undefined;
    for (const { kid, roles: own } of office?.operators ?? [])
      roles.set(kid, new Set([...(roles.get(kid) ?? []), ...own]));
  }
  const may = (kid: string, role: string) => roles.get(kid)?.has(role) === true;
  return (may(a, 'propose') && may(b, 'approve')) || (may(b, 'propose') && may(a, 'approve'));
}
