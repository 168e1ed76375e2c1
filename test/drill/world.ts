import type { Signer } from '@symbolon/keys/signer';
import type { Bytes } from '@symbolon/protocol/bytes';
import { addHours, addSeconds, DAY_SECONDS, type Instant } from '@symbolon/protocol/instant';
import type { RegionKey } from '@symbolon/protocol/schemas/region';
import { signingOrder } from '@symbolon/registry/epochs';
import { type MemoryStore, memoryStore } from '@symbolon/registry/memory-store';
import { FIXTURE_NOW, type PublishedKey } from '../support/federation-fixture.ts';
import { buildLargeFederation, type LargeRegion } from '../support/large-federation.ts';

/** Everyone who holds a key, and what is published. A value, but for the store. */
export interface World {
  readonly pinnedRoot: Bytes;
  readonly store: MemoryStore;
  readonly admins: readonly Signer[];
  readonly online: { readonly snapshot: readonly Signer[]; readonly timestamp: readonly Signer[] };
  readonly regions: ReadonlyMap<string, RegionState>;
  readonly counts: Counts;
}

export interface RegionState {
  readonly region: LargeRegion;
  readonly admins: readonly Signer[];
  /** What the region knows to be published: it issues by these. */
  readonly keys: readonly PublishedKey[];
  readonly expires: Instant;
  readonly keysExpire: Instant;
}

export interface Counts {
  readonly contentPublications: number;
  readonly timestamps: number;
  readonly keysMade: number;
  readonly keysRetired: number;
}

export const START = FIXTURE_NOW;
export const REGION_DAYS = 90;
export const KEYS_DAYS = 14;

export function timeOf(hour: number): Instant {
  return addHours(START, hour);
}

export function daysAfter(time: Instant, days: number): Instant {
  return addSeconds(time, days * DAY_SECONDS);
}

export async function foundWorld(size: {
  readonly provinces: number;
  readonly cities: number;
}): Promise<World> {
  const federation = await buildLargeFederation({ ...size, now: START });
  const { pinnedRoot, store, admins, snapshot, timestamp } = federation;
  const regions = [...federation.regions.values()].map((region): [string, RegionState] => [
    region.id,
    {
      region,
      admins: region.admins,
      keys: region.epochKeys,
      expires: daysAfter(START, REGION_DAYS),
      keysExpire: daysAfter(START, KEYS_DAYS),
    },
  ]);
  return {
    pinnedRoot,
    store,
    admins,
    online: { snapshot: [snapshot], timestamp: [timestamp] },
    regions: new Map(regions),
    counts: { contentPublications: 1, timestamps: 1, keysMade: 0, keysRetired: 0 },
  };
}

/** The same world, to go on in another way. */
export function forkWorld(world: World): World {
  return { ...world, store: memoryStore(world.store.files) };
}

export function stateOf({ regions }: World, id: string): RegionState {
  const state = regions.get(id);
  if (state === undefined) throw new RangeError('no such region');
  return state;
}

export function withRegion(world: World, state: RegionState): World {
  return { ...world, regions: new Map([...world.regions, [state.region.id, state]]) };
}

/** As `keys.json` says it. */
export function entryOf({ signer, use, notBefore, notAfter, revoked }: PublishedKey): RegionKey {
  const { kid, alg, publicJwk: jwk } = signer;
  return { kid, use, alg, jwk, notBefore, notAfter, ...(revoked !== undefined && { revoked }) };
}

/** The key that the region issues with at `at`. @throws RangeError when it has none */
export function issuingKey({ keys }: RegionState, at: Instant, newestSigns = false): PublishedKey {
  const order = signingOrder(keys.map(entryOf), 'credential', at);
  const kid = (newestSigns ? order.at(-1) : order[0])?.kid;
  const found = keys.find(({ signer }) => signer.kid === kid);
  if (found === undefined) throw new RangeError('a region has no key to issue with');
  return found;
}
