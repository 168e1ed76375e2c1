import { open } from 'node:fs/promises';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { check, InstantText, Name, RegionId } from '@symbolon/protocol/schemas/common';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';
import { isFault, MODE, replaceFile } from '../../files/write-file.ts';

const LARGEST = 16 * 1024 * 1024;
/** A cause of a scheme has one in an hour. */
export const MOST_BURSTS = 1024;
const count = z.int().check(z.gte(0));

const HeldBatch = z.object({ id: z.string(), digest: z.string(), facts: count, adverse: count });
export type HeldBatch = z.output<typeof HeldBatch>;

/** How far an intake has come. It holds nothing of what the lines say. */
const IntakeState = z.object({
  symbolonIntake: z.literal(1),
  /** Of which file, and what for: another file of this name is another intake. */
  input: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  region: RegionId,
  scheme: Name,
  source: Name,
  /** What batches are signed with, so that a run that goes on signs the same ones. */
  signedAt: InstantText,
  /** Everything up to this line is settled. */
  line: count,
  batches: count,
  facts: count,
  retracts: count,
  added: count,
  held: z.array(HeldBatch),
  /** Bursts by which the guard held decisions that these facts led to, when they came in. */
  bursts: z._default(z.array(z.string().check(z.maxLength(256))).check(z.maxLength(MOST_BURSTS)), []),
  /** Lines that were left out, as their subjects are unknown. */
  unknown: z.array(count),
  done: z.boolean(),
});
export type IntakeState = z.output<typeof IntakeState>;

/** Beside the input. */
export function resumePath(input: string): string {
  return `${input}.intake`;
}

/** @throws SymbolonError `input-unreadable` when it is there and is none */
export async function readResumeFile(path: string): Promise<IntakeState | undefined> {
  const text = await readBounded(path);
  if (text === undefined) return undefined;
  try {
    return check(IntakeState, parseStrictJson(text), 'input-unreadable');
  } catch (error) {
    if (!isSymbolonError(error)) throw error;
    throw new SymbolonError('input-unreadable', { path: 'the .intake file' });
  }
}

async function readBounded(path: string): Promise<string | undefined> {
  try {
    const file = await open(path);
    try {
      if ((await file.stat()).size > LARGEST) throw new SymbolonError('input-unreadable', { bound: LARGEST });
      return await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isFault(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Readers see the old one or the new one, whole, whenever the program ends. */
export function writeResumeFile(path: string, state: IntakeState): Promise<void> {
  return replaceFile(path, `${JSON.stringify(z.encode(IntakeState, state))}\n`, MODE.secret);
}
