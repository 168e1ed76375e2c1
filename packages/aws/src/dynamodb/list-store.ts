import { ENTRY_CHANGES, type EntryFlags, type ListRecord, type ListStore } from '@symbolon/issuer/ports';
import { SymbolonError } from '@symbolon/protocol/errors';
import { flag, type Item, N, number, S, text, time } from './attributes.ts';
import type { Items } from './items.ts';
import { digits } from './keys.ts';
import { shardName, shards } from './shards.ts';

const LISTS = 'LISTS';

/** Many are suspended at once when a rule changes. Indexes are spread evenly already, so the shard is their remainder. */
const FLAG_SHARDS = 8;
const flagPrefix = (uri: string) => `LIST#${uri}#`;
const flagKey = (uri: string, idx: number) => ({
  pk: `${flagPrefix(uri)}${shardName(idx % FLAG_SHARDS)}`,
  sk: digits(idx, 7),
});

export function listStore(items: Items): ListStore {
  return {
    // REQ-ISS-016: every block of positions is leased once. What is leased and then lost to a crash is never used.
    lease: async ({ uri, expiresAt, seed }, blocks) => {
      if (blocks < 1) return undefined;
      const item = await items.update(
        { pk: LISTS, sk: uri },
        { setFirst: { uri: S(uri), expiresAt: N(expiresAt), seed: S(seed) }, add: { leased: 1 } },
        { below: ['leased', blocks] },
      );
      if (item === undefined) return undefined;
      const list = listOf(item);
      // Entries of one list end together: what this would add could outlive it.
      if (list.expiresAt !== expiresAt) throw new SymbolonError('storage-failed', { path: 'expiresAt' });
      return { seed: list.seed, block: list.leased - 1 };
    },
    // A change writes its own attribute only, by one atomic write: of two at once none is lost, without a second attempt.
    flag: async ({ uri, idx }, change, expiresAt) => {
      const [name, value] = ENTRY_CHANGES[change];
      const set = { [name]: { BOOL: value }, idx: N(idx), expiresAt: N(expiresAt) };
      await items.update(flagKey(uri, idx), { set });
    },
    flags: async ({ uri, idx }) => flagsOf((await items.get(flagKey(uri, idx))) ?? {}),
    lists: async (now) => (await items.query(LISTS)).map(listOf).filter((list) => list.expiresAt > now),
    flagged: async (uri) => {
      const found = await Promise.all(
        shards(flagPrefix(uri), FLAG_SHARDS).map((partition) => items.query(partition)),
      );
      return found.flat().map((item) => ({
        idx: number(item, 'idx'),
        ...flagsOf(item),
      }));
    },
  };
}

function flagsOf(item: Item): EntryFlags {
  return {
    revoked: flag(item, 'revoked'),
    suspended: flag(item, 'suspended'),
    contested: flag(item, 'contested'),
  };
}

function listOf(item: Item): ListRecord {
  return {
    uri: text(item, 'uri'),
    expiresAt: time(item, 'expiresAt'),
    seed: text(item, 'seed'),
    leased: number(item, 'leased'),
  };
}
