import type { EpochKeys } from '@symbolon/issuer/ports';
import type { Signer } from '@symbolon/keys/signer';
import type { Instant } from '@symbolon/protocol/instant';
import { type Draft, openDraft } from '@symbolon/registry/ceremony/draft';
import { httpRepository } from '@symbolon/registry/http-repository';
import type { ReadFile } from '@symbolon/registry/source';
import { epochKeysAt, objectsAt, signerAt } from '../runtime/adapters.ts';
import { systemClock } from '../runtime/clock.ts';
import { readConfiguration } from '../runtime/configuration.ts';
import type { Runtime } from '../runtime/http-function.ts';
import { jsonLog } from '../runtime/log.ts';
import { pinnedRootIn } from '../runtime/pinned-root.ts';
import { keepRegistryCopy } from '../runtime/registry-copy.ts';
import { readThroughItsBundle } from '../runtime/registry-files.ts';
import { KeyEpochConfig } from './config.ts';
import { httpPublisher, type Publisher } from './publisher.ts';

export interface KeyEpoch extends Runtime {
  readonly region: string;
  readonly epochHours: number;
  /** Custody of the issuing and status keys. */
  readonly keys: EpochKeys;
  /** Holds the role `<id>.keys`. */
  readonly holder: Signer;
  /** What the registry says now, checked from the pinned root on. */
  readonly published: (now: Instant) => Promise<Draft>;
  /** Keeps the region's own copy of that, for when the registry is silent. @throws as `keepRegistryCopy` */
  readonly keepCopy: (published: Draft, now: Instant) => Promise<void>;
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
    keepCopy: async (published, now) => {
      if (copies !== undefined) await keepRegistryCopy(copies, published, config.ROOT_SHA256, now, log);
    },
    publisher: httpPublisher(config.REGISTRY_PUBLISH_URL),
    clock: systemClock,
    log,
  };
}
