import { SymbolonError } from '@symbolon/protocol/errors';
import { badFactFields } from '@symbolon/protocol/fact-fields';
import { HOUR_SECONDS, type Instant, isInstant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import { check } from '@symbolon/protocol/schemas/common';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import * as z from 'zod/mini';

/** One typed input about a subject. Who said it, and of whom, is not part of it: no rule can read that. */
export interface Fact {
  /** A fact type of the scheme: `exposure`. */
  readonly type: string;
  /** When it was observed. */
  readonly at: Instant;
  /** Every field that its type declares, and no other. A `timestamp` is an Instant, an `int` a safe integer. */
  readonly fields: Readonly<Record<string, string | number | boolean>>;
}

const Shape = z.strictObject({
  type: z.string().check(z.maxLength(32)),
  at: z.custom<Instant>(isInstant),
  fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});

/**
 * REQ-ISS-007: takes only what the scheme declares. Every declared field is there, no other is, each of its type and, where the
 * type has a closed list of values, one of them. Says nothing of whether the fact is true, or whose it is.
 *
 * @throws SymbolonError `fact-malformed`, with every bad path
 */
export function checkFact(scheme: Scheme, fact: unknown): Fact {
  const shaped = check(Shape, fact, 'fact-malformed');
  const type = own(scheme.factTypes, shaped.type);
  if (type === undefined) throw new SymbolonError('fact-malformed', { path: 'type' });
  const bad = badFactFields(type, shaped.fields);
  if (bad.length > 0) throw new SymbolonError('fact-malformed', { path: bad.slice(0, 8).join(', ') });
  return shaped;
}

/** Whether a fact counts at `now`: it was observed by then, and its type's time has not run out. */
export function countsAt(scheme: Scheme, fact: Fact, now: Instant): boolean {
  const keepHours = own(scheme.factTypes, fact.type)?.keepHours ?? 0;
  return fact.at <= now && now < fact.at + keepHours * HOUR_SECONDS;
}
