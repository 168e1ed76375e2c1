import { decodeBase64, encodeBase64 } from '@symbolon/protocol/base64url';
import { equalBytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { check } from '@symbolon/protocol/schemas/common';
import { LogName } from '@symbolon/protocol/schemas/log';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';
import { CHECKS, type Finding } from '../findings.ts';
import { Class } from './class.ts';
import { isRange, rootOfRange } from './compact-range.ts';
import type { LogState } from './log-state.ts';
import { NumberedLeaf } from './numbered-leaf.ts';
import { Sighting, Unwitnessed } from './sightings.ts';

const Count = z.int().check(z.gte(0));

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
  classes: Count,
  uncounted: z.optional(Count),
  others: z.array(NumberedLeaf),
  unheld: z.optional(Count),
  findings: z.array(FindingForm),
});

/** In lines, as there may be many classes. */
export function formatState(state: LogState): string {
  const { origin, range, checkpoint, newest, classes, uncounted, unheld } = state;
  const stored = {
    symbolonAudit: 1 as const,
    origin,
    size: range.size,
    peaks: range.peaks.map(encodeBase64),
    ...(checkpoint !== undefined && { checkpoint }),
    ...(newest !== undefined && { newest: { size: newest.size, root: encodeBase64(newest.root) } }),
    sightings: [...state.sightings],
    unwitnessed: [...state.unwitnessed],
    classes: classes.length,
    ...(uncounted > 0 && { uncounted }),
    others: [...state.others],
    ...(unheld > 0 && { unheld }),
    findings: state.findings.map((each) => ({ ...each, places: [...each.places] })),
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
        ...{ origin, range, checkpoint, newest, sightings, unwitnessed },
        ...{ classes, uncounted, others, unheld, findings },
      };
    }
  } catch {
    // Told below.
  }
  throw new SymbolonError('audit-state-malformed');
}
