import { type Bitstring, decodeBitstring } from '@symbolon/status/bitstring';
import { inflateList, type StatusList } from '@symbolon/status/status-list';
import type { Trust, TrustedBitstring, TrustedList } from './trust.ts';

/** At most this many of a kind are kept inflated, 1 MiB each at the most: a gate sees the lists of a few hours and regions again and again. */
const KEPT = 16;

/** In the order in which they were last read. Of one trust object, and gone with it. */
const recentLists = new WeakMap<Trust['lists'], Map<TrustedList, StatusList>>();
const recentBitstrings = new WeakMap<Trust['bitstrings'], Map<TrustedBitstring, Bitstring>>();

/**
 * The entries of a list. A bundle holds hundreds of lists and a gate reads few of them, so one is inflated when it is first read; a region that publishes
 * many or large ones costs others nothing.
 *
 * @throws SymbolonError `status-list-malformed`
 */
export function inflated({ lists }: Pick<Trust, 'lists'>, list: TrustedList): Promise<StatusList> {
  return kept(recentLists, lists, list, () => inflateList(list.bits, list.compressed));
}

/** The same for a Bitstring list. @throws SymbolonError `status-list-malformed` */
export function expanded(
  { bitstrings }: Pick<Trust, 'bitstrings'>,
  list: TrustedBitstring,
): Promise<Bitstring> {
  return kept(recentBitstrings, bitstrings, list, () => decodeBitstring(list.encodedList));
}

async function kept<Owner extends object, List, Entries>(
  recentOf: WeakMap<Owner, Map<List, Entries>>,
  owner: Owner,
  list: List,
  inflate: () => Promise<Entries>,
): Promise<Entries> {
  const recent = recentOf.get(owner) ?? new Map<List, Entries>();
  recentOf.set(owner, recent);
  const entries = recent.get(list) ?? (await inflate());
  recent.delete(list);
  recent.set(list, entries);
  const [oldest] = recent.keys();
  if (recent.size > KEPT && oldest !== undefined) recent.delete(oldest);
  return entries;
}
