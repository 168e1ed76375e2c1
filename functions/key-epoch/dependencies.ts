import type { EpochKeys } from '@symbolon/issuer/ports';
import type { Signer } from '@symbolon/keys/signer';
import type { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { type Draft, openDraft } from '@symbolon/registry/ceremony/draft';
import { httpRepository } from '@symbolon/registry/http-repository';
import type { ReadFile } from '@symbolon/registry/source';
import { epochKeysAt, objectsAt, privateObjectsAt, signerAt } from '../runtime/adapters.ts';
import { systemClock } from '../runtime/clock.ts';
import { readConfiguration } from '../runtime/configuration.ts';
import type { Runtime } from '../runtime/http-function.ts';
import { jsonLog } from '../runtime/log.ts';
import { pinnedRootIn } from '../runtime/pinned-root.ts';
import { readThroughItsBundle } from '../runtime/registry-files.ts';
import { KeyEpochConfig } from './config.ts';
import { keepCopy } from './keep-copy.ts';
import { httpPublisher, type Publisher } from './publisher.ts';
import { type SigningMemory, signingMemory } from './signing-memory.ts';

export interface KeyEpoch extends Runtime {
  readonly region: string;
  readonly epochHours: number;
  /** Custody of the issuing and status keys. */
  readonly keys: EpochKeys;
  /** Holds the role `<id>.keys`. */
  readonly holder: Signer;
  /** What the registry says now, checked from the pinned root on. */
  readonly published: (now: Instant) => Promise<Draft>;
  /**
   * Compares that with the region's own copy, which it must not fall behind, and keeps it there for when the registry is silent.
   *
   * @returns why it could not be kept, if so
   * @throws as `followRegistryCopy`; `version-signed` when the copy has another file of this version of `<id>.keys`
   */
  readonly keepCopy: (published: Draft, now: Instant) => Promise<SymbolonError | undefined>;
  /** What the holder signed last. */
  readonly memory: SigningMemory;
  readonly publisher: Publisher;
}

export async function keyEpoch(): Promise<KeyEpoch> {
  const log = jsonLog('key-epoch');
  const config = readConfiguration(KeyEpochConfig, process.env);
  const copies = config.REGISTRY_COPY_URI === undefined ? undefined : objectsAt(config.REGISTRY_COPY_URI);
  const repository = httpRepository({ baseUrl: config.REGISTRY_URL });
  const live: ReadFile = (path, { maxBytes }) => repository.fetch(path, maxBytes);
  return {
    region: config.REGION,
    epochHours: config.EPOCH_HOURS,
    keys: await epochKeysAt(config),
    holder: await signerAt(config.KEYS_ROLE_KEY, config.PASSPHRASE_URI),
    published: async (now) => {
      const pinnedRoot = await pinnedRootIn(live, config.ROOT_SHA256);
      return openDraft({ read: await readThroughItsBundle(live), pinnedRoot, now });
    },
    keepCopy: async (published, now) =>
      copies &&
      keepCopy(copies, { published, rootSha256: config.ROOT_SHA256, region: config.REGION, now, log }),
    memory: signingMemory(privateObjectsAt(config.EPOCH_KEYS_URI), `${config.REGION}.keys`),
    publisher: httpPublisher(config.REGISTRY_PUBLISH_URL),
    clock: systemClock,
    log,
  };
}
