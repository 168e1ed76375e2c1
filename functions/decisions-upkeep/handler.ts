import { continueReleases } from '@symbolon/issuer/continue-releases';
import { drainQueue } from '@symbolon/issuer/decision-log';
import { lapseBursts } from '@symbolon/issuer/lapse';
import { reevaluate } from '@symbolon/issuer/reevaluate';
import type { Instant } from '@symbolon/protocol/instant';
import { jsonLog } from '../runtime/log.ts';
import { scheduledFunction } from '../runtime/scheduled-function.ts';
import { tellHeld } from '../runtime/tell-held.ts';
import { type DecisionsUpkeep, decisionsUpkeep } from './dependencies.ts';

/** So many people in one run: what is left, the next run goes on with. */
const SUBJECTS_AT_MOST = 2000;
const LEAVES_AT_MOST = 2000;

/** What time, a release, a new rule set or a new list of places changes for people, and what waits for the log. Each part goes on where the last run ended. */
export async function keepDecisions(world: DecisionsUpkeep, now: Instant): Promise<void> {
  const publication = await world.publication(now);
  const lapsed = await lapseBursts(world, now);
  for (const { id } of lapsed) world.log('burst.lapsed', { burst: id });
  const continued = await continueReleases(world, publication, { subjectsAtMost: SUBJECTS_AT_MOST }, now);
  let failure: unknown;
  const { visited, changed } = await reevaluate(
    world,
    publication,
    { subjectsAtMost: SUBJECTS_AT_MOST },
    now,
  ).catch((error: unknown) => {
    // Rules that cannot run keep nothing from the log, and no alarm from anyone.
    failure = error;
    return { visited: 0, changed: 0 };
  });
  const logged = await drainQueue(world, LEAVES_AT_MOST);
  // In every run, whoever's work began it: the alarm is on as long as something is held.
  tellHeld(world.log, ...(await world.bursts.open()));
  world.log('decisions.kept', { lapsed: lapsed.length, continued, visited, changed, logged });
  if (failure !== undefined) throw failure;
}

export const handler = scheduledFunction(jsonLog('decisions-upkeep'), decisionsUpkeep, keepDecisions);
