import { type Bytes, equalBytes } from '@symbolon/protocol/bytes';
import type { Instant } from '@symbolon/protocol/instant';
import type { ClientState } from '@symbolon/registry/client-state';
import { httpRepository } from '@symbolon/registry/http-repository';
import { memoryCache } from '@symbolon/registry/memory-cache';
import { refresh } from '@symbolon/registry/refresh';
import type { RegistryView } from '@symbolon/registry/registry-view';
import { codeOf } from './code-of.ts';
import type { Log } from './log.ts';
import { pinnedRootIn } from './pinned-root.ts';
import { openRegistryCopy } from './registry-copy.ts';

/** A hub that does not answer holds up one request a minute, for so long. */
const HUB_TIMEOUT_MS = 5000;

/** The region's own copy, not checked; undefined when there is none. */
export type ReadCopy = () => Promise<Bytes | undefined>;

/** The registry, from the hub and from the region's own copy. Both move one state: neither can show what is older than the other has shown. */
export interface RegistryReader {
  /** What the hub says now, expiry as TUF asks for it. An unchanged registry costs two small requests. @throws what `refresh` throws */
  fromHub(now: Instant): Promise<RegistryView>;
  /** The copy, where it is not the one that was read before; undefined when it cannot be used or is older than what was seen. How old it is, is NOT judged. */
  fromCopy(now: Instant): Promise<RegistryView | undefined>;
}

export interface RegistryReaderOptions {
  readonly registryUrl: string;
  readonly rootSha256: string;
  readonly readCopy: ReadCopy | undefined;
  readonly log: Log;
}

export function registryReader({
  registryUrl,
  rootSha256,
  readCopy,
  log,
}: RegistryReaderOptions): RegistryReader {
  const repository = httpRepository({ baseUrl: registryUrl, timeoutMs: HUB_TIMEOUT_MS });
  let cache = memoryCache();
  let pinnedRoot: Bytes | undefined;
  let state: ClientState | undefined;
  let readBefore: Bytes | undefined;

  const openCopy = async (now: Instant): Promise<RegistryView | undefined> => {
    const copy = await readCopy?.();
    if (copy === undefined || (readBefore !== undefined && equalBytes(copy, readBefore))) return undefined;
    readBefore = copy;
    const opened = await openRegistryCopy(copy, rootSha256, state, now);
    ({ pinnedRoot, state } = opened);
    // What the hub has not changed since need not be fetched from it.
    cache = memoryCache(opened.files);
    return opened.view;
  };

  return {
    fromHub: async (now) => {
      pinnedRoot ??= await pinnedRootIn((path, { maxBytes }) => repository.fetch(path, maxBytes), rootSha256);
      const opened = await refresh({ repository, cache, pinnedRoot, state, now });
      state = opened.state;
      return opened.view;
    },
    fromCopy: async (now) => {
      try {
        return await openCopy(now);
      } catch (error) {
        // The copy is a help: whatever is wrong with it keeps nobody from going by the hub, or by what is in memory.
        const code = codeOf(error);
        if (code !== 'metadata-rollback') log('registry.copy-unusable', { code });
        return undefined;
      }
    },
  };
}
