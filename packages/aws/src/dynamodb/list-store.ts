import type { EntryStatus, ListStore } from '@symbolon/issuer/ports';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { StatusEntry } from '@symbolon/protocol/schemas/credential';
import { N, number, S, text, time } from './attributes.ts';
import type { Items } from './items.ts';

const listKey = (uri: string) => `LIST#${uri}`;
const entryKey = ({ uri, idx }: StatusEntry) => ({ pk: listKey(uri), sk: String(idx).padStart(7, '0') });

/** Strictness, mildest first: a stricter status wins (protocol, section 7). */
const ORDER: readonly EntryStatus[] = [0, 3, 2, 1];

export function listStore(items: Items): ListStore {
  return {
    take: async (entry, expiresAt) => {
      // The list is registered before its first entry: a crash in between leaves an empty list, which is published as such.
      await items.insert({ pk: 'LISTS', sk: entry.uri }, { uri: S(entry.uri), expiresAt: N(expiresAt) });
      return items.insert(entryKey(entry), { idx: N(entry.idx), entryStatus: N(0), expiresAt: N(expiresAt) });
    },
    tighten: async (entry, status) => {
      const key = entryKey(entry);
      const item = await items.get(key);
      if (item === undefined) throw new SymbolonError('storage-failed');
      const was = number(item, 'entryStatus');
      if (rank(was) >= rank(status)) return;
      // Another writer may have been faster; then the stricter of the two must win, so read again.
      const moved = await items.putIf(key, { ...item, entryStatus: N(status) }, 'entryStatus = :was', {
        ':was': N(was),
      });
      if (!moved) await listStore(items).tighten(entry, status);
    },
    lists: async (now) => {
      const found = await items.query('LISTS', '');
      return found
        .map((item) => ({ uri: text(item, 'uri'), expiresAt: time(item, 'expiresAt') }))
        .filter((list) => list.expiresAt > now);
    },
    flagged: async (uri) => {
      const found = await items.query(listKey(uri), '');
      return found.flatMap((item) => {
        const status = ORDER.find((each) => each === number(item, 'entryStatus'));
        if (status === undefined) throw new SymbolonError('storage-failed', { path: 'entryStatus' });
        return status === 0 ? [] : [{ idx: number(item, 'idx'), status }];
      });
    },
  };
}

const RANKS: readonly number[] = ORDER;

function rank(status: number): number {
  return RANKS.indexOf(status);
}
