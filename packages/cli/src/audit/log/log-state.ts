import { decodeBase64, encodeBase64 } from '@symbolon/protocol/base64url';
import { type Bytes, equalBytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { check, InstantText } from '@symbolon/protocol/schemas/common';
import { Leaf } from '@symbolon/protocol/schemas/leaf';
import { LogName } from '@symbolon/protocol/schemas/log';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';
import { CHECKS, type Finding } from '../findings.ts';
import { type CompactRange, EMPTY_RANGE, isRange, rootOfRange } from './compact-range.ts';
import { Class } from './tally.ts';

/** A checkpoint as this auditor saw it: between `since` and `last` witnesses said that this was the log. */
const Sighting = z.object({ size: z.int().check(z.gte(0)), since: InstantText, last: InstantText });
export type Sighting = z.output<typeof Sighting>;

/** A size that witnesses had not seen, and when this auditor saw it first. */
const Unwitnessed = z.object({ size: z.int().check(z.gte(0)), seen: InstantText });
export type Unwitnessed = z.output<typeof Unwitnessed>;

const NumberedLeaf = z.object({ index: z.int(), leaf: Leaf });
/** A leaf that is no decision: there are few of them, and each is kept, up to `MOST_OTHERS`. */
export type NumberedLeaf = z.output<typeof NumberedLeaf>;

/** More leaves that are no decisions are not held: a log that has more could fill any memory. */
export const MOST_OTHERS = 50_000;

const FindingForm = z.object({
  check: z.enum(CHECKS),
  verdict: z.enum(['warning', 'failed', 'unchecked']),
  code: z.custom<Finding['code']>((value) => value === undefined || typeof value === 'string'),
  count: z.int(),
  places: z.array(z.string()),
});

const Stored = z.object({
  symbolonAudit: z.literal(1),
  origin: LogName,
  size: z.int().check(z.gte(0), z.lte(LIMITS.logLeaves)),
  peaks: z.array(z.string()),
  checkpoint: z.optional(z.string()),
  newest: z.optional(z.object({ size: z.int(), root: z.string() })),
  sightings: z.array(Sighting),
  unwitnessed: z.optional(z.array(Unwitnessed)),
  /** How many lines with a class each come after this one. */
  classes: z.int().check(z.gte(0)),
  uncounted: z.optional(z.int().check(z.gte(0))),
  others: z.array(NumberedLeaf),
  unheld: z.optional(z.int().check(z.gte(0))),
  findings: z.array(FindingForm),
});

/** What an auditor remembers of one log: as far as it has read it, and what it found there. */
export interface LogState {
  readonly origin: string;
  /** The leaves that were read, and held to the tree. */
  readonly range: CompactRange;
  /** The newest checkpoint that was right: a signed note, which is evidence if the log ever shows another history. */
  readonly checkpoint: string | undefined;
  readonly newest: { readonly size: number; readonly root: Bytes } | undefined;
  /** Oldest first. */
  readonly sightings: readonly Sighting[];
  /** By increasing size. */
  readonly unwitnessed: readonly Unwitnessed[];
  readonly classes: readonly Class[];
  /** Leaves that are in none of these: there are too many kinds of them. */
  readonly uncounted: number;
  readonly others: readonly NumberedLeaf[];
  /** Leaves that are no decisions and are not in `others`: there are too many. */
  readonly unheld: number;
  /** Of leaves that are read: they do not get better. */
  readonly findings: readonly Finding[];
}

export function newState(origin: string): LogState {
  return {
    origin,
    range: EMPTY_RANGE,
    checkpoint: undefined,
    newest: undefined,
    sightings: [],
    unwitnessed: [],
    classes: [],
    uncounted: 0,
    others: [],
    unheld: 0,
    findings: [],
  };
}

/** In lines, as there may be many classes. */
export function formatState(state: LogState): string {
  const {
    origin,
    range,
    checkpoint,
    newest,
    sightings,
    unwitnessed,
    classes,
    uncounted,
    others,
    unheld,
    findings,
  } = state;
  const stored = {
    symbolonAudit: 1 as const,
    origin,
    size: range.size,
    peaks: range.peaks.map(encodeBase64),
    ...(checkpoint !== undefined && { checkpoint }),
    ...(newest !== undefined && { newest: { size: newest.size, root: encodeBase64(newest.root) } }),
    sightings: [...sightings],
    unwitnessed: [...unwitnessed],
    classes: classes.length,
    ...(uncounted > 0 && { uncounted }),
    others: [...others],
    ...(unheld > 0 && { unheld }),
    findings: findings.map((each) => ({ ...each, places: [...each.places] })),
  };
  const lines = [JSON.stringify(z.encode(Stored, stored))];
  for (const each of classes)
    lines.push(JSON.stringify(z.encode(Class, { ...each, approvers: [...each.approvers] })));
  return `${lines.join('\n')}\n`;
}

/** REQ-AUD-006. @throws SymbolonError `audit-state-malformed`, also when it is of another log */
export function parseState(text: string, origin: string): LogState {
  try {
    const [first = '', ...lines] = text.split('\n');
    const stored = check(Stored, parseStrictJson(first), 'audit-state-malformed');
    if (lines.pop() !== '' || lines.length !== stored.classes)
      throw new SymbolonError('audit-state-malformed');
    const classes = lines.map((line) => check(Class, parseStrictJson(line), 'audit-state-malformed'));
    const range = { size: stored.size, peaks: stored.peaks.map(decodeBase64) };
    const newest = stored.newest && { size: stored.newest.size, root: decodeBase64(stored.newest.root) };
    const isSound = stored.origin === origin && isRange(range) && range.size <= (newest?.size ?? 0);
    if (isSound || (stored.origin === origin && range.size === 0)) {
      if (newest?.size === range.size && !equalBytes(rootOfRange(range), newest.root))
        throw new SymbolonError('audit-state-malformed');
      const { checkpoint, sightings, unwitnessed = [], uncounted = 0, others, unheld = 0, findings } = stored;
      return {
        origin,
        range,
        checkpoint,
        newest,
        sightings,
        unwitnessed,
        classes,
        uncounted,
        others,
        unheld,
        findings,
      };
    }
  } catch {
    // Told below.
  }
  throw new SymbolonError('audit-state-malformed');
}
