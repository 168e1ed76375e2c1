import type { Instant } from '@symbolon/protocol/instant';
import { regionOfRole, TARGETS } from '../metadata/delegations.ts';
import type { LoadedRegistry } from '../registry-view/load-registry.ts';
import type { DoctorFinding } from './finding.ts';
import type { DoctorSettings } from './settings.ts';

/** Every metadata file that has ended or ends soon. */
export function examineExpiries(
  { trust, tree }: LoadedRegistry,
  now: Instant,
  settings: DoctorSettings,
): readonly DoctorFinding[] {
  const top = [
    { place: 'root', expires: trust.root.signed.expires, ahead: settings.root },
    { place: 'snapshot', expires: trust.snapshot.signed.expires, ahead: settings.snapshot },
    { place: 'timestamp', expires: trust.timestamp.signed.expires, ahead: settings.timestamp },
  ];
  const below = [...tree.roles].map(([place, { metadata }]) => ({
    place,
    expires: metadata.signed.expires,
    ahead: aheadOf(place, settings),
  }));
  return [...top, ...below].flatMap(({ place, expires, ahead }) => endOf(place, expires, ahead, now));
}

/** What is to be said of something that ends at `expires`: nothing, or one finding. */
export function endOf(
  place: string,
  expires: Instant,
  ahead: number,
  now: Instant,
): readonly DoctorFinding[] {
  // REQ-DOC-002
  if (now >= expires) return [{ code: 'ended', severity: 'fail', place, at: expires }];
  // REQ-DOC-001
  if (now >= expires - ahead) return [{ code: 'ends-soon', severity: 'warn', place, at: expires }];
  return [];
}

function aheadOf(role: string, { targets, region, regionKeys }: DoctorSettings): number {
  if (role === TARGETS) return targets;
  return regionOfRole(role) === role ? region : regionKeys;
}
