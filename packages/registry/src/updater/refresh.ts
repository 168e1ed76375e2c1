import type { Bytes } from '@symbolon/protocol/bytes';
import { isSymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { rootFile } from '../metadata/file-names.ts';
import { checkRootExpiry, type RootTrust } from '../metadata/trusted-set.ts';
import { walkRoots } from '../metadata/walk-roots.ts';
import { type ClientState, requireAnchor, startTrust } from '../registry-view/client-state.ts';
import { loadRegistry } from '../registry-view/load-registry.ts';
import type { OpenedRegistry } from '../registry-view/open-registry.ts';
import { isExpected, type ReadFile } from '../registry-view/source.ts';
import type { Cache, Repository } from './ports.ts';

export interface Refresh {
  readonly repository: Repository;
  readonly cache: Cache;
  readonly pinnedRoot: Bytes | undefined;
  readonly state?: ClientState | undefined;
  readonly now: Instant;
}

/**
 * Brings the cache up to date (TUF 1.0, section 5, expiry as written there). An unchanged registry costs two requests: the next root, which
 * is not there, and the timestamp. On success the cache holds all that `openRegistry({ read: cacheFiles(cache), expiry: 'offline' })`
 * needs. When it throws, what was cached before still opens.
 *
 * @throws SymbolonError `metadata-unreachable`, and what `openRegistry` throws
 */
export async function refresh({
  repository,
  cache,
  state,
  now,
  ...options
}: Refresh): Promise<OpenedRegistry> {
  const pinnedRoot = requireAnchor(options.pinnedRoot);
  const start = await walkCachedRoots(await proveState(pinnedRoot, state, repository, cache), cache);
  // Roots are kept as soon as they are trusted (section 5.3.8), so that a later failure does not lose a key rotation.
  const root = await walkRoots(
    start,
    (version) => repository.fetch(rootFile(version), LIMITS.metadataBytes),
    ({ root: { signed, bytes } }) => cache.write(rootFile(signed.version), bytes),
  );
  const reading = { now, expiry: 'online' } as const;
  checkRootExpiry(root, reading);
  const { read, unnamed } = cachedReader(repository, cache);
  const loaded = await loadRegistry(root, read, reading, pinnedRoot, state);

  // The timestamp is among these, and comes last: what is cached never points to files that are not there.
  for (const [path, bytes] of unnamed.reverse()) await cache.write(path, bytes);
  await cache.retain(new Set([...rootFilesUpTo(root.root.signed.version), ...loaded.files.keys()]));
  return { view: loaded.view, state: loaded.state };
}

/** The cache as a source for `openRegistry`. */
export function cacheFiles(cache: Cache): ReadFile {
  return (path) => cache.read(path);
}

/** The chain to the state's root comes from the cache, or from the repository when the cache has lost or damaged it. */
async function proveState(
  pinnedRoot: Bytes,
  state: ClientState | undefined,
  repository: Repository,
  cache: Cache,
): Promise<RootTrust> {
  try {
    return await startTrust(pinnedRoot, state, cacheFiles(cache));
  } catch (error) {
    if (!isSymbolonError(error)) throw error;
    return startTrust(pinnedRoot, state, async (path, { maxBytes }) => {
      const fetched = await repository.fetch(path, maxBytes);
      // It heals the cache: a root that does not lead on is refused by whoever reads it next, and fetched again.
      if (fetched !== undefined) await cache.write(path, fetched);
      return fetched;
    });
  }
}

/** A damaged cache is no reason to fail: what it does not give is fetched. */
async function walkCachedRoots(start: RootTrust, cache: Cache): Promise<RootTrust> {
  try {
    return await walkRoots(start, (version) => cache.read(rootFile(version)));
  } catch (error) {
    if (isSymbolonError(error)) return start;
    throw error;
  }
}

/**
 * What is named by a known hash comes from the cache when it is there and right, and is cached at once when it is not. Everything else
 * is fetched, and is `unnamed`: to be cached only when all of it was accepted.
 */
function cachedReader(repository: Repository, cache: Cache) {
  const unnamed: [path: string, bytes: Bytes][] = [];
  const read: ReadFile = async (path, expected) => {
    const named = expected.sha256 !== undefined;
    const cached = named ? await cache.read(path) : undefined;
    if (cached !== undefined && isExpected(cached, expected)) return cached;
    const fetched = await repository.fetch(path, expected.maxBytes);
    if (fetched === undefined || !isExpected(fetched, expected)) return fetched;
    if (named) await cache.write(path, fetched);
    else unnamed.push([path, fetched]);
    return fetched;
  };
  return { read, unnamed };
}

function rootFilesUpTo(version: number): string[] {
  return Array.from({ length: version }, (_, i) => rootFile(i + 1));
}
