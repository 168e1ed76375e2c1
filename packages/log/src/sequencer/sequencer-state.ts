import { decodeBase64, encodeBase64 } from '@symbolon/protocol/base64url';
import { type Bytes, equalBytes, fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { check } from '@symbolon/protocol/schemas/common';
import type { Json } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';
import type { PlacedLeaf, WaitingLeaf } from './leaf-source.ts';
import { type LogStore, swap } from './log-store.ts';

/** What a sequencer keeps between rounds: one file, moved by compare and swap only. It is the lock of the log. */
export interface SequencerState {
  /** Counts the writes, so that no two states are the same bytes. */
  readonly version: number;
  /** The newest tree: signed already, or once its round is finished. No other one ever is. */
  readonly size: number;
  readonly root: Bytes;
  /** Of the source. */
  readonly memory: Json;
  /** The last round, where its leaves may not all be stored and settled yet. */
  readonly round: OpenRound | undefined;
  /** Leaves of closed rounds that their source could not settle yet: at most `LIMITS.roundLeaves`. */
  readonly unsettled: readonly PlacedLeaf[];
}

export interface OpenRound {
  /** Root of the tree without its leaves. */
  readonly before: Bytes;
  readonly leaves: readonly WaitingLeaf[];
}

/** A state and the bytes that it was read from: what the next one replaces. */
export interface HeldState extends SequencerState {
  readonly stored: Bytes;
}

export const STATE = 'sequencer.json';

/** Of the source: it was made by it, and is its own to read. How deep it is, say, must not keep a log from its own state. */
const AnyJson = z.custom<Json>((value) => value !== undefined);
const Stored = z.strictObject({
  version: z.int().check(z.gte(1)),
  size: z.int().check(z.gte(0), z.lte(LIMITS.logLeaves)),
  root: z.string(),
  memory: AnyJson,
  round: z.optional(
    z.strictObject({
      before: z.string(),
      leaves: z.array(z.strictObject({ leaf: z.string(), note: AnyJson })),
    }),
  ),
  unsettled: z.optional(
    z
      .array(z.strictObject({ index: z.int().check(z.gte(0)), note: AnyJson }))
      .check(z.maxLength(LIMITS.roundLeaves)),
  ),
});

/** @throws SymbolonError `log-damaged` when it cannot be read */
export async function readState(store: LogStore): Promise<HeldState | undefined> {
  const stored = await store.read(STATE);
  if (stored === undefined) return undefined;
  try {
    const { root, round, unsettled = [], ...rest } = check(Stored, jsonOf(fromUtf8(stored)), 'log-damaged');
    return {
      ...rest,
      root: decodeBase64(root),
      round: round && {
        before: decodeBase64(round.before),
        leaves: round.leaves.map(({ leaf, note }) => ({ leaf: utf8(leaf), note })),
      },
      unsettled,
      stored,
    };
  } catch (cause) {
    if (!isSymbolonError(cause)) throw cause;
    throw new SymbolonError('log-damaged', { path: STATE, cause });
  }
}

function jsonOf(text: string): Json {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // The cause quotes the text, so it is not kept.
    void cause;
    throw new SymbolonError('log-damaged', { path: STATE });
  }
}

/** Whether somebody else has moved the state since it was read. */
export async function isMoved(store: LogStore, held: HeldState | undefined): Promise<boolean> {
  const stored = await store.read(STATE);
  if (stored === undefined || held === undefined) return stored !== held?.stored;
  return !equalBytes(stored, held.stored);
}

/** @throws SymbolonError `checkpoint-conflict` when another sequencer was faster */
export async function writeState(
  store: LogStore,
  previous: HeldState | undefined,
  next: Omit<SequencerState, 'version'>,
): Promise<HeldState> {
  const { size, root, memory, round, unsettled } = next;
  const version = (previous?.version ?? 0) + 1;
  const stored = utf8(
    JSON.stringify({
      version,
      size,
      root: encodeBase64(root),
      memory,
      round: round && {
        before: encodeBase64(round.before),
        leaves: round.leaves.map(({ leaf, note }) => ({ leaf: fromUtf8(leaf), note })),
      },
      ...(unsettled.length > 0 && { unsettled }),
    }),
  );
  if (!(await swap(store, STATE, stored, previous?.stored))) throw new SymbolonError('checkpoint-conflict');
  return { version, size, root, memory, round, unsettled, stored };
}
