import { type Bytes, equalBytes } from '@symbolon/protocol/bytes';
import type { Instant } from '@symbolon/protocol/instant';
import { type Draft, openDraft } from '@symbolon/registry/ceremony/draft';
import { rootFile, TIMESTAMP_FILE } from '@symbolon/registry/file-names';
import type { ObjectStore } from '@symbolon/registry/object-store';
import { isExpected, type ReadFile } from '@symbolon/registry/source';
import { readThroughItsBundle } from './registry-files.ts';

/** Small files of the top of the registry: roots, a snapshot, what targets lists. */
const FILES = 64;

/** What a running function keeps of the registry from one request to the next. All of it was verified, or is verified again. */
export interface RegistryMemory {
  /** The whole registry as it was opened last, if it is that still: the same timestamp, and no newer root. Costs two small reads. */
  current(objects: ObjectStore): Promise<Draft | undefined>;
  /** The whole registry, opened only where it has changed. @throws what `openDraft` throws */
  open(objects: ObjectStore, pinnedRoot: Bytes, now: Instant): Promise<Draft>;
  /** Reads files; those that never change once only, a few of them. */
  reader(objects: ObjectStore): ReadFile;
}

export function registryMemory(): RegistryMemory {
  const files = new Map<string, Bytes>();
  let kept: Draft | undefined;
  const current = async (objects: ObjectStore) => {
    const base = kept?.base;
    if (kept === undefined || base === undefined) return undefined;
    const timestamp = await objects.read(TIMESTAMP_FILE);
    if (timestamp === undefined || !equalBytes(timestamp, base.trust.timestamp.bytes)) return undefined;
    const newerRoot = await objects.read(rootFile(kept.trust.root.signed.version + 1));
    return newerRoot === undefined ? kept : undefined;
  };
  return {
    current,
    open: async (objects, pinnedRoot, now) => {
      const there = await current(objects);
      if (there !== undefined) return there;
      const direct: ReadFile = (path) => objects.read(path);
      const opened = await openDraft({ read: await readThroughItsBundle(direct), pinnedRoot, now });
      // The bundle itself is let go.
      kept = { ...opened, read: direct };
      return kept;
    },
    reader: (objects) => async (path, expected) => {
      const there = files.get(path);
      // One that is not the expected one may have been put right meanwhile.
      if (there !== undefined && isExpected(there, expected)) return there;
      const bytes = await objects.read(path);
      if (bytes === undefined || path === TIMESTAMP_FILE) return bytes;
      if (files.size >= FILES) files.clear();
      // REQ-REG-007: checked by whoever reads it, each time. Without a hash it is a root, which the chain of signatures checks.
      files.set(path, bytes);
      return bytes;
    },
  };
}
