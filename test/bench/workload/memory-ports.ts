import type { Decision } from '@symbolon/issuer/decision';
import { entryAllocator } from '@symbolon/issuer/entry-allocator';
import { memoryStores } from '@symbolon/issuer/memory-stores';
import type { MintPorts } from '@symbolon/issuer/mint-batch';
import type { ListPublisher } from '@symbolon/issuer/ports';
import type { Signer } from '@symbolon/keys/signer';
import { LIMITS } from '@symbolon/protocol/limits';
import type { RandomBytes } from '@symbolon/protocol/random';

export interface MemoryPorts extends MintPorts {
  readonly publisher: ListPublisher;
  /** Texts of the published lists, by id. */
  readonly files: ReadonlyMap<string, string>;
}

/** The issuer's ports for one decision that stays the current one, in memory. What was minted is not kept: nobody could have so many credentials. */
export function memoryPorts(
  decision: Decision,
  signers: readonly Signer[],
  random: RandomBytes,
): MemoryPorts {
  const { lists, publisher, subjects, tallies, decisionLog } = memoryStores();
  return {
    signers,
    random,
    lists,
    publisher,
    files: publisher.files,
    subjects,
    tallies,
    entries: entryAllocator({ lists, random, listEntries: LIMITS.statusListEntries }),
    decisions: { newest: async () => decision },
    decisionLog,
    mints: { record: async () => undefined, living: async () => [] },
  };
}
