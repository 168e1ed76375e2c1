import { SymbolonError } from '@symbolon/protocol/errors';
import { addHours, type Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import type { BurstStore, Tallies } from '../ports.ts';
import { type BurstBounds, causesOf, exceeds, hourOf, isHeld, releases } from './burst-guard.ts';
import type { BurstRecord } from './burst-record.ts';

export interface GuardPorts {
  readonly tallies: Tallies;
  readonly bursts: BurstStore;
}

/** A worse decision that asks to pass. */
export interface Guarded {
  readonly scheme: string;
  readonly rule: string;
  readonly authority: string;
  /** What is held: a subject, or a proposal (`heldProposal`). */
  readonly item: string;
  /** What is the same by now: subjects that were merged into it. What was held of them is held of it. */
  readonly mergedItems: () => Promise<readonly string[]>;
  /** Whether there is a ground for the decision that is newer than a hold which lapsed. */
  readonly renewedSince: (heldAt: Instant) => Promise<boolean>;
}

/** How often bursts that are released meanwhile are looked at anew before the caller is told. */
const ATTEMPTS = 5;
const PROPOSAL = 'proposal:';

/** What a burst notes of a decision by hand: the proposal, so that the release can carry it out. No subject has such an id. */
export function heldProposal(id: string): string {
  return `${PROPOSAL}${id}`;
}

/** The proposal that a burst holds under this name, or nothing when it is a subject. */
export function proposalHeldAs(item: string): string | undefined {
  return item.startsWith(PROPOSAL) ? item.slice(PROPOSAL.length) : undefined;
}

/**
 * The burst guard (protocol, section 9.5). Answers the burst that keeps a worse decision from taking effect, held or lapsed, or nothing when it may be
 * appended: it is counted then. A rule version that was released passes uncounted.
 *
 * Order: count, judge, begin the burst, note what it holds, look at the burst again. So two writers at the threshold never both pass, a crash counts too much
 * and never too little, and what is noted while the burst is being released is seen by the release or passes here.
 *
 * @throws SymbolonError `decision-conflict`
 */
export async function passGuard(
  ports: GuardPorts,
  bounds: BurstBounds,
  what: Guarded,
  now: Instant,
): Promise<BurstRecord | undefined> {
  const { bursts } = ports;
  const { scheme, rule, item } = what;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const newest = await newestBursts(bursts, what);
    const released = newest.some((burst) => releases(burst, rule)) || (await bursts.isReleased(scheme, rule));
    if (released) return undefined;
    let burst = newest.find((each) => isHeld(each, now));
    if (burst === undefined) {
      const lapsed = await lapsedHold(bursts, newest, what);
      if (lapsed !== undefined) return lapsed;
      burst = await countAndBegin(ports, bounds, newest, what, now);
      if (burst === undefined) return undefined;
    }
    await bursts.hold(burst.id, item, rule, now);
    const after = (await bursts.find(burst.id)) ?? burst;
    if (after.state !== 'released') return after;
  }
  throw new SymbolonError('decision-conflict');
}

async function newestBursts(bursts: BurstStore, what: Guarded): Promise<readonly BurstRecord[]> {
  const newest = await Promise.all(causesOf(what).map((cause) => bursts.newest(what.scheme, cause)));
  return newest.filter((burst) => burst !== undefined);
}

/** The last burst that held this, if it lapsed and nothing has come since: it stays without effect. */
async function lapsedHold(
  bursts: BurstStore,
  newest: readonly BurstRecord[],
  { item, mergedItems, rule, renewedSince }: Guarded,
): Promise<BurstRecord | undefined> {
  if (newest.length === 0) return undefined;
  const items = [item, ...(await mergedItems())];
  for (const start of newest) {
    let burst: BurstRecord | undefined = start;
    while (burst !== undefined) {
      const since = await lastHeld(bursts, burst.id, items, rule);
      if (since !== undefined) {
        if (burst.state !== 'released' && !(await renewedSince(since))) return burst;
        break;
      }
      burst = burst.before === undefined ? undefined : await bursts.find(burst.before);
    }
  }
  return undefined;
}

async function lastHeld(
  bursts: BurstStore,
  burst: string,
  items: readonly string[],
  rule: string,
): Promise<Instant | undefined> {
  const times = await Promise.all(items.map((each) => bursts.heldSince(burst, each, rule)));
  return times.reduce(
    (last, at) => (at !== undefined && (last === undefined || at > last) ? at : last),
    undefined,
  );
}

async function countAndBegin(
  { tallies, bursts }: GuardPorts,
  bounds: BurstBounds,
  newest: readonly BurstRecord[],
  what: Guarded,
  now: Instant,
): Promise<BurstRecord | undefined> {
  const over: string[] = [];
  // Both are counted before either is judged: what one cause holds counts for the other.
  for (const cause of causesOf(what)) {
    const counts = await tallies.add(`burst:${what.scheme}:${cause}`, hourOf(now), 1);
    if (exceeds(counts, hourOf(now), bounds)) over.push(cause);
  }
  const cause = over[0];
  if (cause === undefined) return undefined;
  const before = newest.find((burst) => burst.cause === cause);
  for (let hour = hourOf(now); ; hour++) {
    const burst = await bursts.begin({
      id: `${what.scheme}/${cause}/${hour}`,
      scheme: what.scheme,
      cause,
      heldAt: now,
      lapsesAt: addHours(now, LIMITS.burstHoldHours),
      state: 'held',
      ...(before === undefined ? {} : { before: before.id }),
    });
    // One of this hour that was settled already does not hold what comes now.
    if (isHeld(burst, now) || releases(burst, what.rule)) return burst;
  }
}
