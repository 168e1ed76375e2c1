import { inflateList, type StatusList } from '@symbolon/status/status-list';
import type { TrustedList } from './trust.ts';

/** At most this many are kept inflated, 1 MiB each at the most: a gate sees the lists of a few hours and regions again and again. */
const KEPT = 16;

/** In the order in which they were last read. */
const recent = new Map<TrustedList, StatusList>();

/**
 * The entries of a list. A bundle holds hundreds of lists and a gate reads few of them, so one is inflated when it is first read; a region that publishes
 * many or large ones costs others nothing.
 *
 * @throws SymbolonError `status-list-malformed`
 */
export async function inflated(list: TrustedList): Promise<StatusList> {
  const entries = recent.get(list) ?? (await inflateList(list.bits, list.compressed));
  recent.delete(list);
  recent.set(list, entries);
  const [oldest] = recent.keys();
  if (recent.size > KEPT && oldest !== undefined) recent.delete(oldest);
  return entries;
}
