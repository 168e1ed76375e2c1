import type { Instant } from '@symbolon/protocol/instant';
import { concurrently } from '@symbolon/registry/concurrently';
import type { MintRecord } from '../minting/mint-record.ts';
import { ENTRY_CHANGES, type EntryChange, type ListStore, type MintStore } from '../ports.ts';

export interface EndPorts {
  readonly mints: MintStore;
  readonly lists: ListStore;
}

export interface Ended {
  /** Status entries of which it is said. */
  readonly entries: number;
  /** When the last living credential without a status entry runs out by itself: until then it is accepted. */
  readonly unlistedUntil: Instant | undefined;
}

/**
 * Says something of the status entries of a subject's living credentials (of one scheme, or of all). It shows in the lists' next publication. Doing it again
 * changes nothing, and finishes what a crash left undone.
 */
export async function endLivingCredentials(
  ports: EndPorts,
  subject: string,
  scheme: string | undefined,
  now: Instant,
  change: EntryChange,
  which: (mint: MintRecord & { readonly id: string }) => boolean = () => true,
): Promise<Ended> {
  const mints = (await ports.mints.living(subject, scheme, now)).filter(which);
  for (const mint of mints) await changeEntries(ports.lists, mint, change);
  return {
    entries: mints.reduce((sum, mint) => sum + mint.entries.length, 0),
    unlistedUntil: lastUnlisted(mints),
  };
}

/** The same where the authority has missed a contest's deadline, or has answered after all: the newest decision's credentials show it in their lists. */
export function contestCredentials(
  ports: EndPorts,
  subject: string,
  scheme: string,
  now: Instant,
  change: Extract<EntryChange, 'contest' | 'settle'>,
): Promise<Ended> {
  return endLivingCredentials(ports, subject, scheme, now, change);
}

/** Writes only what is not so already: most of what is looked at when a wallet refreshes. */
export async function changeEntries(
  lists: ListStore,
  { entries, expiresAt }: MintRecord,
  change: EntryChange,
): Promise<void> {
  const [flag, wanted] = ENTRY_CHANGES[change];
  await concurrently(entries, async (entry) => {
    const flags = await lists.flags(entry);
    if (flags[flag] !== wanted) await lists.flag(entry, change, expiresAt);
  });
}

export function lastUnlisted(mints: readonly MintRecord[]): Instant | undefined {
  return mints
    .filter((mint) => mint.entries.length < mint.credentials)
    .map((mint) => mint.expiresAt)
    .toSorted((a, b) => b - a)[0];
}
