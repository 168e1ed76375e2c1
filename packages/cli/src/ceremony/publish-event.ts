import type { Signer } from '@symbolon/keys/signer';
import { isSymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type { Draft } from '@symbolon/registry/ceremony/draft';
import { sealEvent } from '@symbolon/registry/ceremony/event/seal-event';
import type { SigningEvent } from '@symbolon/registry/ceremony/event/signing-event';
import { publish } from '@symbolon/registry/ceremony/publish';
import type { Publication } from '@symbolon/registry/ceremony/seal';
import type { ObjectStore } from '@symbolon/registry/object-store';

/** The hourly timestamp publishes, too: whoever loses the race starts again on top of what won. */
const TRIES = 4;

export interface EventPublisher {
  readonly store: ObjectStore;
  readonly signers: readonly Signer[];
  /** What is published now: read anew before each try. */
  readonly open: () => Promise<Draft | undefined>;
  readonly now: Instant;
  readonly dryRun: boolean;
}

/**
 * Seals an event with the online keys, and publishes it. When that breaks off anywhere, the same once more finishes it.
 *
 * @returns what was published, or would be
 * @throws SymbolonError `event-published`, `event-unsigned`, `publication-conflict`, and what `sealEvent` throws
 */
export async function publishEvent(event: SigningEvent, publisher: EventPublisher): Promise<Publication> {
  const { store, signers, open, now, dryRun } = publisher;
  for (let tries = 1; ; tries++) {
    const published = await open();
    const online = { snapshot: signers, timestamp: signers };
    try {
      const publication = await sealEvent(event, published, online, now, (path) => store.read(path));
      if (!dryRun) await publish(store, publication);
      return publication;
    } catch (error) {
      const isLostRace = isSymbolonError(error) && error.code === 'publication-conflict';
      if (!isLostRace || tries === TRIES || !(await hasMoved(published, open))) throw error;
    }
  }
}

/** Whether trying again has a chance: what is published is not what it was. */
async function hasMoved(before: Draft | undefined, open: () => Promise<Draft | undefined>): Promise<boolean> {
  const versionOf = (draft: Draft | undefined) => draft?.base?.trust.timestamp.signed.version;
  return versionOf(await open()) !== versionOf(before);
}

/** A store that tells how many new files are written. */
export function counted(store: ObjectStore, onFile: (written: number) => void): ObjectStore {
  let written = 0;
  return {
    ...store,
    create: async (path, bytes) => {
      await store.create(path, bytes);
      onFile(++written);
    },
  };
}
