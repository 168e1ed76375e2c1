import { check } from '@symbolon/protocol/schemas/common';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';
import type { JobStore } from '../ports.ts';

const NAME = 'left-logs-cursor';

const Cursor = z.strictObject({ from: z.int().check(z.nonnegative()) });

/** So many of those that have waited longest are not looked at by this run: runs before have. */
export interface QueueCursor extends z.output<typeof Cursor> {
  readonly version: number;
}

/** @throws SymbolonError `storage-failed` */
export async function readCursor(jobs: JobStore): Promise<QueueCursor> {
  const record = await jobs.read(NAME);
  if (record === undefined) return { version: 0, from: 0 };
  return { version: record.version, ...check(Cursor, parseStrictJson(record.state), 'storage-failed') };
}

/** Of two runs at once one moves it: the other's work is done again, which changes nothing. */
export async function moveCursor(jobs: JobStore, cursor: QueueCursor, from: number): Promise<void> {
  if (from !== cursor.from)
    await jobs.write(NAME, { version: cursor.version + 1, state: JSON.stringify({ from }) });
}
