import type { CheckId, Findings } from '../findings.ts';
import { type Class, endOf } from '../log/class.ts';
import { isKnown, isRegionKnown, type PastRegistry, SLOW_SECONDS } from '../registry/past.ts';

/** What is judged of every decision. */
export const OF_DECISIONS: readonly CheckId[] = ['regions', 'rules', 'approvers', 'keys', 'bursts', 'rates'];
/** What is judged by the files of its region. */
const OF_REGIONS: readonly CheckId[] = ['regions', 'rules', 'approvers'];

export interface WithinReach {
  /** Those whose federation could be read: they are counted. */
  readonly counted: readonly Class[];
  /** Those of these whose region could be read, too: each is judged. */
  readonly judged: readonly Class[];
}

/** What was published at their time is not known of all decisions. These are `unchecked`, and held against nobody. */
export function withinReach(classes: readonly Class[], past: PastRegistry, findings: Findings): WithinReach {
  const counted: Class[] = [];
  const judged: Class[] = [];
  const tell = (checks: readonly CheckId[], { first, count }: Class) => {
    for (const check of checks) findings.add(check, 'unchecked', undefined, `leaf ${first}`, count);
  };
  for (const each of classes) {
    const [from, to] = [each.at - SLOW_SECONDS, endOf(each)];
    if (!isKnown(past, from, to)) {
      tell(OF_DECISIONS, each);
      continue;
    }
    counted.push(each);
    if (isRegionKnown(past, each.region, from, to)) judged.push(each);
    else tell(OF_REGIONS, each);
  }
  return { counted, judged };
}
