import { type Bytes, equalBytes } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { readBundle, writeBundle } from '@symbolon/registry/bundle';
import type { Draft } from '@symbolon/registry/ceremony/draft';
import type { ClientState } from '@symbolon/registry/client-state';
import { rootFile } from '@symbolon/registry/file-names';
import type { ObjectStore } from '@symbolon/registry/object-store';
import { type OpenedRegistry, openRegistry } from '@symbolon/registry/open-registry';
import { readFrom } from '@symbolon/registry/source';
import type { Log } from './log.ts';
import { pinnedRootIn } from './pinned-root.ts';
import { writeOver } from './write-over.ts';

/** A region's own copy of the registry, below REGISTRY_COPY_URI: a trust bundle without status lists. */
export const REGISTRY_COPY = 'trust.bundle';

export interface OpenedCopy extends OpenedRegistry {
  readonly pinnedRoot: Bytes;
  readonly files: ReadonlyMap<string, Bytes>;
}

/**
 * Opens a copy as any verifier opens a bundle: from the pinned root, with nothing believed for where it lies. How old it is, is NOT judged here.
 *
 * @param state what was seen before: an older copy is refused
 * @throws SymbolonError `bundle-malformed`, `bundle-too-large`, `root-mismatch`, `metadata-...`
 */
export async function openRegistryCopy(
  copy: Bytes,
  rootSha256: string,
  state: ClientState | undefined,
  now: Instant,
): Promise<OpenedCopy> {
  const files = await readBundle(copy);
  const pinnedRoot = await pinnedRootIn(readFrom(files), rootSha256);
  const opened = await openRegistry({ read: files, pinnedRoot, state, now, expiry: 'offline' });
  return { ...opened, pinnedRoot, files };
}

/** What is published, compared with the copy and not written yet. */
export interface CopyStep {
  readonly copy: Bytes;
  readonly previous: Bytes | undefined;
  /** The copy so far; nothing, when there is none that can be used, or when nothing has changed. */
  readonly seen: OpenedCopy | undefined;
}

/**
 * Opens what is published as a client does that has seen the copy.
 *
 * @throws SymbolonError `metadata-rollback` when it is older than the copy, and what else `openRegistryCopy` throws; what the store throws when it cannot be
 * told what was seen
 */
export async function followRegistryCopy(
  objects: ObjectStore,
  published: Draft,
  rootSha256: string,
  now: Instant,
  log: Log,
): Promise<CopyStep> {
  const copy = await writeBundle(await filesOf(published));
  const previous = await objects.read(REGISTRY_COPY);
  if (previous !== undefined && equalBytes(previous, copy)) return { copy, previous, seen: undefined };
  const seen = previous && (await usable(previous, rootSha256, now, log));
  // REQ-REG-005: never an older one over a newer one.
  await openRegistryCopy(copy, rootSha256, seen?.state, now);
  return { copy, previous, seen };
}

/**
 * Keeps a copy of what is published, for the time when the hub is silent. One that cannot be used is written over; a usable one only by what a client that
 * has seen it would accept.
 *
 * @returns whether anything was written
 * @throws SymbolonError `publication-conflict`, `object-exists` when another wrote it meanwhile; what the store throws
 */
export async function writeRegistryCopy(
  objects: ObjectStore,
  { copy, previous }: CopyStep,
): Promise<boolean> {
  return writeOver(objects, REGISTRY_COPY, copy, previous);
}

/** What is published, as it was read and checked: a newer root that the rest does not follow yet is not among it. */
async function filesOf({ base, read }: Draft): Promise<ReadonlyMap<string, Bytes>> {
  if (base === undefined) throw new SymbolonError('metadata-missing');
  const files = new Map(base.files);
  for (let version = 1; version <= base.trust.root.signed.version; version++) {
    const root = await read(rootFile(version), { maxBytes: LIMITS.metadataBytes });
    if (root === undefined) throw new SymbolonError('metadata-missing');
    files.set(rootFile(version), root);
  }
  return files;
}

/** Nothing, when it cannot be opened. */
async function usable(
  copy: Bytes,
  rootSha256: string,
  now: Instant,
  log: Log,
): Promise<OpenedCopy | undefined> {
  try {
    return await openRegistryCopy(copy, rootSha256, undefined, now);
  } catch (error) {
    if (!isSymbolonError(error)) throw error;
    log('registry.copy-unusable', { code: error.code });
    return undefined;
  }
}
