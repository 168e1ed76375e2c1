import { addSeconds, type Instant } from '@symbolon/protocol/instant';
import type { BurstStore, ProposalStore } from '../ports.ts';
import type { Publication } from '../publication.ts';
import { burstBounds, causesOf, isHeld, manualDelaySeconds, releases } from './burst-guard.ts';
import type { BurstRecord } from './burst-record.ts';
import { type GuardPorts, heldProposal, passGuard } from './hold.ts';
import type { ProposalRecord } from './proposal-record.ts';

export interface DelayPorts extends GuardPorts {
  readonly proposals: ProposalStore;
}

/** What keeps an approved proposal from being decided now; nothing of it when nothing does. */
export interface Delay {
  readonly held?: BurstRecord;
  readonly waitsUntil?: Instant;
  /** The proposal has changed: look at it again. */
  readonly isMoved?: boolean;
}

/**
 * The guard and the delay of a manual decision (REQ-ISS-030). It is counted once, when it passes the guard. From then on it waits for the federation's delay, and a burst of its rule or
 * office that begins before it is decided holds it as well: so of many in a row the first ones are stopped with the last. A release carries out all of them; what lapses has
 * turned nobody adverse. A rule that was released does not wait.
 *
 * @throws SymbolonError `decision-conflict`
 */
export async function passOrWait(
  ports: DelayPorts,
  publication: Publication,
  proposal: ProposalRecord,
  now: Instant,
): Promise<Delay> {
  const { passedAt, rule, scheme } = proposal;
  const delay = manualDelaySeconds(publication.federation);
  if (passedAt === undefined) {
    const held = await guard(ports, publication, proposal, now);
    if (held !== undefined) return { held };
    if (delay === 0 || (await isReleased(ports.bursts, proposal))) return {};
    await ports.proposals.move({ ...proposal, passedAt: now }, 'approved');
    return { isMoved: true };
  }
  const burst = await burstSince(ports.bursts, proposal, passedAt, now);
  if (burst !== undefined) {
    // Noted first: a release that comes meanwhile finds it, or it is found released here.
    await ports.bursts.hold(burst.id, heldProposal(proposal.id), rule, now);
    const after = (await ports.bursts.find(burst.id)) ?? burst;
    const { passedAt: _, ...kept } = proposal;
    if (!releases(after, rule)) {
      await ports.proposals.move(kept, 'approved');
      return { held: after };
    }
  }
  const waitsUntil = addSeconds(passedAt, delay);
  if (now >= waitsUntil || (await ports.bursts.isReleased(scheme, rule))) return {};
  return { waitsUntil };
}

/** A burst of its rule or office that has begun since it passed, and that nobody released for its rule. */
async function burstSince(
  bursts: BurstStore,
  { scheme, rule, authority }: ProposalRecord,
  passedAt: Instant,
  now: Instant,
): Promise<BurstRecord | undefined> {
  for (const cause of causesOf({ rule, authority })) {
    const newest = await bursts.newest(scheme, cause);
    if (newest === undefined || releases(newest, rule)) continue;
    if (newest.heldAt >= passedAt || isHeld(newest, now)) return newest;
  }
  return undefined;
}

async function isReleased(bursts: BurstStore, { scheme, rule, authority }: ProposalRecord): Promise<boolean> {
  if (await bursts.isReleased(scheme, rule)) return true;
  const newest = await Promise.all(
    causesOf({ rule, authority }).map((cause) => bursts.newest(scheme, cause)),
  );
  return newest.some((burst) => burst !== undefined && releases(burst, rule));
}

function guard(
  ports: GuardPorts,
  publication: Publication,
  { id, scheme, rule, authority }: ProposalRecord,
  now: Instant,
): Promise<BurstRecord | undefined> {
  // A hold that lapsed has ended this proposal for good. Another one, signed anew by two, counts anew.
  const item = heldProposal(id);
  const mergedItems = async () => [];
  const what = { scheme, rule, authority, item, mergedItems, renewedSince: async () => false };
  return passGuard(ports, burstBounds(publication.federation), what, now);
}
