import type { Instant } from '@symbolon/protocol/instant';
import type { EntryStatus, ListStore, MintRecord, MintStore } from '../ports.ts';

export interface Ended {
  /** Status entries that were moved. */
  readonly entries: number;
  /** When the last living credential without a status entry runs out by itself: until then it is accepted. */
  readonly unlistedUntil: Instant | undefined;
}

/** Moves the status entries of a subject's living credentials (of one scheme, or of all) to a stricter status. It shows in the lists' next publication. */
export async function endLivingCredentials(
  ports: { readonly mints: MintStore; readonly lists: ListStore },
  subject: string,
  scheme: string | undefined,
  now: Instant,
  status: EntryStatus,
  which: (mint: MintRecord) => boolean = () => true,
): Promise<Ended> {
  const mints = (await ports.mints.living(subject, scheme, now)).filter(which);
  const entries = mints.flatMap((mint) => mint.entries);
  for (const entry of entries) await ports.lists.tighten(entry, status);
  const unlisted = mints
    .filter((mint) => mint.entries.length < mint.credentials)
    .map((mint) => mint.expiresAt);
  const unlistedUntil = unlisted.toSorted((a, b) => b - a)[0];
  return { entries: entries.length, unlistedUntil };
}
