import { continueReleases } from '@symbolon/issuer/continue-releases';
import { drainQueue } from '@symbolon/issuer/decision-log';
import { lapseBursts } from '@symbolon/issuer/lapse';
import { type Reevaluation, reevaluate } from '@symbolon/issuer/reevaluate';
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
  // Rules that cannot run keep nothing from the log, and no alarm from anyone.
  const failures: unknown[] = [];
  const unlessItFails = <T>(part: Promise<T>, nothing: T): Promise<T> =>
    part.catch((error: unknown) => {
      failures.push(error);
      return nothing;
    });
  const atMost = { subjectsAtMost: SUBJECTS_AT_MOST };
  const continued = await unlessItFails(continueReleases(world, publication, atMost, now), 0);
  const nobody: Pick<Reevaluation, 'visited' | 'changed'> = { visited: 0, changed: 0 };
  const { visited, changed } = await unlessItFails(reevaluate(world, publication, atMost, now), nobody);
  const logged = await drainQueue(world, LEAVES_AT_MOST);
  // In every run, whoever's work began it: the alarm is on as long as something is held.
  tellHeld(world.log, ...(await world.bursts.open()));
  world.log('decisions.kept', { lapsed: lapsed.length, continued, visited, changed, logged });
  if (failures.length > 0) throw failures[0];
}

export const handler = scheduledFunction(jsonLog('decisions-upkeep'), decisionsUpkeep, keepDecisions);
