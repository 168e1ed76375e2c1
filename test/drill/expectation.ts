import { SAMPLE_FEDERATION } from '@symbolon/local/sample/federation';
import { isDown, type Schedule } from './schedule.ts';

/** What an honest, fresh credential must come to, from the age of the registry alone, whatever keys and admins have changed meanwhile. */
export function expectedLabel(
  { hour, refreshed }: { readonly hour: number; readonly refreshed: number },
  schedule: Schedule,
): string {
  const { warnAfterHours, referAfterHours, blockAfterHours } = SAMPLE_FEDERATION.freshness;
  const age = hour - newestAt(refreshed, schedule);
  if (age >= blockAfterHours) return 'refused stale-block';
  if (age >= referAfterHours) return 'referred stale-refer';
  return age >= warnAfterHours ? 'accepted stale-warn' : 'accepted';
}

/** The hour of the newest timestamp that there was in an hour. */
function newestAt(hour: number, schedule: Schedule): number {
  if (isDown(schedule, hour)) return schedule.outageFrom - 1;
  return hour === schedule.missedSigning ? hour - 1 : hour;
}
