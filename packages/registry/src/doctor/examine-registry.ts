import type { Instant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import { keysRoleOf } from '../metadata/delegations.ts';
import type { LoadedRegistry } from '../registry-view/load-registry.ts';
import { examineDelegations } from './delegation-order.ts';
import { examineExpiries } from './expiries.ts';
import { type DoctorFinding, inOrder } from './finding.ts';
import { hasStopped } from './has-stopped.ts';
import { examineRegionKeys } from './region-keys.ts';
import { examineRoleKeys } from './role-keys.ts';
import { DOCTOR_SETTINGS, type DoctorSettings } from './settings.ts';

/**
 * What is wrong with a registry at `now`, or is going to be. Open it `offline`, so that what has expired is seen and not refused. Only what is
 * published is looked at here; whether the regions' services answer is for whoever has a network.
 */
export function examineRegistry(
  loaded: LoadedRegistry,
  now: Instant,
  settings: DoctorSettings = DOCTOR_SETTINGS,
): readonly DoctorFinding[] {
  const { federation, regions, signedAt } = loaded.view;
  // REQ-TIM-005: with a clock that is behind, every other finding would be wrong.
  if (now < signedAt) return [{ code: 'clock', severity: 'fail', place: 'timestamp', at: signedAt }];
  const leadHours = federation.freshness.referAfterHours;
  return inOrder([
    ...examineExpiries(loaded, now, settings),
    ...examineRoleKeys(loaded),
    ...examineDelegations(loaded),
    ...examineRegions(loaded),
    ...Object.values(regions)
      .filter(({ region }) => !hasStopped(loaded, region.region))
      .flatMap((region) => examineRegionKeys(region, leadHours, now, settings)),
  ]);
}

/** REQ-REG-019: a region that cannot be used is one, whatever the reason; one that has not published yet is waited for. */
function examineRegions({ view, trust }: LoadedRegistry): readonly DoctorFinding[] {
  const listed = trust.snapshot.signed.meta;
  return Object.entries(view.malformedRegions).map(([region, code]): DoctorFinding => {
    const published = [region, keysRoleOf(region)].every((role) => own(listed, `${role}.json`) !== undefined);
    const awaited = code === 'metadata-missing' && !published;
    return { code, severity: awaited ? 'warn' : 'fail', place: region };
  });
}
