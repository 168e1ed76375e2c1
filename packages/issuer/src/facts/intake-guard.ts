import { HOUR_SECONDS, type Instant } from '@symbolon/protocol/instant';
import { POLICY_DEFAULTS } from '@symbolon/protocol/limits';
import type { Tallies } from '../ports.ts';
import type { Publication } from '../publication.ts';

/**
 * Whether the facts of a source turn more people adverse in this hour than the federation allows, with `adverse` more.
 *
 * Counted before it is judged, so that of two batches at once at least one is held; what is held is taken off the count again. A crash in between counts too
 * much, which is the safe side.
 */
export async function exceedsHour(
  tallies: Tallies,
  { federation }: Publication,
  source: string,
  adverse: number,
  now: Instant,
): Promise<boolean> {
  const { adversePerHour } = federation.intake ?? POLICY_DEFAULTS.intake;
  const hour = Math.floor(now / HOUR_SECONDS);
  const key = `intake:${source}`;
  const counts = await tallies.add(key, hour, adverse);
  if ((counts.get(hour) ?? 0) <= adversePerHour) return false;
  await tallies.add(key, hour, -adverse);
  return true;
}
