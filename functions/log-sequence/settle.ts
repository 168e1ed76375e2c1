import { regionLog } from '@symbolon/issuer/region-log';
import { settleWitnessed } from '@symbolon/issuer/settle-witnessed';
import type { LogTrust } from '@symbolon/log/checkpoint';
import type { Instant } from '@symbolon/protocol/instant';
import { concurrently } from '@symbolon/registry/concurrently';
import type { LoggedRegion, LogSequence } from './dependencies.ts';
import type { RegionSettling, Run } from './run.ts';

/** Of each region, in one round. */
const AT_MOST = 1024;
/** A queue is a hint: what was put in just now may be missing from it for a moment. */
const LOOKS = 3;

export interface SettledAll {
  readonly settled: number;
  readonly failures: readonly unknown[];
}

/**
 * What witnesses have seen takes effect, each region by itself, in half the time of a round: the rest is for the next one, which begins in time. A region where all were looked at is not looked
 * at again until witnesses have seen more.
 */
export async function settleAll(
  world: LogSequence,
  run: Run,
  trust: LogTrust,
  witnessed: number,
  now: Instant,
): Promise<SettledAll> {
  const regions = [world.own, ...world.below];
  const due = [...regions.slice(run.turn), ...regions.slice(0, run.turn)].filter(
    ({ region }) => !isQuiet(settlingOf(run, region), witnessed),
  );
  // With more of them than are settled at once, another one is first next time.
  run.turn = (run.turn + 1) % regions.length;
  if (due.length === 0) return { settled: 0, failures: [] };
  let isOver = false;
  const budget = world.timer((world.roundSeconds * 1000) / 2).then(() => {
    isOver = true;
  });
  void budget;
  const failures: unknown[] = [];
  const counts = await concurrently(due, async (region) => {
    try {
      const state = settlingOf(run, region.region);
      const told = await settleRegion(world, region, trust, { state, witnessed, isOver: () => isOver }, now);
      if (told.failure !== undefined) failures.push(told.failure);
      return told.settled;
    } catch (error) {
      failures.push(error);
      return 0;
    }
  });
  return { settled: counts.reduce((sum, count) => sum + count, 0), failures };
}

function settlingOf({ settling }: Run, region: string): RegionSettling {
  const there = settling.get(region) ?? { passedOver: new Map<string, number>(), doneAt: 0, looks: 0 };
  settling.set(region, there);
  return there;
}

function isQuiet({ doneAt, looks }: RegionSettling, witnessed: number): boolean {
  return doneAt === witnessed && looks >= LOOKS;
}

interface Settling {
  readonly state: RegionSettling;
  readonly witnessed: number;
  readonly isOver: () => boolean;
}

async function settleRegion(
  world: LogSequence,
  { stores, publication }: LoggedRegion,
  trust: LogTrust,
  { state, witnessed, isOver }: Settling,
  now: Instant,
) {
  const decisionLog = regionLog({
    decisions: stores.decisions,
    store: world.stores.public,
    trust,
    pause: async () => undefined,
    pauses: 0,
  });
  const { passedOver } = state;
  const bounds = { limit: AT_MOST, origin: trust.origin, witnessed, isOver, passedOver };
  const told = await settleWitnessed({ ...stores, decisionLog }, await publication(now), bounds, now);
  const isSame = told.isDone && state.doneAt === witnessed;
  state.looks = told.isDone ? (isSame ? state.looks : 0) + 1 : 0;
  state.doneAt = witnessed;
  return told;
}
