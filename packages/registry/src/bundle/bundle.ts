import { type Bytes, fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { isPlainPath } from '../metadata/paths.ts';
import { gunzip, gzip } from './gzip.ts';

/*
 * A trust bundle is one static file: gzip of `{"symbolonBundle":1,"files":{path:text}}`, the paths sorted. It holds the chain of roots
 * from version 1 on, the current metadata and targets under the names that they have in the repository, and status list tokens under
 * `lists/<region>/<id>`. It is not signed as a whole: each part is (protocol, section 4).
 */

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
  const text = textOf(await gunzip(bundle, LIMITS.bundleBytes));
  const files = new Map<string, Bytes>();
  for (const [path, content] of entriesOf(text)) {
    checkCount(files.size + 1);
    if (!isPlainPath(path) || files.has(path)) throw new SymbolonError('bundle-malformed', { path: 'files' });
    files.set(path, utf8(content));
  }
  return files;
}

const HEAD = '{"symbolonBundle":1,"files":{';
const FOOT = '}}';

/**
 * The members of `files`, one at a time. A bundle has one form, so it is read by that form and never as JSON at large: 64 MiB of nested JSON
 * would take gigabytes before anything could be checked.
 */
function* entriesOf(text: string): Generator<readonly [path: string, content: string]> {
  if (!text.startsWith(HEAD) || !text.endsWith(FOOT)) throw new SymbolonError('bundle-malformed');
  const end = text.length - FOOT.length;
  let at = HEAD.length;
  while (at < end) {
    const path = stringAt(text, at);
    const colon = at + path.length;
    const content = stringAt(text, colon + 1);
    const next = colon + 1 + content.length;
    const isLast = next === end;
    if (text[colon] !== ':' || (!isLast && text[next] !== ',') || (!isLast && next + 1 >= end)) {
      throw new SymbolonError('bundle-malformed');
    }
    yield [parseString(path), parseString(content)];
    at = isLast ? end : next + 1;
  }
}

/** The JSON string that begins here, with its quotes. */
function stringAt(text: string, start: number): string {
  if (text[start] !== '"') throw new SymbolonError('bundle-malformed');
  let end = start + 1;
  for (;;) {
    end = text.indexOf('"', end);
    if (end < 0) throw new SymbolonError('bundle-malformed');
    let slashes = 0;
    while (text[end - 1 - slashes] === '\\') slashes++;
    if (slashes % 2 === 0) return text.slice(start, end + 1);
    end++;
  }
}

function parseString(quoted: string): string {
  try {
    const value: unknown = JSON.parse(quoted);
    if (typeof value === 'string') return value;
  } catch {
    // Told below, without what was read.
  }
  throw new SymbolonError('bundle-malformed');
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
