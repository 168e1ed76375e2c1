import type { Bytes } from '@symbolon/protocol/bytes';
import type { Change } from '@symbolon/registry/ceremony/changes/change';
import { federationContent, regionContent, regionPath } from './read-content.ts';

/** `keys.json` has a role of its own. */
const KEYS = 'keys.json';

/** Files of the federation or of a region, as one change for each role that signs some of them. */
export async function putChanges(
  region: string | undefined,
  folder: string | undefined,
  remove: readonly string[],
): Promise<readonly Change[]> {
  const files = folder === undefined ? new Map<string, Bytes>() : await contentOf(region, folder);
  if (region === undefined) return [putOf('targets', files, remove)];
  const keysPath = regionPath(region, KEYS);
  const isOfKeys = (path: string) => path === keysPath;
  const removed = remove.map((name) => regionPath(region, name));
  return [
    putOf(
      region,
      withPaths(files, (path) => !isOfKeys(path)),
      removed.filter((path) => !isOfKeys(path)),
    ),
    putOf(`${region}.keys`, withPaths(files, isOfKeys), removed.filter(isOfKeys)),
  ].filter((change) => change.files.size > 0 || change.remove !== undefined);
}

function contentOf(region: string | undefined, folder: string): Promise<ReadonlyMap<string, Bytes>> {
  return region === undefined ? federationContent(folder) : regionContent(folder, region);
}

function putOf(role: string, files: ReadonlyMap<string, Bytes>, remove: readonly string[]) {
  return { change: 'put' as const, role, files, ...(remove.length > 0 && { remove: [...remove] }) };
}

function withPaths(
  files: ReadonlyMap<string, Bytes>,
  test: (path: string) => boolean,
): ReadonlyMap<string, Bytes> {
  return new Map([...files].filter(([path]) => test(path)));
}
