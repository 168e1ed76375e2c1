import type { Bytes } from '@symbolon/protocol/bytes';
import type { Instant } from '@symbolon/protocol/instant';
import { rootFile } from '../metadata/file-names.ts';
import { checkRootExpiry } from '../metadata/trusted-set.ts';
import { type ClientState, requireAnchor } from '../registry-view/client-state.ts';
import { loadRegistry } from '../registry-view/load-registry.ts';
import type { OpenedRegistry } from '../registry-view/open-registry.ts';
import { isExpected, type ReadFile } from '../registry-view/source.ts';
import { walkToNewestRoot } from './cached-roots.ts';
import type { Cache, Repository } from './ports.ts';
import { pendingFile, replaceTogether, settle } from './replace-together.ts';

export { cacheFiles } from './replace-together.ts';

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
 * needs. When it throws, or is cut off anywhere, the cache opens what it held before or all that is new.
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
  await settle(cache);
  const { root, waiting } = await walkToNewestRoot(pinnedRoot, state, repository, cache);
  const reading = { now, expiry: 'online' } as const;
  checkRootExpiry(root, reading);
  const { read, replacing } = cachedReader(repository, cache);
  const loaded = await loadRegistry(root, read, reading, pinnedRoot, state);

  // REQ-REG-009: whatever the cached timestamp rests on moves together with it, when everything else is there.
  await replaceTogether(cache, new Map([...waiting, ...replacing]));
  await cache.retain(new Set([...rootFilesUpTo(root.root.signed.version), ...loaded.files.keys()]));
  return { view: loaded.view, state: loaded.state };
}

/**
 * What is named by a known hash comes from the cache when it is there and right, and is cached at once when it is not. Where the cache has
 * another file under that name (who signs online can give one version two contents), the new one waits aside: the old one may be what the
 * cached timestamp leads to. What has no known hash is fetched, and also is among the `replacing`.
 */
function cachedReader(repository: Repository, cache: Cache) {
  const replacing = new Map<string, Bytes>();
  const read: ReadFile = async (path, expected) => {
    const named = expected.sha256 !== undefined;
    const inPlace = named ? await cache.read(path) : undefined;
    if (inPlace !== undefined && isExpected(inPlace, expected)) return inPlace;
    const aside = inPlace && (await cache.read(pendingFile(path)));
    const isKept = aside !== undefined && isExpected(aside, expected);
    const bytes = isKept ? aside : await repository.fetch(path, expected.maxBytes);
    if (bytes === undefined || !isExpected(bytes, expected)) return bytes;
    if (named && inPlace === undefined) await cache.write(path, bytes);
    else replacing.set(path, bytes);
    if (inPlace !== undefined && !isKept) await cache.write(pendingFile(path), bytes);
    return bytes;
  };
  return { read, replacing };
}

function rootFilesUpTo(version: number): string[] {
  return Array.from({ length: version }, (_, i) => rootFile(i + 1));
}
