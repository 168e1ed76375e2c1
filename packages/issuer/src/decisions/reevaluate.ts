import { isSymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import type { JobStore } from '../ports.ts';
import { type Publication, rulesOf } from '../publication.ts';
import { type EvaluatePorts, runRules } from './evaluate.ts';
import { type Failures, failuresOfPeople } from './one-person.ts';
import { dueRun, type ReevaluationRun, readRun, writeRun } from './reevaluation-run.ts';
import { rulesFingerprint } from './rules-fingerprint.ts';

export interface ReevaluatePorts extends EvaluatePorts {
  readonly jobs: JobStore;
}

export interface Reevaluation {
  /** The scheme that was worked on; none when nothing was due. */
  readonly scheme: string | undefined;
  /** People in this call, those who fail among them. */
  readonly visited: number;
  /** Decisions appended. */
  readonly changed: number;
  /** Whom the burst guard holds. */
  readonly held: number;
  /** Whom no rule gives a level, or whose facts make a rule fail. */
  readonly failed: number;
  /** Whether nothing is due any more, of any scheme. */
  readonly done: boolean;
}

/** After so many the work is saved: a run that breaks off does at most these again, which changes nothing. */
const PAGE = 25;

/**
 * Evaluates everyone anew where the rules in force, the list of places or the scheme have changed since everyone was last (protocol, section 9.3), and once a
 * day in any case (UTC): a status that ended by time alone is recorded as ended, so that an adverse one after it counts as new for both guards. A round that
 * takes longer than a day is finished before the next one begins.
 *
 * Works on one scheme a call, resumes where the last call ended, and begins anew when things change meanwhile. Call it until it is done; on unchanged rules
 * it visits nobody twice a day. Whoever cannot be evaluated does not stop it, and a scheme that cannot be worked on does not stop the others. Two calls at
 * once do some work twice, and one of them leaves off.
 *
 * @throws SymbolonError once the work is saved: the first error that somebody must see, of a scheme (`rule-set-malformed`) or of a person (`storage-failed`)
 */
export async function reevaluate(
  ports: ReevaluatePorts,
  publication: Publication,
  { subjectsAtMost }: { readonly subjectsAtMost: number },
  now: Instant,
): Promise<Reevaluation> {
  const broken: unknown[] = [];
  const failures = failuresOfPeople();
  let worked: Reevaluation | undefined;
  for (const scheme of Object.values(publication.schemes)) {
    if (own(publication.ruleSets, scheme.id) === undefined) continue;
    try {
      const stored = await readRun(ports.jobs, scheme.id);
      const run = dueRun(rulesFingerprint(publication, scheme, now), stored, now);
      if (run === undefined) continue;
      if (worked !== undefined) {
        worked = { ...worked, done: false };
        break;
      }
      // Rules that cannot run are told of the scheme, before anyone is visited.
      rulesOf(publication, scheme);
      const { finished, ...counts } = await workOn(
        ports,
        publication,
        { scheme, run },
        failures,
        subjectsAtMost,
        now,
      );
      worked = { scheme: scheme.id, ...counts, done: finished };
    } catch (error) {
      broken.push(error);
    }
  }
  if (broken.length > 0) throw broken[0];
  failures.throwFirst();
  return worked ?? { scheme: undefined, visited: 0, changed: 0, held: 0, failed: 0, done: true };
}

type Counts = Pick<Reevaluation, 'visited' | 'changed' | 'held' | 'failed'>;

async function workOn(
  ports: ReevaluatePorts,
  publication: Publication,
  { scheme, run }: { scheme: Scheme; run: ReevaluationRun },
  failures: Failures,
  subjectsAtMost: number,
  now: Instant,
): Promise<Counts & { finished: boolean }> {
  let state = run;
  let counts: Counts = { visited: 0, changed: 0, held: 0, failed: 0 };
  while (!state.finished && counts.visited < subjectsAtMost) {
    const page = await ports.subjects.page(state.after, Math.min(PAGE, subjectsAtMost - counts.visited));
    for (const subject of page.subjects)
      counts = added(counts, await visit(ports, publication, scheme, subject, failures, now));
    const { after: _, ...rest } = state;
    const next = {
      ...rest,
      version: state.version + 1,
      finished: page.next === undefined,
      ...(page.next === undefined ? {} : { after: page.next }),
    };
    // Another run is at work, or things have changed: whoever wrote last goes on.
    if (!(await writeRun(ports.jobs, scheme.id, next))) return { ...counts, finished: false };
    state = next;
  }
  return { ...counts, finished: state.finished };
}

async function visit(
  ports: ReevaluatePorts,
  publication: Publication,
  scheme: Scheme,
  subject: string,
  failures: Failures,
  now: Instant,
): Promise<Counts> {
  try {
    const { decision, held, appended } = await runRules(ports, publication, scheme, subject, now);
    failures.none();
    const failed = decision === undefined && held === undefined;
    return {
      visited: 1,
      changed: appended ? 1 : 0,
      held: held === undefined ? 0 : 1,
      failed: failed ? 1 : 0,
    };
  } catch (error) {
    failures.passOver(error);
    // Whoever was merged away has their status elsewhere.
    const elsewhere = isSymbolonError(error) && error.code === 'subject-merged';
    return { visited: 1, changed: 0, held: 0, failed: elsewhere ? 0 : 1 };
  }
}

function added(a: Counts, b: Counts): Counts {
  return {
    visited: a.visited + b.visited,
    changed: a.changed + b.changed,
    held: a.held + b.held,
    failed: a.failed + b.failed,
  };
}
