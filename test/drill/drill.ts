import { openBundled } from './client.ts';
import type { Faults } from './faults.ts';
import { labelOf } from './outcome.ts';
import type { Cast } from './publishing.ts';
import { drawsFrom } from './random.ts';
import { LONGEST_GAP_HOURS, type Schedule, scheduleFor } from './schedule.ts';
import {
  attackChecks,
  type Check,
  forkSimulation,
  honestChecks,
  publishAndRefresh,
  type Simulation,
} from './simulation.ts';
import { COUNTEREXAMPLES, Tally } from './tally.ts';
import { foundWorld, issuingKey, stateOf, timeOf, type World } from './world.ts';

export interface DrillOptions {
  readonly provinces: number;
  readonly cities: number;
  readonly days: number;
  /** How many verify in every hour. */
  readonly verifiers: number;
  readonly seed: number;
  readonly faults?: Faults;
  /** Called when a day is over. */
  readonly progress?: (day: number, days: number) => void;
}

export interface DrillResult {
  readonly schedule: Schedule;
  readonly tally: Tally;
  readonly counts: World['counts'];
  readonly missed: MissedSigning;
}

/** What one missed signing changed, against the same hours without it. */
export interface MissedSigning {
  readonly compared: number;
  /** Another outcome, or the same one for other codes. */
  readonly changed: readonly (readonly [without: Check, withIt: Check])[];
  /** Accepted all the same, with a warning more, as the registry is an hour older. */
  readonly warnedMore: number;
}

/** One thief in a hundred verifiers, and two at least. */
const ATTACKED_SHARE = 100;

/** The whole drill. The same options give the same counts. */
export async function runDrill(options: DrillOptions): Promise<DrillResult> {
  const schedule = scheduleFor(options.days);
  let simulation = await begin(options, schedule);
  const tally = new Tally(schedule);
  const attacked = Math.max(2, Math.ceil(options.verifiers / ATTACKED_SHARE));
  const window = { from: schedule.missedSigning, until: schedule.missedSigning + LONGEST_GAP_HOURS + 1 };
  let without: readonly Check[] = [];
  const withIt: Check[] = [];
  for (let hour = 0; hour < schedule.hours; hour++) {
    if (hour === window.from) without = await checksOf(forkSimulation(simulation), window, options.verifiers);
    if (hour > 0) simulation = await publishAndRefresh(simulation, hour, hour === schedule.missedSigning);
    if (hour === schedule.keyStolen) simulation = withTheft(simulation, hour);
    const checks = await honestChecks(simulation, hour, options.verifiers);
    tally.honest(checks);
    tally.attacks(await attackChecks(simulation, hour, attacked));
    if (hour >= window.from && hour < window.until) withIt.push(...checks);
    if (hour % 24 === 23) options.progress?.((hour + 1) / 24, options.days);
  }
  return { schedule, tally, counts: simulation.world.counts, missed: compare(without, withIt) };
}

async function begin(
  { provinces, cities, seed, faults = {} }: DrillOptions,
  schedule: Schedule,
): Promise<Simulation> {
  const world = await foundWorld({ provinces, cities });
  const draw = drawsFrom(seed);
  const regionIds = [...world.regions.keys()];
  const provincial = regionIds[draw(provinces, 0)] ?? '';
  const city = regionIds[cities === 0 ? 0 : provinces + draw(cities, 1)] ?? '';
  const robbed = regionIds[draw(regionIds.length, 2)] ?? '';
  const client = await openBundled(world, undefined, timeOf(0));
  const cast: Cast = {
    schedule,
    faults,
    newAdminsIn: [...new Set([provincial, city])],
    robbed,
    // Until the thief comes: `withTheft`.
    stolen: issuingKey(stateOf(world, robbed), timeOf(0)).signer,
  };
  return { cast, draw, regionIds, world, client, trusts: new Map([[0, client.trust]]) };
}

/** The thief takes the key that the region issues with in that hour. */
function withTheft(simulation: Simulation, hour: number): Simulation {
  const { cast, world } = simulation;
  const { signer } = issuingKey(stateOf(world, cast.robbed), timeOf(hour), cast.faults.noLead);
  return { ...simulation, cast: { ...cast, stolen: signer } };
}

/** The same hours as they would have been. */
async function checksOf(
  simulation: Simulation,
  { from, until }: { readonly from: number; readonly until: number },
  verifiers: number,
): Promise<readonly Check[]> {
  const checks: Check[] = [];
  let current = simulation;
  for (let hour = from; hour < until; hour++) {
    current = await publishAndRefresh(current, hour);
    checks.push(...(await honestChecks(current, hour, verifiers)));
  }
  return checks;
}

function compare(without: readonly Check[], withIt: readonly Check[]): MissedSigning {
  const pairs = without.flatMap((before, i) => {
    const after = withIt[i];
    return after === undefined ? [] : [[before, after] as const];
  });
  // A warning is no outcome: it is counted apart.
  const decided = (check: Check) => (check.outcome === 'accepted' ? 'accepted' : labelOf(check));
  return {
    compared: pairs.length,
    changed: pairs.filter(([before, after]) => decided(before) !== decided(after)).slice(0, COUNTEREXAMPLES),
    warnedMore: pairs.filter(([before, after]) => after.warned && !before.warned).length,
  };
}
