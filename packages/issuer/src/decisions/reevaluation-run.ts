import { check } from '@symbolon/protocol/schemas/common';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';
import type { JobStore } from '../ports.ts';

const State = z.strictObject({
  fingerprint: z.string(),
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

/** A run from the beginning, in the place of the one that was stored. Nothing is written yet. */
export function newRun(fingerprint: string, stored: ReevaluationRun | undefined): ReevaluationRun {
  return { version: stored?.version ?? 0, fingerprint, finished: false };
}

/** Stores a run over the one of the version before. False when another writer was faster. */
export function writeRun(jobs: JobStore, scheme: string, run: ReevaluationRun): Promise<boolean> {
  const { version, ...state } = run;
  return jobs.write(jobOf(scheme), { version, state: JSON.stringify(state) });
}
