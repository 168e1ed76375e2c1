import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { isRegionId } from '@symbolon/protocol/ids';
import { isPlainPath } from '../metadata/paths.ts';

const LIST = /^lists\/([^/]+)\/([^/]+)$/;

/** A status list as a bundle carries it: a token, or the text of a Bitstring list. This package neither reads nor verifies it. */
export interface BundledList {
  readonly region: string;
  readonly id: string;
  readonly token: string;
}

/** `lists/<region>/<id>`. @throws SymbolonError `id-malformed` */
export function listPath(region: string, id: string): string {
  const path = `lists/${region}/${id}`;
  if (!isRegionId(region) || id.includes('/') || !isPlainPath(path)) throw new SymbolonError('id-malformed');
  return path;
}

/** What is no text becomes one that is no token. */
const decoder = new TextDecoder();

/** The status lists among the files of a bundle. */
export function listsIn(files: ReadonlyMap<string, Bytes>): readonly BundledList[] {
  const lists: BundledList[] = [];
  for (const [path, bytes] of files) {
    if (!path.startsWith('lists/')) continue;
    const [, region, id] = LIST.exec(path) ?? [];
    if (region === undefined || id === undefined || !isRegionId(region)) continue;
    lists.push({ region, id, token: decoder.decode(bytes) });
  }
  return lists;
}
