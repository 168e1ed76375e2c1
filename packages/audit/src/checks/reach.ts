import type { CheckId, Findings } from '../findings.ts';
import type { Class } from '../log/class.ts';
import type { PastRegistry } from '../registry/past.ts';

/** What is judged of every decision. */
export const OF_DECISIONS: readonly CheckId[] = ['regions', 'rules', 'approvers', 'keys', 'bursts', 'rates'];

/** Leaves from before the publications that are known are judged by the oldest of them: that is never `ok`. */
export function checkReach(classes: readonly Class[], past: PastRegistry, findings: Findings): void {
  const since = past.publications[0]?.at;
  if (past.isWhole && since !== undefined) return;
  for (const decided of classes) {
    if (since !== undefined && decided.at >= since) continue;
    for (const check of OF_DECISIONS)
      findings.add(check, 'unchecked', undefined, `leaf ${decided.first}`, decided.count);
  }
}
