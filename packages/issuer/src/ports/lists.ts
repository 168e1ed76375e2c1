import type { Instant } from '@symbolon/protocol/instant';
import type { StatusEntry } from '@symbolon/protocol/schemas/credential';
import type { MintRecord } from '../minting/mint-record.ts';

export interface MintStore {
  /** Recorded before any credential leaves. The same id again changes nothing. */
  record(id: string, mint: MintRecord): Promise<void>;
  /** Every mint of a subject (for one scheme, or for all) that has not expired, with its id. Consistent and complete. */
  living(
    subject: string,
    scheme: string | undefined,
    now: Instant,
  ): Promise<readonly (MintRecord & { readonly id: string })[]>;
}

/**
 * What can be said of an entry. Suspension and contest are reversible, revocation is not. Which value a list shows follows from the three by precedence
 * (protocol, section 7).
 */
export interface EntryFlags {
  readonly revoked: boolean;
  readonly suspended: boolean;
  readonly contested: boolean;
}

/** Sets one flag, or clears one. `revoked` is never cleared. */
export type EntryChange = 'revoke' | 'suspend' | 'restore' | 'contest' | 'settle';

/** The one flag that a change sets or clears. */
export const ENTRY_CHANGES: Readonly<Record<EntryChange, readonly [keyof EntryFlags, boolean]>> = {
  revoke: ['revoked', true],
  suspend: ['suspended', true],
  restore: ['suspended', false],
  contest: ['contested', true],
  settle: ['contested', false],
};

/** A list as the store knows it. */
export interface ListRecord {
  readonly uri: string;
  readonly expiresAt: Instant;
  /** Secret of the region, base64url of 32 bytes: which index a position has, and which entries are decoys. Never leaves with anything that is published. */
  readonly seed: string;
  /** Blocks of positions that were leased. */
  readonly leased: number;
}

export interface ListStore {
  /**
   * Leases the next block of positions of a list, by one conditional write: every block is answered to one caller only, ever, also when that caller dies.
   * The first lease stores the list with this expiry and seed; later ones get the seed that is stored.
   *
   * @returns undefined once `blocks` of them are leased
   */
  lease(
    list: Omit<ListRecord, 'leased'>,
    blocks: number,
  ): Promise<{ seed: string; block: number } | undefined>;
  /** Changes what is said of an entry, by one atomic write on that entry alone: of two changes at once none is lost. */
  flag(entry: StatusEntry, change: EntryChange, expiresAt: Instant): Promise<void>;
  /** What is said of one entry now: nothing is set where nothing was said. Consistent: sees every finished `flag`. */
  flags(entry: StatusEntry): Promise<EntryFlags>;
  /** Every list that expires after `now`. Consistent and complete. */
  lists(now: Instant): Promise<readonly ListRecord[]>;
  /** Every entry of a list of which something is said. Consistent and complete. */
  flagged(uri: string): Promise<readonly (EntryFlags & { readonly idx: number })[]>;
}

/** Where status lists are published: static files. */
export interface ListPublisher {
  /** The text published under this id, if any. */
  read(id: string): Promise<string | undefined>;
  publish(id: string, text: string): Promise<void>;
  /** Says which lists are current, once they are published. */
  announce(ids: readonly string[]): Promise<void>;
}
