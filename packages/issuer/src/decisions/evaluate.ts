import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { type SettlePorts, settleCredentials } from '../lists/settle-credentials.ts';
import type { Publication } from '../publication.ts';
import { type AbsorbPorts, absorb } from '../subjects/absorb.ts';
import { livingSubject } from '../subjects/resolve.ts';
import type { BurstRecord } from './burst-record.ts';
import { type Decision, statusOf } from './decision.ts';
import { endOf, isSameOutcome } from './draft.ts';
import { milderThan } from './milder.ts';
import { type OutcomePorts, outcomeOf } from './outcome.ts';
import { whatEnds } from './what-ends.ts';

export type EvaluatePorts = AbsorbPorts & OutcomePorts & SettlePorts;

export interface Evaluation {
  /** The current decision afterwards. */
  readonly decision: Decision;
  /** What keeps a worse decision than this one from taking effect: a burst that is held, or one that lapsed. */
  readonly held?: BurstRecord;
}

/** The same, where there may be no status: no rule matches, or those that do are held. */
export interface RulesRun {
  readonly decision: Decision | undefined;
  readonly held: BurstRecord | undefined;
  /** Whether this run appended a decision. */
  readonly appended: boolean;
}

/** How often a decision that was overtaken by another is tried anew before the caller is told. */
const ATTEMPTS = 5;

/**
 * Runs the published rules over a subject's facts and appends a decision when the outcome changed. What was minted before then agrees with it: other levels,
 * and samples that count no more, are suspended; the same level, rule and sample restored. REQ-ISS-037: where it is worse for the person that waits for the witnesses, and is done by
 * the log's rounds. The one entry for every change of facts, rules, places or time.
 *
 * A manual decision that stands can be made stricter by the rules, and not milder. A worse decision passes the burst guard, or is held: the rules after it
 * decide then. Where none does there is no status any more, which is a decision too (mode `ended`): minting and all who settle what was minted see it.
 *
 * Order: finish merges, append, look whether another merge began, settle what was minted. Idempotent: run again, it appends nothing and finishes what a
 * crash left undone.
 *
 * @param tell is told what is held, also where there is no status
 * @throws SymbolonError `no-decision` (no rule in force matches, or what matches is held; what was minted before ends as said above), `subject-unknown`,
 *   `subject-merged`, `rule-unknown`, `expression-failed`, `fact-malformed`, `decision-conflict`
 */
export async function evaluate(
  ports: EvaluatePorts,
  publication: Publication,
  scheme: Scheme,
  subject: string,
  now: Instant,
  tell: (held: BurstRecord) => void = () => {},
): Promise<Evaluation> {
  const { decision, held } = await runRules(ports, publication, scheme, subject, now);
  if (held !== undefined) tell(held);
  // REQ-ISS-008
  if (decision === undefined) throw new SymbolonError('no-decision');
  return { decision, ...(held === undefined ? {} : { held }) };
}

/** As `evaluate`, for jobs: says where there is no status, and whether a decision was appended. */
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
    const newest = await ports.decisions.newest(subject, scheme.id);
    const current = statusOf(newest);
    const { draft, held } =
      profile.kind === scheme.subjects
        ? await outcomeOf(ports, publication, scheme, { subject, newest }, passed, now)
        : { draft: undefined, held: undefined };
    // REQ-ISS-008: what no rule holds up any more ends. Also where nothing was ever decided, but a merge has brought credentials along.
    const ending = draft === undefined ? await whatEnds(ports, scheme, subject, newest, now) : undefined;
    const wanted = draft ?? (ending && endOf(ending, now));
    let decision = newest;
    if (wanted !== undefined && (current === undefined || !isSameOutcome(current, wanted))) {
      const sequence = (newest?.sequence ?? 0) + 1;
      const milder = await milderThan(ports, scheme, wanted, sequence);
      decision = { ...wanted, sequence, ...(milder !== undefined && { milderThan: milder }) };
      // REQ-ISS-014
      if (!(await ports.decisions.append(decision))) continue;
      appended = true;
      // A merge that began meanwhile may have looked before this was appended.
      if ((await livingSubject(ports.subjects, subject)).absorbing.length > 0) continue;
    }
    if (decision !== undefined) await settleCredentials(ports, scheme, decision, now);
    return { decision: statusOf(decision), held, appended };
  }
  throw new SymbolonError('decision-conflict');
}
