import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { type FactPorts, openFacts } from '../facts/open-facts.ts';
import { endLivingCredentials } from '../lists/end-credentials.ts';
import { type SettlePorts, settleCredentials } from '../lists/settle-credentials.ts';
import { type Publication, rulesOf } from '../publication.ts';
import { type AbsorbPorts, absorb } from '../subjects/absorb.ts';
import { livingSubject } from '../subjects/resolve.ts';
import { burstBounds } from './burst-guard.ts';
import type { BurstRecord } from './burst-record.ts';
import type { Decision } from './decision.ts';
import { type Draft, draftByRules, isSameOutcome, restated } from './draft.ts';
import { type GuardPorts, passGuard } from './hold.ts';
import { type StandingPorts, standingDecision } from './standing.ts';
import { isAdverse, isStricter, isWorse } from './strictness.ts';

export type EvaluatePorts = AbsorbPorts & FactPorts & GuardPorts & StandingPorts & SettlePorts;

export interface Evaluation {
  /** The current decision afterwards. */
  readonly decision: Decision;
  /** What keeps a worse decision than this one from taking effect: a burst that is held, or one that lapsed. */
  readonly held?: BurstRecord;
}

/** The same, where there may be no decision: no rule matches, or the first one is held. */
export interface RulesRun {
  readonly decision: Decision | undefined;
  readonly held: BurstRecord | undefined;
  /** Whether this run appended a decision. */
  readonly appended: boolean;
}

/** How often a decision that was overtaken by another is tried anew before the caller is told. */
const ATTEMPTS = 5;

/**
 * Runs the published rules over a subject's facts and appends a decision when the outcome changed. What was minted before then agrees with it: other levels
 * and rules are suspended, the same ones restored. The one entry for every change of facts, rules, places or time.
 *
 * A manual decision that stands can be made stricter by the rules, and not milder. A worse decision passes the burst guard, or is held: the current one
 * stays then.
 *
 * Order: finish merges, append, look whether another merge began, settle what was minted. Idempotent: run again, it appends nothing and finishes what a
 * crash left undone.
 *
 * @throws SymbolonError `no-decision` (no rule in force matches, and what was minted before is suspended; or the first decision is held), `subject-unknown`,
 *   `subject-merged`, `rule-unknown`, `expression-failed`, `fact-malformed`, `decision-conflict`
 */
export async function evaluate(
  ports: EvaluatePorts,
  publication: Publication,
  scheme: Scheme,
  subject: string,
  now: Instant,
): Promise<Evaluation> {
  const { decision, held } = await runRules(ports, publication, scheme, subject, now);
  // REQ-ISS-008
  if (decision === undefined) throw new SymbolonError('no-decision');
  return { decision, ...(held === undefined ? {} : { held }) };
}

/** As `evaluate`, for jobs: says where there is no decision, and whether one was appended. */
export async function runRules(
  ports: EvaluatePorts,
  publication: Publication,
  scheme: Scheme,
  subject: string,
  now: Instant,
): Promise<RulesRun> {
  const passed = new Set<string>();
  let appended = false;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    // REQ-ISS-032
    const profile = await livingSubject(ports.subjects, subject);
    if (profile.absorbing.length > 0) await absorb(ports, publication, profile, now);
    const current = await ports.decisions.newest(subject, scheme.id);
    const draft =
      profile.kind === scheme.subjects
        ? await draftOf(ports, publication, scheme, subject, current, now)
        : undefined;
    if (draft === undefined) {
      // What was minted by a rule that does not hold any more must not outlive it.
      await endLivingCredentials(ports, subject, scheme.id, now, 'suspend');
      return { decision: undefined, held: undefined, appended };
    }
    const isNew = current === undefined || !isSameOutcome(current, draft);
    if (isNew && isWorse(scheme, draft.level, current?.level) && !passed.has(draft.rule)) {
      const held = await guard(ports, publication, draft, now);
      if (held !== undefined) {
        if (current !== undefined) await settleCredentials(ports, current, now);
        return { decision: current, held, appended };
      }
      passed.add(draft.rule);
    }
    const decision = isNew ? { ...draft, sequence: (current?.sequence ?? 0) + 1 } : current;
    if (isNew) {
      // REQ-ISS-014
      if (!(await ports.decisions.append(decision))) continue;
      appended = true;
      // A merge that began meanwhile may have looked before this was appended.
      if ((await livingSubject(ports.subjects, subject)).absorbing.length > 0) continue;
    }
    await settleCredentials(ports, decision, now);
    return { decision, held: undefined, appended };
  }
  throw new SymbolonError('decision-conflict');
}

/** What the rules say, but nothing milder than a manual decision that stands. */
async function draftOf(
  ports: EvaluatePorts,
  publication: Publication,
  scheme: Scheme,
  subject: string,
  current: Decision | undefined,
  now: Instant,
): Promise<Draft | undefined> {
  const facts = await openFacts(ports, publication, scheme, subject, now);
  const ruled = draftByRules(rulesOf(publication, scheme), facts, subject, now);
  // Nothing milder than a standing decision is ever appended: beneath a favourable one there is none, and a stricter one than the current is stricter than it.
  if (current === undefined || !isAdverse(scheme, current.level)) return ruled;
  if (ruled !== undefined && isStricter(scheme, ruled.level, current.level)) return ruled;
  const standing = await standingDecision(ports, publication, scheme, subject, now);
  if (standing === undefined) return ruled;
  return ruled !== undefined && isStricter(scheme, ruled.level, standing.level)
    ? ruled
    : restated(standing, now);
}

function guard(
  ports: EvaluatePorts,
  publication: Publication,
  { scheme, subject, rule, authority }: Draft,
  now: Instant,
): Promise<BurstRecord | undefined> {
  const renewedSince = async (heldAt: Instant) =>
    (await ports.facts.list(subject, scheme, now)).some(
      ({ receivedAt, retractedAt }) => receivedAt > heldAt && retractedAt === undefined,
    );
  const what = { scheme, rule, authority, item: subject, renewedSince };
  return passGuard(ports, burstBounds(publication.federation), what, now);
}
