import type { Trust } from '@symbolon/verifier/trust';
import { verify } from '@symbolon/verifier/verify';
import { type Client, openBundled, openOnline } from './client.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { type Cast, publishHour } from './publishing.ts';
import type { Draw } from './random.ts';
import { LONGEST_GAP_HOURS } from './schedule.ts';
import { gateIn, showStatus } from './showings.ts';
import { forkWorld, issuingKey, stateOf, timeOf, type World } from './world.ts';

export interface Simulation {
  readonly cast: Cast;
  readonly draw: Draw;
  readonly regionIds: readonly string[];
  readonly world: World;
  readonly client: Client;
  /** What a client had after each of the last hours. */
  readonly trusts: ReadonlyMap<number, Trust>;
}

/** One verification in a drill. */
export interface Check extends Outcome {
  readonly hour: number;
  /** The region whose credential it was. */
  readonly region: string;
  /** The hour of the verifier's last refresh. */
  readonly refreshed: number;
  readonly warned: boolean;
}

/** Purposes of draws, so that no two of them are one. */
const HONEST = 1;
const ATTACK = 2;
const LONGEST_BACKDATE_HOURS = 5;

export function forkSimulation(simulation: Simulation): Simulation {
  return { ...simulation, world: forkWorld(simulation.world) };
}

/** The registry's part of an hour, and the refresh of those who are online in it. */
export async function publishAndRefresh(
  simulation: Simulation,
  hour: number,
  missed = false,
): Promise<Simulation> {
  const { world, published } = await publishHour(simulation.world, hour, simulation.cast, missed);
  const now = timeOf(hour);
  const client =
    published === undefined
      ? simulation.client
      : await (published === 'content' ? openBundled : openOnline)(world, simulation.client, now);
  const kept = [...simulation.trusts].filter(([each]) => each >= hour - LONGEST_GAP_HOURS);
  return { ...simulation, world, client, trusts: new Map([...kept, [hour, client.trust]]) };
}

/** Every verifier is shown a credential that was issued in this hour. */
export async function honestChecks(
  simulation: Simulation,
  hour: number,
  verifiers: number,
): Promise<readonly Check[]> {
  const { draw, regionIds, world, cast } = simulation;
  const now = timeOf(hour);
  const shown = new Map<string, string>();
  const checks: Check[] = [];
  for (let i = 0; i < verifiers; i++) {
    const region = regionIds[draw(regionIds.length, HONEST, hour, i, 0)] ?? '';
    const { signer } = issuingKey(stateOf(world, region), now, cast.faults.noLead);
    const presentation = shown.get(region) ?? (await showStatus(region, signer, now, now));
    shown.set(region, presentation);
    checks.push(await check(simulation, presentation, region, hour, [HONEST, hour, i]));
  }
  return checks;
}

/** A thief shows credentials by the stolen key, dated back by some hours. The first verifier has refreshed in this very hour. */
export async function attackChecks(
  simulation: Simulation,
  hour: number,
  verifiers: number,
): Promise<readonly Check[]> {
  const { draw, cast } = simulation;
  const { schedule, robbed } = cast;
  if (hour < schedule.keyStolen) return [];
  const issuedAt = timeOf(hour - draw(LONGEST_BACKDATE_HOURS + 1, ATTACK, hour));
  const presentation = await showStatus(robbed, cast.stolen, issuedAt, timeOf(hour));
  const checks: Check[] = [];
  for (let i = 0; i < verifiers; i++) {
    checks.push(
      await check(simulation, presentation, robbed, hour, [ATTACK, hour, i], i === 0 ? 0 : undefined),
    );
  }
  return checks;
}

async function check(
  { draw, regionIds, trusts }: Simulation,
  presentation: string,
  region: string,
  hour: number,
  coordinates: readonly number[],
  fixedGap?: number,
): Promise<Check> {
  const gap = fixedGap ?? draw(LONGEST_GAP_HOURS + 1, ...coordinates, 1);
  // Nobody has refreshed before there was anything.
  const refreshed = Math.max(0, hour - gap);
  const trust = trusts.get(refreshed);
  if (trust === undefined) throw new RangeError('a trust of that hour is no longer held');
  const home = regionIds[draw(regionIds.length, ...coordinates, 2)] ?? '';
  const verdict = await verify(presentation, trust, gateIn(home), timeOf(hour));
  const warned = verdict.findings.some(({ severity }) => severity === 'warn');
  return { ...outcomeOf(verdict), hour, region, refreshed, warned };
}
