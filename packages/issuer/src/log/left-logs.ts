import { addHours, type Instant } from '@symbolon/protocol/instant';
import { check, NumericDate } from '@symbolon/protocol/schemas/common';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';
import type { JobStore } from '../ports.ts';

const NAME = 'left-logs';
/** Of so many at most it is known that they were left: the state of a job is small. */
const LEFT = 8;

/** Nothing in what was stored before there were any. */
const HOURS = z._default(z.number(), 0);

const Known = z.strictObject({
  /** Of the log that the region logs in. */
  origin: z.string(),
  /** The longest that any process may go by a publication that names it, as far as runs have seen. */
  hours: HOURS,
  /** Those that it logged in before, the newest first, since when it is known that it does not, and `hours` of each. */
  left: z.array(z.strictObject({ origin: z.string(), at: NumericDate, hours: HOURS })),
});
type Known = z.output<typeof Known>;
type Left = Known['left'][number];

/** The log that a publication names, and for how long any process may go by a publication (`freshness.blockAfterHours`). */
export interface CurrentLog {
  readonly origin: string;
  readonly usableHours: number;
}

/**
 * The origins of the logs that the region has left, as the runs of a job have seen it leave them. Nothing where that cannot be told now.
 *
 * Whatever is in another log than the current one may as well be in a newer one, which this process has not heard of yet. So a log counts as left only when an earlier run has gone by it. And a
 * process that goes by an older publication must not take the old log for one that the region has come back to: it has, when nobody can use a publication of before any more.
 *
 * @throws SymbolonError `storage-failed`
 */
export async function leftLogs(
  jobs: JobStore,
  { origin, usableHours }: CurrentLog,
  now: Instant,
): Promise<ReadonlySet<string>> {
  const { version, known } = await readKnown(jobs);
  if (known?.origin === origin) {
    // A bound that is lowered later does not bind whoever goes by a publication of before.
    if (known.hours < usableHours) await write(jobs, version + 1, { ...known, hours: usableHours });
    return originsOf(known);
  }
  const before = known?.left.find((each) => each.origin === origin);
  if (before !== undefined && isUsable(before, usableHours, now)) return new Set();
  const others = known?.left.filter((each) => each.origin !== origin) ?? [];
  const newest = known === undefined ? [] : [{ origin: known.origin, at: now, hours: known.hours }];
  const next: Known = { origin, hours: usableHours, left: [...newest, ...others].slice(0, LEFT) };
  return (await write(jobs, version + 1, next)) ? originsOf(next) : new Set();
}

/**
 * Forgets the logs that nobody takes for the current one any more. Call it when nothing waits in any of them: then nobody looks for more.
 *
 * @throws SymbolonError `storage-failed`
 */
export async function forgetLeftLogs(
  jobs: JobStore,
  { origin, usableHours }: CurrentLog,
  now: Instant,
): Promise<void> {
  const { version, known } = await readKnown(jobs);
  if (known?.origin !== origin) return;
  const left = known.left.filter((each) => isUsable(each, usableHours, now));
  // Whoever was faster has forgotten them, or knows of another log.
  if (left.length < known.left.length) await write(jobs, version + 1, { ...known, left });
}

/** Whether somebody may go by a publication that names the log. */
function isUsable({ at, hours }: Left, usableHours: number, now: Instant): boolean {
  return now < addHours(at, Math.max(hours, usableHours));
}

async function readKnown(
  jobs: JobStore,
): Promise<{ readonly version: number; readonly known: Known | undefined }> {
  const record = await jobs.read(NAME);
  if (record === undefined) return { version: 0, known: undefined };
  return { version: record.version, known: check(Known, parseStrictJson(record.state), 'storage-failed') };
}

/** False when another writer was faster. */
function write(jobs: JobStore, version: number, known: Known): Promise<boolean> {
  return jobs.write(NAME, { version, state: JSON.stringify(known) });
}

function originsOf({ left }: Known): ReadonlySet<string> {
  return new Set(left.map(({ origin }) => origin));
}
