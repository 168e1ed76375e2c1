import { SymbolonError } from '@symbolon/protocol/errors';
import { badFactFields } from '@symbolon/protocol/fact-fields';
import { addSeconds, type Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { own } from '@symbolon/protocol/own';
import { check, InstantText, Name } from '@symbolon/protocol/schemas/common';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { isJsonObject, parseStrictJson } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';

const Id = z.string().check(z.regex(/^[A-Za-z0-9_.-]{1,64}$/));
const About = {
  id: Id,
  subject: z.optional(z.string().check(z.regex(/^[A-Za-z0-9_-]{22}$/))),
  identifier: z.optional(
    z.strictObject({ kind: Name, value: z.string().check(z.minLength(1), z.maxLength(256)) }),
  ),
};
const FactLine = z.strictObject({
  ...About,
  type: z.string().check(z.maxLength(32)),
  at: InstantText,
  fields: z.record(z.string(), z.union([z.string(), z.boolean(), z.int()])),
});
const RetractLine = z.strictObject({ ...About, retract: z.literal(true) });

/** A line as it goes into a batch. */
export type BatchLine =
  | { readonly kind: 'fact'; readonly who: string; readonly json: object }
  | { readonly kind: 'retract'; readonly who: string; readonly json: object };

/** What a source may report, as the registry has it. */
export interface Reportable {
  readonly scheme: Scheme;
  /** Fact types that the source is registered for. */
  readonly types: readonly string[];
  readonly now: Instant;
}

/**
 * One line of the input, checked as far as this side can: its form, and the fact against the scheme (REQ-ISS-007). Whether there is such a subject, the issuer says.
 *
 * @throws SymbolonError `json-malformed` and its like, `fact-malformed`, `source-unknown`
 */
export function readInputLine(text: string, reportable: Reportable): BatchLine {
  const json = parseStrictJson(text);
  if (isJsonObject(json) && 'retract' in json) {
    const { id, ...about } = check(RetractLine, json, 'fact-malformed');
    return { kind: 'retract', ...named(about, (who) => ({ id, ...who })) };
  }
  const { id, type, at, fields, ...about } = check(FactLine, json, 'fact-malformed');
  const declared = own(reportable.scheme.factTypes, type);
  if (declared === undefined || declared.about === 'place')
    throw new SymbolonError('fact-malformed', { path: 'type' });
  if (!reportable.types.includes(type)) throw new SymbolonError('source-unknown', { path: 'type' });
  const bad = badFactFields(declared, fields);
  if (bad.length > 0) throw new SymbolonError('fact-malformed', { path: bad.slice(0, 8).join(', ') });
  if (at > addSeconds(reportable.now, LIMITS.factAheadSeconds))
    throw new SymbolonError('fact-malformed', { path: 'at' });
  return { kind: 'fact', ...named(about, (who) => ({ id, ...who, type, at, fields })) };
}

type Names = Pick<z.output<typeof FactLine>, 'subject' | 'identifier'>;

function named(
  { subject, identifier }: Names,
  json: (who: object) => object,
): { readonly who: string; readonly json: object } {
  if ((subject === undefined) === (identifier === undefined))
    throw new SymbolonError('fact-malformed', { path: 'subject' });
  const who = subject === undefined ? { identifier } : { subject };
  return { who: JSON.stringify(who), json: json(who) };
}
