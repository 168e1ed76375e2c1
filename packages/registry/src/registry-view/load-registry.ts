import { sha256Hex } from '@symbolon/keys/digest';
import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { readPublicationRecord } from '../history/publication-record.ts';
import { TARGETS } from '../metadata/delegations.ts';
import type { Reading, RootTrust, SnapshotTrust } from '../metadata/trusted-set.ts';
import { type ClientState, nextState } from './client-state.ts';
import { nextKeyMemory, withKeyMemory } from './key-memory.ts';
import { loadRoles, loadSnapshot, type RoleTree } from './load-metadata.ts';
import { checkOverreach } from './owners.ts';
import { readFederation } from './read-federation.ts';
import { readRegions } from './read-regions.ts';
import { targetsOf } from './read-target.ts';
import type { RegistryView } from './registry-view.ts';
import { nextRuleMemory, withRuleMemory } from './rule-memory.ts';
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
  const { signedAt } = trust.timestamp.signed;
  // REQ-REG-005: signed times do not go back, or a later one would be worth nothing; but one that a stolen key set into the future goes with the key.
  if (state !== undefined && !trust.rotated && signedAt < state.newestSignedAt)
    throw new SymbolonError('metadata-rollback');
  const tree = await loadRoles(trust, read, reading);
  checkOverreach(tree.roles);
  const targetsRole = tree.roles.get(TARGETS);
  if (targetsRole === undefined) throw new SymbolonError('metadata-missing');

  const targets = targetsOf(tree.roles, read, trust.profile.integrity);
  const snapshotFiles = Object.keys(trust.snapshot.signed.meta);
  const federal = await readFederation(tree.roles, targets);
  const { ruleHashes, ...regions } = await readRegions(
    tree,
    snapshotFiles,
    targets,
    { seenRules: state?.ruleHashes ?? {}, schemes: federal.schemes },
    reading.now,
  );
  const keyMemory = nextKeyMemory(state, { ...federal, ...regions, signedAt, snapshotFiles }, reading.now);
  const ruleMemory = nextRuleMemory(state, { ...federal, ...regions, signedAt }, ruleHashes, reading.now);
  const view: RegistryView = {
    version: trust.snapshot.signed.version,
    // Where the timestamp tells it, it was checked.
    snapshotSha256:
      trust.timestamp.signed.meta['snapshot.json'].hashes?.sha256 ?? sha256Hex(trust.snapshot.bytes),
    publishedAt: readPublicationRecord(trust.snapshot.raw)?.at,
    signedAt,
    rootExpires: trust.root.signed.expires,
    targetsExpires: targetsRole.expires,
    ...federal,
    ...regions,
    regions: withRuleMemory(withKeyMemory(regions.regions, keyMemory), ruleMemory),
  };
  const next = nextState(pinnedRoot, state, trust, ruleHashes, { ...keyMemory, ...ruleMemory });
  return { trust, tree, view, state: next };
}
