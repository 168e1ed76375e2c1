import type { Signer } from '@symbolon/keys/signer';
import { addHours, type Instant } from '@symbolon/protocol/instant';
import { type Draft, withRoot } from '@symbolon/registry/ceremony/draft';
import { rotateRoot } from '@symbolon/registry/ceremony/root';
import { updateRole } from '@symbolon/registry/ceremony/update-role';
import { authorityOf, seededSigner } from '../support/federation-fixture.ts';
import { signKeys, signRegion } from './region-work.ts';
import { type RegionState, stateOf, type World, withRegion } from './world.ts';

/** The world after a ceremony, and the draft that has to be published for it to be so. */
export interface Held {
  readonly world: World;
  readonly draft: Draft;
}

/** A federation admin leaves, and another one comes: a new root, and targets signed by those whom it names. */
export async function replaceAdmin(world: World, draft: Draft, now: Instant): Promise<Held> {
  const admins = [...world.admins.slice(1), await seededSigner('drill new admin')];
  const held = authorityOf(admins, 2);
  // The two who stay are enough for the old root and for the new one.
  const signers = admins.slice(0, 2);
  const { bytes: current } = draft.trust.root;
  const root = await rotateRoot({ current, roles: { root: held, targets: held }, signers, now });
  const rooted = await withRoot(draft, root);
  return {
    world: { ...world, admins },
    draft: await updateRole(rooted, { role: 'targets' }, signers, now),
  };
}

/** An admin of a region is replaced by whoever delegates to it; then the region signs with its new admins. */
export async function replaceRegionAdmin(
  world: World,
  draft: Draft,
  id: string,
  now: Instant,
): Promise<Held> {
  const before = stateOf(world, id);
  const { parent, keys } = before.region;
  const admins = [...before.admins.slice(1), await seededSigner(`drill new admin of ${id}`)];
  const delegation = { region: id, admins: authorityOf(admins, 2), keys: authorityOf([keys]) };
  const delegators = parent === undefined ? world.admins : stateOf(world, parent).admins;
  const update = { role: parent ?? 'targets', delegate: [delegation] };
  const delegated = await updateRole(draft, update, delegators.slice(0, 2), now);
  const signed = await signRegion(delegated, { ...before, admins }, now);
  return { world: withRegion(world, signed.state), draft: signed.draft };
}

/** The region no longer issues with the key, and says so. */
export async function revokeKey(
  world: World,
  draft: Draft,
  id: string,
  kid: string,
  now: Instant,
): Promise<Held> {
  const signed = await signKeys(draft, withRevoked(stateOf(world, id), kid, now), now);
  return { world: withRegion(world, signed.state), draft: signed.draft };
}

function withRevoked(state: RegionState, kid: string, now: Instant): RegionState {
  const revoked = { since: addHours(now, -48), reason: 'stolen' };
  return {
    ...state,
    keys: state.keys.map((key) => (key.signer.kid === kid ? { ...key, revoked } : key)),
  };
}

/** The keys that sign snapshot and timestamp have leaked: the admins name others, and these sign at once. */
export async function replaceOnlineKeys(world: World, draft: Draft, now: Instant): Promise<Held> {
  const snapshot: Signer = await seededSigner('drill new snapshot');
  const timestamp: Signer = await seededSigner('drill new timestamp');
  const root = await rotateRoot({
    current: draft.trust.root.bytes,
    roles: { snapshot: authorityOf([snapshot]), timestamp: authorityOf([timestamp]) },
    signers: world.admins.slice(0, 2),
    now,
  });
  return {
    world: { ...world, online: { snapshot: [snapshot], timestamp: [timestamp] } },
    draft: await withRoot(draft, root),
  };
}
