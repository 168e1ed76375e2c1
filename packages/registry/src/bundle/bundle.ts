import { type Bytes, fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { check } from '@symbolon/protocol/schemas/common';
import { isJsonObject, type Json, parseStrictJson } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';
import { isPlainPath } from '../metadata/paths.ts';
import { gunzip, gzip } from './gzip.ts';

/**
 * A trust bundle is one static file: gzip of `{"symbolonBundle":1,"files":{path:text}}`, the paths sorted. It holds the chain of roots
 * from version 1 on, the current metadata and targets under the names that they have in the repository, and status list tokens under
 * `lists/<region>/<id>`. It is not signed as a whole: each part is (protocol, section 4).
 */
const BundleJson = z.object({
  symbolonBundle: z.literal(1),
  files: z.record(z.string().check(z.refine(isPlainPath)), z.string()),
});

/**
 * Writes a bundle. The same files give the same bytes on one version of the runtime; between runtimes the *inflated* bytes are the
 * same, as zlib builds differ.
 *
 * @throws SymbolonError `bundle-too-large`; `bundle-malformed` for a path that is not plain or bytes that are not UTF-8
 */
export async function writeBundle(files: ReadonlyMap<string, string | Bytes>): Promise<Bytes> {
  checkCount(files.size);
  const entries = [...files].map(([path, content]) => {
    if (!isPlainPath(path)) throw new SymbolonError('bundle-malformed', { path: 'files' });
    return [path, typeof content === 'string' ? content : textOf(content)] as const;
  });
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  const inflated = utf8(JSON.stringify({ symbolonBundle: 1, files: Object.fromEntries(entries) }));
  checkSize(inflated.length);
  return gzip(inflated);
}

/**
 * Reads a bundle apart. Nothing in it is verified by that: see `openBundle`.
 *
 * @returns the files by path
 * @throws SymbolonError `bundle-malformed`, `bundle-too-large`
 */
export async function readBundle(bundle: Bytes): Promise<ReadonlyMap<string, Bytes>> {
  checkSize(bundle.length);
  const json = parseBundle(await gunzip(bundle, LIMITS.bundleBytes));
  if (isJsonObject(json) && isJsonObject(json['files'])) checkCount(Object.keys(json['files']).length);
  const { files } = check(BundleJson, json, 'bundle-malformed');
  return new Map(Object.entries(files).map(([path, text]) => [path, utf8(text)]));
}

function parseBundle(inflated: Bytes): Json {
  try {
    return parseStrictJson(fromUtf8(inflated));
  } catch (cause) {
    throw isSymbolonError(cause) ? new SymbolonError('bundle-malformed', { cause }) : cause;
  }
}

function textOf(bytes: Bytes): string {
  try {
    return fromUtf8(bytes);
  } catch (cause) {
    throw new SymbolonError('bundle-malformed', { path: 'files', cause });
  }
}

/** REQ-BUN-002: bounded before the work is done. */
function checkSize(bytes: number): void {
  if (bytes > LIMITS.bundleBytes) throw new SymbolonError('bundle-too-large', { bound: LIMITS.bundleBytes });
}

function checkCount(files: number): void {
  if (files > LIMITS.bundleFiles) throw new SymbolonError('bundle-too-large', { bound: LIMITS.bundleFiles });
}
