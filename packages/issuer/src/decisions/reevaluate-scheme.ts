import { isSymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import type { JobStore } from '../ports.ts';
import type { Publication } from '../publication.ts';
import { type EvaluatePorts, runRules } from './evaluate.ts';
import type { Failures } from './one-person.ts';
import { type ReevaluationRun, writeRun } from './reevaluation-run.ts';

export interface ReevaluatePorts extends EvaluatePorts {
  readonly jobs: JobStore;
}

export interface ReevaluationCounts {
  /** People in this call, those who fail among them. */
  readonly visited: number;
  /** Decisions appended. */
  readonly changed: number;
  /** Whom the burst guard holds. */
  readonly held: number;
  /** Whom no rule gives a level, or whose facts make a rule fail. */
  readonly failed: number;
}

export const NOBODY: ReevaluationCounts = { visited: 0, changed: 0, held: 0, failed: 0 };

/** After so many the work is saved: a run that breaks off does at most these again, which changes nothing. */
const PAGE = 25;

/**
 * Goes on with the run of one scheme, page by page, and saves it after each. It leaves off when another run is at work.
 *
 * @throws what `failures` does not pass over
 */
export async function reevaluateScheme(
  ports: ReevaluatePorts,
  publication: Publication,
  { scheme, run }: { scheme: Scheme; run: ReevaluationRun },
  failures: Failures,
  subjectsAtMost: number,
  now: Instant,
): Promise<ReevaluationCounts & { finished: boolean }> {
  let state = run;
  let counts = NOBODY;
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
): Promise<ReevaluationCounts> {
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

function added(a: ReevaluationCounts, b: ReevaluationCounts): ReevaluationCounts {
  return {
    visited: a.visited + b.visited,
    changed: a.changed + b.changed,
    held: a.held + b.held,
    failed: a.failed + b.failed,
  };
}
