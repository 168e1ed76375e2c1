import { type Bytes, utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { gunzip, gzip } from '@symbolon/registry/gzip';
import { isPlainPath } from '../metadata/paths.ts';
import { inBundleOrder } from './file-order.ts';
import { pack } from './pack.ts';
import { checkBound } from './sections.ts';
import { type Unpacked, unpack } from './unpack.ts';

/*
 * A trust bundle is one static file: the chain of roots from version 1 on, the current metadata and targets under the names that they have in the
 * repository, and status list tokens under `lists/<region>/<id>`. It is not signed as a whole: each part is (protocol, section 4). So every file comes out of
 * it byte for byte as it went in.
 */

/**
 * Writes a bundle. The same files give the same bytes on one version of the runtime; between runtimes the *inflated* bytes are the
 * same, as zlib builds differ.
 *
 * @throws SymbolonError `bundle-too-large`; `bundle-malformed` for a path that is not plain
 */
export async function writeBundle(files: ReadonlyMap<string, string | Bytes>): Promise<Bytes> {
  checkBound(files.size, LIMITS.bundleFiles);
  const entries = inBundleOrder(files).map(([path, content]) => {
    if (!isPlainPath(path)) throw new SymbolonError('bundle-malformed', { path: 'files' });
    return [path, typeof content === 'string' ? utf8(content) : content] as const;
  });
  checkBound(
    entries.reduce((sum, [path, content]) => sum + path.length + 1 + content.length, 0),
    LIMITS.bundleBytes,
  );
  return gzip(pack(entries));
}

/**
 * Reads a bundle apart. Nothing in it is verified by that: see `openBundle`.
 *
 * @returns the files by path
 * @throws SymbolonError `bundle-malformed`, `bundle-too-large`
 */
export async function readBundle(bundle: Bytes): Promise<ReadonlyMap<string, Bytes>> {
  return (await unpackBundle(bundle)).files;
}

/** The same, with the hashes that had to be made on the way. Whoever takes these for true must keep the files to itself. */
export async function unpackBundle(bundle: Bytes): Promise<Unpacked> {
  checkBound(bundle.length, LIMITS.bundleBytes);
  return unpack(await gunzip(bundle, LIMITS.bundleBytes));
}
