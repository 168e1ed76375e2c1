import type { Instant } from '@symbolon/protocol/instant';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { type FactPorts, openFacts } from '../facts/open-facts.ts';
import { type Publication, rulesOf } from '../publication.ts';
import { mergedAway } from '../subjects/merged-entry.ts';
import { burstBounds } from './burst-guard.ts';
import type { BurstRecord } from './burst-record.ts';
import { type Decision, statusOf } from './decision.ts';
import { type Draft, draftByRules, restated } from './draft.ts';
import { type GuardPorts, passGuard } from './hold.ts';
import { type StandingPorts, standingDecision } from './standing.ts';
import { isAdverse, isStricter, worsens } from './strictness.ts';

export type OutcomePorts = FactPorts & GuardPorts & StandingPorts;

export interface Outcome {
  /** What may be decided now; none where nothing gives a level. */
  readonly draft: Draft | undefined;
  /** What keeps a worse decision from taking effect: a burst that is held, or one that lapsed. */
  readonly held: BurstRecord | undefined;
}

/**
 * What the rules say of a subject, but nothing milder than a manual decision that stands, and nothing that the burst guard holds: a rule that is held has no
 * effect, so the rules after it decide as if it were not there. It does not keep an older level up either.
 *
 * @param passed rule versions that have passed the guard in this run already; those that pass now are added, so that none is counted twice
 * @throws SymbolonError `rule-unknown`, `rule-set-malformed`, `expression-failed`, `fact-malformed`, `storage-failed`, `decision-conflict`
 */
export async function outcomeOf(
  ports: OutcomePorts,
  publication: Publication,
  scheme: Scheme,
  { subject, newest }: { readonly subject: string; readonly newest: Decision | undefined },
  passed: Set<string>,
  now: Instant,
): Promise<Outcome> {
  const facts = await openFacts(ports, publication, scheme, subject, now);
  const rules = rulesOf(publication, scheme);
  const current = statusOf(newest);
  // Beneath a favourable decision none stands: nothing milder than a standing one is ever appended over it.
  const mayStand = newest !== undefined && (current === undefined || isAdverse(scheme, current.level));
  const standing = mayStand ? await standingDecision(ports, publication, scheme, subject, now) : undefined;
  const without = new Set<string>();
  let held: BurstRecord | undefined;
  for (;;) {
    const leftOut = { rules: without, sampledAt: current?.sampledAt };
    const ruled = draftByRules(rules, facts, subject, now, leftOut);
    if (standing !== undefined && !(ruled && isStricter(scheme, ruled.level, standing.level)))
      // It has passed the guard when it was made.
      return { draft: restated(standing, now), held };
    if (ruled === undefined || !worsens(scheme, ruled.level, current?.level) || passed.has(ruled.rule))
      return { draft: ruled, held };
    const burst = await guard(ports, publication, ruled, now);
    if (burst === undefined) {
      passed.add(ruled.rule);
      return { draft: ruled, held };
    }
    held ??= burst;
    without.add(ruled.rule);
  }
}

function guard(
  ports: OutcomePorts,
  publication: Publication,
  { scheme, subject, rule, authority }: Draft,
  now: Instant,
): Promise<BurstRecord | undefined> {
  const renewedSince = async (heldAt: Instant) =>
    (await ports.facts.list(subject, scheme, now)).some(
      ({ receivedAt, retractedAt }) => receivedAt > heldAt && retractedAt === undefined,
    );
  const mergedItems = () => mergedAway(ports, subject);
  const what = { scheme, rule, authority, item: subject, mergedItems, renewedSince };
  return passGuard(ports, burstBounds(publication.federation), what, now);
}
