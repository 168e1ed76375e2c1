import type { Decision } from '@symbolon/issuer/decision';
import type { MintPorts } from '@symbolon/issuer/mint-batch';
import { ENTRY, type EntryStatus, type ListPublisher } from '@symbolon/issuer/ports';
import type { Signer } from '@symbolon/keys/signer';
import type { Instant } from '@symbolon/protocol/instant';
import type { RandomBytes } from '@symbolon/protocol/random';

export interface MemoryPorts extends MintPorts {
  readonly publisher: ListPublisher;
  /** Tokens of the published lists, by id. */
  readonly tokens: ReadonlyMap<string, string>;
}

/** The issuer's ports for one decision that stays the current one, in memory. */
export function memoryPorts(
  decision: Decision,
  signers: readonly Signer[],
  random: RandomBytes,
): MemoryPorts {
  const lists = new Map<string, Map<number, EntryStatus>>();
  const expiries = new Map<string, Instant>();
  const tokens = new Map<string, string>();
  return {
    signers,
    random,
    tokens,
    decisions: { append: async () => false, newest: async () => decision },
    mints: { record: async () => undefined, living: async () => [] },
    lists: {
      take: async ({ uri, idx }, expiresAt) => {
        const entries = lists.get(uri) ?? new Map<number, EntryStatus>();
        lists.set(uri, entries);
        expiries.set(uri, expiresAt);
        if (entries.has(idx)) return false;
        entries.set(idx, ENTRY.valid);
        return true;
      },
      tighten: async ({ uri, idx }, status) => void lists.get(uri)?.set(idx, status),
      lists: async () => [...expiries].map(([uri, expiresAt]) => ({ uri, expiresAt })),
      flagged: async (uri) =>
        [...(lists.get(uri) ?? [])]
          .filter(([, status]) => status !== ENTRY.valid)
          .map(([idx, status]) => ({ idx, status })),
    },
    publisher: {
      read: async (id) => tokens.get(id),
      publish: async (id, token) => void tokens.set(id, token),
      announce: async () => undefined,
    },
  };
}
