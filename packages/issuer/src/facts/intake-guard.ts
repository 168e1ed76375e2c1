import { HOUR_SECONDS, type Instant } from '@symbolon/protocol/instant';
import { POLICY_DEFAULTS } from '@symbolon/protocol/limits';
import type { Tallies } from '../ports.ts';
import type { Publication } from '../publication.ts';

/**
 * Whether the facts of a source turn more people adverse in an hour than the federation allows, with `adverse` more. This hour of the clock
 * and the one before count in full: so no 60 minutes let more through, wherever they begin. A later one counts as well: another writer's clock is ahead.
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
  let sum = 0;
  for (const [counted, count] of counts) if (counted >= hour - 1) sum += count;
  if (sum <= adversePerHour) return false;
  await tallies.add(key, hour, -adverse);
  return true;
}
