import type { Instant } from '@symbolon/protocol/instant';
import type { StatusEntry } from '@symbolon/protocol/schemas/credential';
import type { MintRecord } from '../minting/mint-record.ts';
import {
  ENTRY_CHANGES,
  type EntryChange,
  type EntryFlags,
  type ListPublisher,
  type ListRecord,
  type ListStore,
  type MintStore,
} from '../ports.ts';

export interface MemoryLists {
  readonly mints: MintStore & { readonly all: ReadonlyMap<string, MintRecord> };
  readonly lists: ListStore;
  readonly publisher: ListPublisher & {
    readonly files: ReadonlyMap<string, string>;
    readonly index: () => readonly string[];
  };
}

export function memoryLists(): MemoryLists {
  return { mints: mints(), lists: lists(), publisher: publisher() };
}

function mints(): MemoryLists['mints'] {
  const all = new Map<string, MintRecord>();
  const bySubject = new Map<string, Map<string, MintRecord>>();
  return {
    all,
    record: async (id, mint) => {
      const own = bySubject.get(mint.subject) ?? new Map<string, MintRecord>();
      bySubject.set(mint.subject, own);
      const key = `${mint.scheme} ${id}`;
      const there = own.get(key);
      if (there !== undefined && JSON.stringify(there) !== JSON.stringify(mint))
        throw new Error('a mint was rewritten');
      // What was minted for a subject is recorded for another one under the same id, when they are found to be the same.
      own.set(key, mint);
      all.set(`${mint.subject} ${key}`, mint);
    },
    living: async (subject, scheme, now) =>
      [...(bySubject.get(subject) ?? [])]
        .map(([key, mint]) => ({ ...mint, id: key.slice(mint.scheme.length + 1) }))
        .filter((mint) => (scheme === undefined || mint.scheme === scheme) && mint.expiresAt > now),
  };
}

/** What a change makes of an entry. */
export function changed(flags: EntryFlags, change: EntryChange): EntryFlags {
  const [flag, value] = ENTRY_CHANGES[change];
  return { ...flags, [flag]: value };
}

function lists(): ListStore {
  const stored = new Map<string, ListRecord>();
  const flags = new Map<string, Map<number, EntryFlags>>();
  return {
    lease: async ({ uri, expiresAt, seed }, blocks) => {
      const list = stored.get(uri) ?? { uri, expiresAt, seed, leased: 0 };
      if (list.expiresAt !== expiresAt) throw new Error('a list changed its expiry');
      if (list.leased >= blocks) return undefined;
      stored.set(uri, { ...list, leased: list.leased + 1 });
      return { seed: list.seed, block: list.leased };
    },
    flag: async ({ uri, idx }: StatusEntry, change) => {
      const own = flags.get(uri) ?? new Map<number, EntryFlags>();
      flags.set(uri, own);
      own.set(idx, changed(own.get(idx) ?? { revoked: false, suspended: false, contested: false }, change));
    },
    flags: async ({ uri, idx }: StatusEntry) =>
      flags.get(uri)?.get(idx) ?? { revoked: false, suspended: false, contested: false },
    lists: async (now: Instant) => [...stored.values()].filter(({ expiresAt }) => expiresAt > now),
    flagged: async (uri) => [...(flags.get(uri) ?? [])].map(([idx, each]) => ({ idx, ...each })),
  };
}

function publisher(): MemoryLists['publisher'] {
  const files = new Map<string, string>();
  let announced: readonly string[] = [];
  return {
    files,
    index: () => announced,
    read: async (id) => files.get(id),
    publish: async (id, text) => {
      files.set(id, text);
    },
    announce: async (ids) => {
      if (!ids.every((id) => files.has(id))) throw new Error('a list was announced before it was published');
      announced = ids;
    },
  };
}
