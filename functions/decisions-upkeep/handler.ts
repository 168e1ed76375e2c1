import { continueReleases } from '@symbolon/issuer/continue-releases';
import { decideWaiting } from '@symbolon/issuer/decide-waiting';
import { lapseBursts, lapseProposals } from '@symbolon/issuer/lapse';
import { queueLeft } from '@symbolon/issuer/queue-left';
import { type Reevaluation, reevaluate } from '@symbolon/issuer/reevaluate';
import type { Instant } from '@symbolon/protocol/instant';
import { jsonLog } from '../runtime/log.ts';
import { scheduledFunction } from '../runtime/scheduled-function.ts';
import { tellHeld } from '../runtime/tell-held.ts';
import { type DecisionsUpkeep, decisionsUpkeep } from './dependencies.ts';

/** So many people in one run: what is left, the next run goes on with. */
const SUBJECTS_AT_MOST = 2000;
const PROPOSALS_AT_MOST = 2000;
const LEFT_AT_MOST = 1000;

/**
 * What time, a release, a new rule set or a new list of places changes for people, and what waits in a log that the region has left. Each part goes on where the last run ended, and
 * none keeps another from its work: the first failure is thrown at the end, so that somebody sees it.
 */
export async function keepDecisions(world: DecisionsUpkeep, now: Instant): Promise<void> {
  const failures: unknown[] = [];
  const unlessItFails = <T, N>(part: Promise<T>, nothing: N): Promise<T | N> =>
    part.catch((error: unknown): N => {
      failures.push(error);
      return nothing;
    });
  const lapsed = await unlessItFails(lapseBursts(world, now), []);
  for (const { id } of lapsed) world.log('burst.lapsed', { burst: id });
  const proposals = await unlessItFails(lapseProposals(world, now), 0);
  // What lapses, lapses; without a registry only nobody is decided anew.
  const publication = await unlessItFails(world.publication(now), undefined);
  const atMost = { subjectsAtMost: SUBJECTS_AT_MOST };
  const nobody: Pick<Reevaluation, 'visited' | 'changed'> = { visited: 0, changed: 0 };
  const continued =
    publication && (await unlessItFails(continueReleases(world, publication, atMost, now), 0));
  // Also where nobody else is due: a burst holds what waits.
  const waiting = { proposalsAtMost: PROPOSALS_AT_MOST };
  const decided = publication && (await unlessItFails(decideWaiting(world, publication, waiting, now), 0));
  const requeued =
    publication &&
    (await unlessItFails(queueLeft(world, publication, { decisionsAtMost: LEFT_AT_MOST }, now), 0));
  const { visited, changed } =
    (publication && (await unlessItFails(reevaluate(world, publication, atMost, now), nobody))) ?? nobody;
  // In every run, whoever's work began it: the alarm is on as long as something is held.
  tellHeld(world.log, ...(await unlessItFails(world.bursts.open(), [])));
  world.log('decisions.kept', {
    lapsed: lapsed.length,
    proposals,
    decided: decided ?? 0,
    continued: continued ?? 0,
    visited,
    changed,
    requeued: requeued ?? 0,
  });
  if (failures.length > 0) throw failures[0];
}

export const handler = scheduledFunction(jsonLog('decisions-upkeep'), decisionsUpkeep, keepDecisions);
