import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { TARGETS } from '../metadata/delegations.ts';
import type { Reading, RootTrust, SnapshotTrust } from '../metadata/trusted-set.ts';
import { type ClientState, nextState } from './client-state.ts';
import { nextKeyLeads, withLateKeys } from './key-leads.ts';
import { loadRoles, loadSnapshot, type RoleTree } from './load-metadata.ts';
import { checkOverreach } from './owners.ts';
import { readFederation } from './read-federation.ts';
import { readRegions } from './read-regions.ts';
import { targetsOf } from './read-target.ts';
import type { RegistryView } from './registry-view.ts';
import { isExpected, type ReadFile } from './source.ts';

export interface CheckedRegistry {
  readonly trust: SnapshotTrust;
  readonly tree: RoleTree;
  readonly view: RegistryView;
  readonly state: ClientState;
}

export interface LoadedRegistry extends CheckedRegistry {
  /** Every file below the root that was read and is the one its parent describes, by path. Roots are not among them. */
  readonly files: ReadonlyMap<string, Bytes>;
}

/** `checkRegistry`, for those who go on with the files. */
export async function loadRegistry(
  root: RootTrust,
  read: ReadFile,
  reading: Reading,
  pinnedRoot: Bytes,
  state: ClientState | undefined,
): Promise<LoadedRegistry> {
  const files = new Map<string, Bytes>();
  const record: ReadFile = async (path, expected) => {
    const bytes = await read(path, expected);
    if (bytes !== undefined && isExpected(bytes, expected)) files.set(path, bytes);
    return bytes;
  };
  return { ...(await checkRegistry(root, record, reading, pinnedRoot, state)), files };
}

/**
 * Everything below an already final root, in the order of TUF 1.0, section 5: timestamp, snapshot, targets, delegated roles, and then
 * the files that they list. The one way in for a web repository, a folder and a bundle.
 *
 * @throws SymbolonError `metadata-...`, `role-overreach`, `delegation-bounds`
 */
export async function checkRegistry(
  root: RootTrust,
  read: ReadFile,
  reading: Reading,
  pinnedRoot: Bytes,
  state: ClientState | undefined,
): Promise<CheckedRegistry> {
  const trust = await loadSnapshot(root, read, reading);
  const tree = await loadRoles(trust, read, reading);
  checkOverreach(tree.roles);
  const targetsRole = tree.roles.get(TARGETS);
  if (targetsRole === undefined) throw new SymbolonError('metadata-missing');

  const targets = targetsOf(tree.roles, read);
  const { ruleHashes, ...regions } = await readRegions(
    tree,
    Object.keys(trust.snapshot.signed.meta),
    targets,
    state?.ruleHashes ?? {},
    reading.now,
  );
  const federal = await readFederation(tree.roles, targets);
  const signedAt = trust.timestamp.signed.signedAt;
  const keyLeads = nextKeyLeads(state, { ...federal, ...regions, signedAt });
  const view: RegistryView = {
    version: trust.snapshot.signed.version,
    signedAt,
    rootExpires: trust.root.signed.expires,
    targetsExpires: targetsRole.expires,
    ...federal,
    ...regions,
    regions: withLateKeys(regions.regions, keyLeads),
  };
  const { referAfterHours } = federal.federation.freshness;
  const next = nextState(pinnedRoot, state, trust, ruleHashes, keyLeads, referAfterHours);
  return { trust, tree, view, state: next };
}
