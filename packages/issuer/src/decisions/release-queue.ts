import { SymbolonError } from '@symbolon/protocol/errors';
import { check } from '@symbolon/protocol/schemas/common';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';
import type { JobStore } from '../ports.ts';

const NAME = 'releases';
/** Released bursts whose people are still to be evaluated. */
const PENDING = 16;
const ATTEMPTS = 5;

const State = z.strictObject({
  pending: z.array(z.string()),
  /** Where the work on one of them has come to. */
  cursor: z.optional(z.strictObject({ burst: z.string(), after: z.string() })),
});
type State = z.output<typeof State>;

export interface ReleaseQueue extends State {
  readonly version: number;
}

/** The bursts that are released, or about to be. @throws SymbolonError `storage-failed` */
export async function readQueue(jobs: JobStore): Promise<ReleaseQueue> {
  const record = await jobs.read(NAME);
  if (record === undefined) return { version: 0, pending: [] };
  return {
    version: record.version,
    ...check(State, parseStrictJson(record.state), 'storage-failed'),
  };
}

/** False when another writer was faster. */
export function writeQueue(jobs: JobStore, { version, ...state }: ReleaseQueue): Promise<boolean> {
  return jobs.write(NAME, { version: version + 1, state: JSON.stringify(state) });
}

/**
 * Notes that a burst is being released. Doing it again changes nothing.
 *
 * @throws SymbolonError `decision-conflict` when too many are under way: they are finished first
 */
export async function enqueueRelease(jobs: JobStore, burst: string): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const queue = await readQueue(jobs);
    if (queue.pending.includes(burst)) return;
    if (queue.pending.length >= PENDING) throw new SymbolonError('decision-conflict', { bound: PENDING });
    if (await writeQueue(jobs, { ...queue, pending: [...queue.pending, burst] })) return;
  }
  throw new SymbolonError('decision-conflict');
}
