import type { Figures } from '../figure.ts';
import type { Settings } from '../measure.ts';
import { microseconds, ratio } from '../ratio.ts';
import { raceStatusDecode } from '../workload/status-decode.ts';

/** The same race as `verify.statusDecode`, as a speed. */
export async function figures(settings: Settings): Promise<Figures> {
  const { speed, time, bytes } = await raceStatusDecode(settings);
  return {
    'status.decode': ratio(speed('ours', 'floor'), 'floor'),
    'status.decode.us': microseconds(time('ours')),
    'status.bytes': { value: bytes, unit: 'bytes', better: 'lower' },
  };
}
