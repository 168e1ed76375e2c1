import { DAY_SECONDS, type Instant } from '@symbolon/protocol/instant';
import type { Draft } from '@symbolon/registry/ceremony/draft';
import { updateRole } from '@symbolon/registry/ceremony/update-role';
import { planEpochs } from '@symbolon/registry/epochs';
import { keysFile, type PublishedKey, seededSigner } from '../support/federation-fixture.ts';
import { EPOCHS } from '../support/large-federation.ts';
import type { Faults } from './faults.ts';
import { daysAfter, entryOf, KEYS_DAYS, REGION_DAYS, type RegionState } from './world.ts';

/** With less left than this, a role is signed again. */
const KEYS_RENEWAL_DAYS = 11;
const REGION_RENEWAL_DAYS = 21;

export interface RegionWork {
  readonly state: RegionState;
  readonly changesKeys: boolean;
  readonly changesRegion: boolean;
  readonly made: number;
  readonly retired: number;
}

/** What a region has to publish now; nothing when nothing is due. */
export async function dueWork(
  state: RegionState,
  now: Instant,
  faults: Faults,
): Promise<RegionWork | undefined> {
  const settings = faults.noLead ? { ...EPOCHS, leadHours: 0 } : EPOCHS;
  const entries = state.keys.map(entryOf);
  const plans = (['credential', 'status'] as const).map((use) => ({
    use,
    ...planEpochs(entries, use, now, settings),
  }));
  const retire = new Set(plans.flatMap((plan) => plan.retire));
  const made: PublishedKey[] = [];
  for (const { use, make } of plans) {
    if (make === undefined) continue;
    const signer = await seededSigner(`drill ${state.region.id} ${use} ${make.notBefore}`);
    made.push({ signer, use, ...make });
  }
  const changesKeys =
    made.length > 0 || retire.size > 0 || state.keysExpire - now < KEYS_RENEWAL_DAYS * DAY_SECONDS;
  const changesRegion = state.expires - now < REGION_RENEWAL_DAYS * DAY_SECONDS;
  if (!changesKeys && !changesRegion) return undefined;
  const keys = [...state.keys.filter(({ signer }) => !retire.has(signer.kid)), ...made];
  return { state: { ...state, keys }, changesKeys, changesRegion, made: made.length, retired: retire.size };
}

/** Signs it into the draft. @returns the region as it will be when that is published */
export async function signWork(
  draft: Draft,
  { state, changesKeys, changesRegion }: RegionWork,
  now: Instant,
): Promise<{ readonly draft: Draft; readonly state: RegionState }> {
  const withKeys = changesKeys ? await signKeys(draft, state, now) : { draft, state };
  return changesRegion ? signRegion(withKeys.draft, withKeys.state, now) : withKeys;
}

export async function signKeys(draft: Draft, state: RegionState, now: Instant) {
  const { id, keys } = state.region;
  const update = { role: `${id}.keys`, put: keysFile(id, state.keys) };
  return {
    draft: await updateRole(draft, update, [keys], now),
    state: { ...state, keysExpire: daysAfter(now, KEYS_DAYS) },
  };
}

export async function signRegion(draft: Draft, state: RegionState, now: Instant) {
  return {
    draft: await updateRole(draft, { role: state.region.id }, state.admins.slice(0, 2), now),
    state: { ...state, expires: daysAfter(now, REGION_DAYS) },
  };
}
