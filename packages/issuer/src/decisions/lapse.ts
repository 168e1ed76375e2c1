import type { Instant } from '@symbolon/protocol/instant';
import type { BurstStore } from '../ports.ts';
import type { BurstRecord } from './burst-record.ts';

/**
 * Writes down of each held burst whose time is over that nobody released it. What it held stays without effect; the guard acts so from that second on, whether
 * or not this has run.
 *
 * @returns those that lapsed by this call: somebody must be told
 */
export async function lapseBursts(
  { bursts }: { readonly bursts: BurstStore },
  now: Instant,
): Promise<readonly BurstRecord[]> {
  const lapsed: BurstRecord[] = [];
  for (const { id } of await bursts.open()) {
    const burst = await bursts.find(id);
    if (burst?.state !== 'held' || now < burst.lapsesAt) continue;
    const after: BurstRecord = { ...burst, state: 'lapsed', settledAt: now };
    if (await bursts.move(after, 'held')) lapsed.push(after);
  }
  return lapsed;
}
