import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { parentRegion } from '@symbolon/protocol/ids';
import { instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { own } from '@symbolon/protocol/own';
import { regionOfRole, TARGETS } from '../metadata/delegations.ts';
import { rootFile } from '../metadata/file-names.ts';
import { loadFromAnchor } from '../registry-view/open-registry.ts';
import { type ReadFile, readFrom } from '../registry-view/source.ts';
import { REGISTRY_LOG_FILE } from './open-bundle.ts';

export interface CollectBundle {
  /** The repository. */
  readonly read: ReadFile | ReadonlyMap<string, Bytes>;
  /** Only these regions, and the regions above them. All, when left out. */
  readonly regions?: readonly string[];
  /** Status lists by `listPath`, to go along. */
  readonly lists?: ReadonlyMap<string, string>;
}

/**
 * Gathers what a trust bundle holds: the chain of roots from version 1 on, the current metadata and targets, what the registry says of its log, and the given
 * lists.
 *
 * It follows the repository from the repository's *own* first root, so this is no decision about trust: whoever reads the bundle
 * checks it from the root that they pinned.
 *
 * @returns files for `writeBundle`
 * @throws SymbolonError `metadata-...` when the repository is not one
 */
export async function collectBundle(options: CollectBundle): Promise<ReadonlyMap<string, string | Bytes>> {
  const read = typeof options.read === 'function' ? options.read : readFrom(options.read);
  const roots = await collectRoots(read);
  const { files, view } = await loadFromAnchor({
    read,
    pinnedRoot: roots.get(rootFile(1)),
    now: instant(0),
    expiry: 'offline',
  });
  for (const region of options.regions ?? []) {
    const known = own(view.regions, region) ?? own(view.malformedRegions, region);
    if (known === undefined) throw new SymbolonError('target-unknown', { path: 'regions' });
  }
  const chosen = options.regions === undefined ? undefined : withParents(options.regions);
  // Of all regions: one proof is for all of them together.
  const log = view.federation.log && (await read(REGISTRY_LOG_FILE, { maxBytes: LIMITS.registryLogBytes }));
  const kept = [...files, ...(options.lists ?? [])].filter(([path]) => isWanted(path, chosen));
  return new Map<string, string | Bytes>([
    ...roots,
    ...kept,
    ...(log === undefined ? [] : [[REGISTRY_LOG_FILE, log] as const]),
  ]);
}

async function collectRoots(read: ReadFile): Promise<ReadonlyMap<string, Bytes>> {
  const roots = new Map<string, Bytes>();
  // More than this no bundle holds.
  while (roots.size <= LIMITS.bundleFiles) {
    const path = rootFile(roots.size + 1);
    const bytes = await read(path, { maxBytes: LIMITS.metadataBytes });
    if (bytes === undefined) break;
    roots.set(path, bytes);
  }
  return roots;
}

function withParents(regions: readonly string[]): ReadonlySet<string> {
  const chosen = new Set<string>();
  for (const region of regions) {
    for (let id: string | undefined = region; id !== undefined; id = parentRegion(id)) chosen.add(id);
  }
  return chosen;
}

const ROLE_FILE = /^metadata\/\d+\.(.+)\.json$/;
const REGION_FILE = /^(?:targets\/regions|lists)\/([^/]+)\//;

function isWanted(path: string, chosen: ReadonlySet<string> | undefined): boolean {
  if (chosen === undefined) return true;
  const region = REGION_FILE.exec(path)?.[1];
  if (region !== undefined) return chosen.has(region);
  const role = ROLE_FILE.exec(path)?.[1];
  if (role === undefined || role === TARGETS || role === 'snapshot') return true;
  return chosen.has(regionOfRole(role));
}
