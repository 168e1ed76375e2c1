import { type Bytes, equalBytes } from '@symbolon/protocol/bytes';
import { isSymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { rootFile } from '../metadata/file-names.ts';
import type { RootTrust } from '../metadata/trusted-set.ts';
import { walkRoots } from '../metadata/walk-roots.ts';
import { type ClientState, startTrust } from '../registry-view/client-state.ts';
import { walkRoots as walkKeptRoots } from '../registry-view/load-metadata.ts';
import type { ReadFile } from '../registry-view/source.ts';
import type { Cache, Repository } from './ports.ts';
import { pendingFile } from './replace-together.ts';

export interface WalkedRoots {
  readonly root: RootTrust;
  /** The chain to it, as far as it is not yet in place in the cache: to be put there together with a timestamp that it accepts. */
  readonly waiting: ReadonlyMap<string, Bytes>;
}

/**
 * Walks to the newest root: through the cache, then through the repository. A new root is kept as soon as it is trusted (TUF 1.0, section
 * 5.3.8), so that a later failure does not lose a key rotation; but aside, because a cache whose timestamp it does not accept would no longer
 * open.
 *
 * @throws SymbolonError what `startTrust` and `walkRoots` throw, `metadata-unreachable`
 */
export async function walkToNewestRoot(
  pinnedRoot: Bytes,
  state: ClientState | undefined,
  repository: Repository,
  cache: Cache,
): Promise<WalkedRoots> {
  const chain = new Map<string, Bytes>();
  const recorded =
    (read: ReadFile): ReadFile =>
    async (path, expected) => {
      const bytes = await read(path, expected);
      if (bytes !== undefined) chain.set(path, bytes);
      return bytes;
    };
  const kept = recorded(async (path) => (await cache.read(path)) ?? cache.read(pendingFile(path)));
  const fetched = recorded((path, { maxBytes }) => repository.fetch(path, maxBytes));

  const start = await proveState(pinnedRoot, state, kept, fetched);
  const root = await walkRoots(
    await walkKept(start, kept),
    (version) => fetched(rootFile(version), { maxBytes: LIMITS.metadataBytes }),
    ({ root: { signed, bytes } }) => cache.write(pendingFile(rootFile(signed.version)), bytes),
  );
  return { root, waiting: await notInPlace(chain, root.root.signed.version, cache) };
}

/** The chain to the state's root comes from the cache, or from the repository when the cache has lost or damaged it. */
async function proveState(
  pinnedRoot: Bytes,
  state: ClientState | undefined,
  kept: ReadFile,
  fetched: ReadFile,
): Promise<RootTrust> {
  try {
    return await startTrust(pinnedRoot, state, kept);
  } catch (error) {
    if (!isSymbolonError(error)) throw error;
    return startTrust(pinnedRoot, state, fetched);
  }
}

/** A damaged cache is no reason to fail: what it does not give is fetched. */
async function walkKept(start: RootTrust, kept: ReadFile): Promise<RootTrust> {
  try {
    return await walkKeptRoots(start, kept);
  } catch (error) {
    if (isSymbolonError(error)) return start;
    throw error;
  }
}

async function notInPlace(chain: ReadonlyMap<string, Bytes>, newest: number, cache: Cache) {
  const waiting = new Map<string, Bytes>();
  for (let version = 1; version <= newest; version++) {
    const path = rootFile(version);
    const bytes = chain.get(path);
    if (bytes === undefined) continue;
    const inPlace = await cache.read(path);
    if (inPlace === undefined || !equalBytes(inPlace, bytes)) waiting.set(path, bytes);
  }
  return waiting;
}
