import type { Instant } from '@symbolon/protocol/instant';
import type { EntryStatus, ListStore, MintRecord, MintStore } from '../ports.ts';

/**
 * Moves the status entries of a subject's living credentials to a stricter status. It shows in the lists' next publication.
 *
 * @returns how many entries there were
 */
export async function endLivingCredentials(
  ports: { readonly mints: MintStore; readonly lists: ListStore },
  subject: string,
  scheme: string,
  now: Instant,
  status: EntryStatus,
  which: (mint: MintRecord) => boolean = () => true,
): Promise<number> {
  const mints = await ports.mints.living(subject, scheme, now);
  const entries = mints.filter(which).flatMap((mint) => mint.entries);
  for (const entry of entries) await ports.lists.tighten(entry, status);
  return entries.length;
}
