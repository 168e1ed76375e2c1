import { addSeconds, DAY_SECONDS, HOUR_SECONDS, type Instant } from '@symbolon/protocol/instant';
import type { DoctorFinding } from '@symbolon/registry/doctor/finding';
import type { RegistryView } from '@symbolon/registry/registry-view';
import type { BundledList } from '@symbolon/registry/status-lists';
import { type ListTimes, openEveryList } from '@symbolon/verifier/open-every-list';

/** A list that ends sooner than this was not renewed for long: it is made to be readable for days. */
const LIST_AHEAD_SECONDS = DAY_SECONDS;

/**
 * Whether the lists of one region are what its published keys vouch for, checked as a verifier checks them, and whether they are renewed. Of
 * findings of one kind the first stands for all.
 */
export async function examineLists(
  registry: RegistryView,
  region: string,
  lists: readonly BundledList[],
  now: Instant,
): Promise<readonly DoctorFinding[]> {
  const opened = await openEveryList(registry, lists, now);
  const place = `${region}.lists`;
  const findings: DoctorFinding[] = [];
  // REQ-DOC-007
  const [reason] = opened.badLists.values();
  if (reason !== undefined) findings.push({ code: 'endpoint-disagrees', severity: 'fail', place, reason });
  const aged = [...opened.lists.values()].flatMap((list) => ageOf(list, registry, place, now));
  const worst = aged.find(({ severity }) => severity === 'fail') ?? aged[0];
  return worst === undefined ? findings : [...findings, worst];
}

/** REQ-DOC-008: by the time at which verifiers refer or refuse to read it. */
function ageOf(
  { issuedAt, expiresAt }: ListTimes,
  { federation }: RegistryView,
  place: string,
  now: Instant,
): readonly DoctorFinding[] {
  const { warnAfterHours, referAfterHours } = federation.freshness;
  const refers = addSeconds(issuedAt, referAfterHours * HOUR_SECONDS);
  const at = refers < expiresAt ? refers : expiresAt;
  if (now >= at) return [{ code: 'list-stale', severity: 'fail', place, at }];
  const old = now >= issuedAt + warnAfterHours * HOUR_SECONDS || now >= expiresAt - LIST_AHEAD_SECONDS;
  return old ? [{ code: 'list-stale', severity: 'warn', place, at }] : [];
}
