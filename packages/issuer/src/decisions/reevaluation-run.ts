import { DAY_SECONDS, type Instant } from '@symbolon/protocol/instant';
import { check } from '@symbolon/protocol/schemas/common';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';
import type { JobStore } from '../ports.ts';

const State = z.strictObject({
  fingerprint: z.string(),
  /** The day on which it began, since 1970 (UTC). */
  day: z.int(),
  finished: z.boolean(),
  /** Where the next page of subjects begins. */
  after: z.optional(z.string()),
});

/** How far everyone of a scheme has been evaluated by the rules of one fingerprint. */
export interface ReevaluationRun extends z.output<typeof State> {
  readonly version: number;
}

const jobOf = (scheme: string) => `reevaluate:${scheme}`;

/** @throws SymbolonError `storage-failed` */
export async function readRun(jobs: JobStore, scheme: string): Promise<ReevaluationRun | undefined> {
  const record = await jobs.read(jobOf(scheme));
  if (record === undefined) return undefined;
  return { version: record.version, ...check(State, parseStrictJson(record.state), 'storage-failed') };
}

/**
 * The run that is to be worked on now: the stored one while it is not finished, another one from the beginning when things have changed or it is of another
 * day, and none when it is finished. Nothing is written yet.
 */
export function dueRun(
  fingerprint: string,
  stored: ReevaluationRun | undefined,
  now: Instant,
): ReevaluationRun | undefined {
  const day = Math.floor(now / DAY_SECONDS);
  const goesOn = stored?.fingerprint === fingerprint && (!stored.finished || stored.day === day);
  if (!goesOn) return { version: stored?.version ?? 0, fingerprint, day, finished: false };
  return stored.finished ? undefined : stored;
}

/** Stores a run over the one of the version before. False when another writer was faster. */
export function writeRun(jobs: JobStore, scheme: string, run: ReevaluationRun): Promise<boolean> {
  const { version, ...state } = run;
  return jobs.write(jobOf(scheme), { version, state: JSON.stringify(state) });
}
