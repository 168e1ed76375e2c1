import type { Bytes } from '@symbolon/protocol/bytes';
import type { Instant } from '@symbolon/protocol/instant';
import type { Region } from '@symbolon/protocol/schemas/region';
import { writeBundle } from '@symbolon/registry/bundle';
import { collectBundle } from '@symbolon/registry/collect-bundle';
import type { ObjectStore } from '@symbolon/registry/object-store';
import { openRegistry } from '@symbolon/registry/open-registry';
import { type BundledList, listPath, listsIn } from '@symbolon/registry/status-lists';
import { newerList } from './newer-list.ts';
import { orNothing } from './or-nothing.ts';
import { BUNDLE, filesOfBundle, readThrough } from './registry-files.ts';
import { writeOver } from './write-over.ts';

/** Status lists of a region, tokens and Bitstring lists, by id. Not verified: whoever reads the bundle does that. */
export type ListTokens = ReadonlyMap<string, string>;

/** Port: what the regions publish. */
export interface ListSource {
  /** @throws SymbolonError `metadata-unreachable`, `metadata-missing`, `status-list-malformed` */
  listsOf(region: Region): Promise<ListTokens>;
}

/**
 * Gathers the registry and every region's status lists into one file. A region that cannot be reached keeps the lists that the last bundle
 * carried: their own times say how old they are.
 *
 * @param source left out, no region is asked, and every region keeps its lists
 * @throws SymbolonError `publication-conflict` when another wrote the bundle meanwhile; what `openRegistry` throws
 */
export async function writeTrustBundle(
  objects: ObjectStore,
  pinnedRoot: Bytes,
  source: ListSource | undefined,
  now: Instant,
): Promise<{ files: number; bytes: number; regionsUnreachable: number }> {
  const previous = await objects.read(BUNDLE);
  const bundledBefore = await filesOfBundle(previous);
  const kept = listsIn(bundledBefore);
  const read = readThrough(bundledBefore, (path) => objects.read(path));
  const { view } = await openRegistry({ read, pinnedRoot, now, expiry: 'offline' });
  const lists = new Map<string, string>();
  let regionsUnreachable = 0;
  const gather = async (region: Region) => {
    const before = new Map(
      kept.filter((list) => list.region === region.region).map((list) => [list.id, list]),
    );
    // One region that is down must not keep the others' news from every verifier.
    const tokens = await orNothing(() => source?.listsOf(region));
    if (source !== undefined && tokens === undefined) regionsUnreachable++;
    const found = tokens === undefined ? before.values() : bundled(region, tokens);
    for (const list of found) {
      const { region: id, id: name, token } = await newerList(view, list, before.get(list.id), now);
      lists.set(listPath(id, name), token);
    }
  };
  await Promise.all(Object.values(view.regions).map(({ region }) => gather(region)));

  const files = await collectBundle({ read, lists });
  const bundle = await writeBundle(files);
  await writeOver(objects, BUNDLE, bundle, previous);
  return { files: files.size, bytes: bundle.length, regionsUnreachable };
}

function bundled({ region }: Region, tokens: ListTokens): readonly BundledList[] {
  return [...tokens].map(([id, token]) => ({ region, id, token }));
}
