import { SymbolonError } from '@symbolon/protocol/errors';
import type { Hashes } from '../metadata/profile.ts';

/**
 * What a client keeps a role's metadata as: TUF 1.0, sections 5.3.8 to 5.6.6, names without versions. Capital letters are escaped, too: where
 * a disk does not tell them from small ones, a role `ROOT` must not write over the anchor.
 */
export function keptName(role: string): string {
  return `${escapeName(role).replace(/%..|[A-Z]/g, (part) => (part.length > 1 ? part : escapeChar(part)))}.json`;
}

/** What a repository publishes a role's metadata as: with its version where snapshots are consistent (TUF 1.0, section 6.2). */
export function publishedName(role: string, version: number, consistent: boolean | undefined): string {
  const name = `${escapeName(role)}.json`;
  return consistent === true ? `${version}.${name}` : name;
}

/**
 * Where a repository has a target, below the base of its targets.
 *
 * @throws SymbolonError `target-unknown` for a path that a URL would read as another one
 */
export function publishedTarget(path: string, hashes: Hashes, consistent: boolean | undefined): string {
  const folders = path.split('/');
  const name = folders.pop() ?? '';
  const hash = hashes.sha256 ?? hashes.sha512;
  const published = consistent === true && hash !== undefined ? `${hash}.${name}` : name;
  const segments = [...folders, published];
  if (segments.some((each) => each === '' || each === '.' || each === '..')) {
    throw new SymbolonError('target-unknown');
  }
  return segments.map(escapeName).join('/');
}

/**
 * One name in a folder or a URL for any text: RFC 3986, section 2.3, everything else percent-encoded. Names of roles and paths of targets
 * are texts that others chose; so none of them leaves its folder.
 */
export function escapeName(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, escapeChar);
}

/** @param char of ASCII */
function escapeChar(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
}
