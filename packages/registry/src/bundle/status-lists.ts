import { type Bytes, fromUtf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { isRegionId } from '@symbolon/protocol/ids';
import { isPlainPath } from '../metadata/paths.ts';

const LIST = /^lists\/([^/]+)\/([^/]+)$/;

/** A status list token as a bundle carries it. This package neither reads nor verifies it. */
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

/** The status lists among the files of a bundle. */
export function listsIn(files: ReadonlyMap<string, Bytes>): readonly BundledList[] {
  return [...files].flatMap(([path, bytes]) => {
    const [, region, id] = LIST.exec(path) ?? [];
    return region === undefined || id === undefined || !isRegionId(region)
      ? []
      : [{ region, id, token: fromUtf8(bytes) }];
  });
}
