import { type Bytes, equalBytes } from '@symbolon/protocol/bytes';
import { isSymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type { Region } from '@symbolon/protocol/schemas/region';
import { readBundle, writeBundle } from '@symbolon/registry/bundle';
import { collectBundle } from '@symbolon/registry/collect-bundle';
import type { ObjectStore } from '@symbolon/registry/object-store';
import { openRegistry } from '@symbolon/registry/open-registry';
import { listPath, listsIn } from '@symbolon/registry/status-lists';
import type { ListSource, ListTokens } from './list-source.ts';

const BUNDLE = 'trust.bundle';

/**
 * Gathers the registry and every region's status lists into one file. A region that cannot be reached keeps the lists that the last bundle
 * carried: their own times say how old they are.
 */
export async function writeTrustBundle(
  objects: ObjectStore,
  pinnedRoot: Bytes,
  source: ListSource,
  now: Instant,
): Promise<{ files: number; bytes: number; regionsUnreachable: number }> {
  const read = (path: string) => objects.read(path);
  const { view } = await openRegistry({ read, pinnedRoot, now, expiry: 'offline' });
  const previous = await objects.read(BUNDLE);
  const regions = Object.values(view.regions).map(({ region }) => region);
  const found = await Promise.all(regions.map((region) => listsOrNothing(source, region)));
  const kept = found.includes(undefined) && previous !== undefined ? listsIn(await readBundle(previous)) : [];

  const lists = new Map<string, string>();
  for (const [index, { region }] of regions.entries()) {
    const current =
      found[index] ??
      new Map(kept.filter((list) => list.region === region).map((list) => [list.id, list.token]));
    for (const [id, token] of current) lists.set(listPath(region, id), token);
  }
  const files = await collectBundle({ read, lists });
  const bundle = await writeBundle(files);
  if (previous === undefined) await objects.create(BUNDLE, bundle);
  else if (!equalBytes(previous, bundle)) await objects.replace(BUNDLE, bundle, previous);
  return {
    files: files.size,
    bytes: bundle.length,
    regionsUnreachable: found.filter((each) => each === undefined).length,
  };
}

/** One region that is down must not keep the others' news from every verifier. */
async function listsOrNothing(source: ListSource, region: Region): Promise<ListTokens | undefined> {
  try {
    return await source.listsOf(region);
  } catch (error) {
    if (isSymbolonError(error)) return undefined;
    throw error;
  }
}
