import type { Bytes } from '@symbolon/protocol/bytes';
import { LIMITS } from '@symbolon/protocol/limits';
import { readBundle } from '@symbolon/registry/bundle';
import { isExpected, type ReadFile } from '@symbolon/registry/source';
import { orNothing } from './or-nothing.ts';

export const BUNDLE = 'trust.bundle';

/** The files of a bundle; none, when there is no bundle or it is damaged: the registry itself has them all. */
export async function filesOfBundle(bundle: Bytes | undefined): Promise<ReadonlyMap<string, Bytes>> {
  return (await orNothing(() => bundle && readBundle(bundle))) ?? new Map();
}

/**
 * Reads a registry through its bundle: one large file in place of thousands of small ones. A file comes from the bundle only if it is the one whose hash its
 * parent states; roots, the timestamp, and whether a file is there at all, only the registry itself can tell.
 */
export function readThrough(bundled: ReadonlyMap<string, Bytes>, read: ReadFile): ReadFile {
  return async (path, expected) => {
    const there = expected.sha256 === undefined ? undefined : bundled.get(path);
    return there !== undefined && isExpected(there, expected) ? there : read(path, expected);
  };
}

/** The same, from the bundle that lies in the registry. */
export async function readThroughItsBundle(read: ReadFile): Promise<ReadFile> {
  // Whatever is wrong with the registry shows when its own files are read.
  const bundle = await orNothing(() => read(BUNDLE, { maxBytes: LIMITS.bundleBytes }));
  return readThrough(await filesOfBundle(bundle), read);
}
