import type { Signer } from '@symbolon/keys/signer';
import type { Bytes } from '@symbolon/protocol/bytes';
import { addHours, hourFloor, type Instant } from '@symbolon/protocol/instant';
import { type Draft, startDraft } from '@symbolon/registry/ceremony/draft';
import { publish } from '@symbolon/registry/ceremony/publish';
import { createRoot } from '@symbolon/registry/ceremony/root';
import { seal } from '@symbolon/registry/ceremony/seal';
import { updateRole } from '@symbolon/registry/ceremony/update-role';
import type { EpochSettings } from '@symbolon/registry/epochs';
import { type MemoryStore, memoryStore } from '@symbolon/registry/memory-store';
import { authorityOf, FIXTURE_NOW, keysFile, type PublishedKey, seededSigner } from './federation-fixture.ts';
import { LARGE_FEDERATION_FILES, largeRegionFiles } from './large-federation-content.ts';
import { type NamedRegion, namedRegions } from './large-federation-regions.ts';

/**
 * A federation of the size of a country, made by the real ceremony: provinces that are delegated by targets, and cities that are delegated by their
 * province. All keys are from fixed seeds, so the same options give the same files but for the signatures (ECDSA is randomised).
 */

export interface LargeFederationOptions {
  /** 34, and 300 cities dealt to them in turn, when left out. */
  readonly provinces?: number;
  readonly cities?: number;
  readonly now?: Instant;
}

export interface LargeRegion extends NamedRegion {
  /** Which of the sample's regions its rules are like. */
  readonly variant: number;
  /** Three, of whom two sign. */
  readonly admins: readonly Signer[];
  /** Signs `keys.json`. */
  readonly keys: Signer;
  readonly operators: readonly Signer[];
  /** Three issuing and three status keys: one that signed before, one that signs, and one in reserve. */
  readonly epochKeys: readonly PublishedKey[];
}

export interface LargeFederation {
  readonly pinnedRoot: Bytes;
  readonly store: MemoryStore;
  readonly admins: readonly Signer[];
  readonly snapshot: Signer;
  readonly timestamp: Signer;
  /** A region comes after the one above it. */
  readonly regions: ReadonlyMap<string, LargeRegion>;
}

/** As in the sample: a week, the freshness at which a person is asked, and the longest validity with the oldest registry that is gone by. */
export const EPOCHS: EpochSettings = { epochHours: 7 * 24, leadHours: 96, keepHours: 24 + 240 };

export async function buildLargeFederation(options: LargeFederationOptions = {}): Promise<LargeFederation> {
  const { provinces = 34, cities = 300, now = FIXTURE_NOW } = options;
  const admins = await signers(3, 'large admin');
  const [snapshot, timestamp] = [await seededSigner('large snapshot'), await seededSigner('large timestamp')];
  const regions = new Map<string, LargeRegion>();
  for (const [i, named] of namedRegions(provinces, cities).entries()) {
    const variant = named.parent === undefined ? i : (regions.get(named.parent)?.variant ?? 0);
    regions.set(named.id, await largeRegion(named, variant, i, now));
  }
  const twoOfThree = authorityOf(admins, 2);
  const online = { snapshot: authorityOf([snapshot]), timestamp: authorityOf([timestamp]) };
  const roles = { root: twoOfThree, targets: twoOfThree, ...online };
  const pinnedRoot = await createRoot({ roles, signers: admins.slice(0, 2), now });
  const targets = { role: 'targets', put: LARGE_FEDERATION_FILES, delegate: delegations(regions, undefined) };
  let draft = await updateRole(await startDraft(pinnedRoot), targets, admins.slice(0, 2), now);
  for (const region of regions.values()) draft = await withLargeRegion(draft, region, regions, now);
  const store = memoryStore();
  await publish(store, await seal(draft, { snapshot: [snapshot], timestamp: [timestamp] }, now));
  return { pinnedRoot, store, admins, snapshot, timestamp, regions };
}

async function largeRegion(
  named: NamedRegion,
  variant: number,
  i: number,
  now: Instant,
): Promise<LargeRegion> {
  const { id } = named;
  return {
    ...named,
    variant,
    admins: await signers(3, `${id} admin`),
    keys: await seededSigner(`${id} keys`),
    operators: await signers(2, `${id} operator`),
    // Their weeks begin at different hours, as no two regions were founded in the same one.
    epochKeys: [
      ...(await epochKeys(id, 'credential', i, now)),
      ...(await epochKeys(id, 'status', i + 84, now)),
    ],
  };
}

/** As `planEpochs` leaves them after some weeks: the newest was published with its lead, the others are each an epoch older. */
async function epochKeys(id: string, use: 'credential' | 'status', phase: number, now: Instant) {
  const { epochHours, leadHours } = EPOCHS;
  const newest = addHours(hourFloor(now), leadHours - (phase % epochHours));
  const made = await signers(3, `${id} ${use}`);
  return made.map((signer, i): PublishedKey => {
    const notBefore = addHours(newest, (i - 2) * epochHours);
    return { signer, use, notBefore, notAfter: addHours(notBefore, 3 * epochHours) };
  });
}

async function withLargeRegion(
  draft: Draft,
  region: LargeRegion,
  regions: ReadonlyMap<string, LargeRegion>,
  now: Instant,
): Promise<Draft> {
  const { id, admins, keys, epochKeys } = region;
  const below = delegations(regions, id);
  const files = { role: id, put: largeRegionFiles(region), ...(below.length > 0 && { delegate: below }) };
  const own = await updateRole(draft, files, admins.slice(0, 2), now);
  return updateRole(own, { role: `${id}.keys`, put: keysFile(id, epochKeys) }, [keys], now);
}

function delegations(regions: ReadonlyMap<string, LargeRegion>, parent: string | undefined) {
  return [...regions.values()]
    .filter((region) => region.parent === parent)
    .map(({ id, admins, keys }) => ({
      region: id,
      admins: authorityOf(admins, 2),
      keys: authorityOf([keys]),
    }));
}

function signers(count: number, seed: string): Promise<readonly Signer[]> {
  return Promise.all(Array.from({ length: count }, (_, i) => seededSigner(`${seed} ${i + 1}`)));
}
