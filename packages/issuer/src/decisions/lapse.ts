import type { Instant } from '@symbolon/protocol/instant';
import type { BurstStore, ProposalStore } from '../ports.ts';
import type { BurstRecord } from './burst-record.ts';
import { hasLapsed } from './proposal-record.ts';

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
    if ((await bursts.move(after, 'held')) || isLapse(await bursts.find(id), now)) lapsed.push(after);
  }
  return lapsed;
}

/** A write whose answer was lost is sent again, and then it has been done. Better that two runs of one second tell a lapse than none. */
function isLapse(burst: BurstRecord | undefined, now: Instant): boolean {
  return burst?.state === 'lapsed' && burst.settledAt === now;
}

/**
 * Takes each proposal whose time is over out of the queue for the second operator. It cannot be approved from that second on, whether or not this has run.
 *
 * @returns how many lapsed by this call, or by another one at the same moment
 */
export async function lapseProposals(
  { proposals }: { readonly proposals: ProposalStore },
  now: Instant,
): Promise<number> {
  let lapsed = 0;
  for (const { id } of await proposals.open()) {
    const proposal = await proposals.find(id);
    if (proposal?.state !== 'open' || !hasLapsed(proposal, now)) continue;
    const isMoved = await proposals.move({ ...proposal, state: 'lapsed' }, 'open');
    // As above.
    if (isMoved || (await proposals.find(id))?.state === 'lapsed') lapsed++;
  }
  return lapsed;
}
