import { check } from '@symbolon/protocol/schemas/common';
import { Verdict } from '@symbolon/protocol/schemas/verdict';
import * as z from 'zod/mini';
import { VerdictForm } from './verdict-form.ts';

/**
 * A verdict as JSON. The published JSON Schema is docs/spec/verdict.schema.json, which is also `@symbolon/verifier/verdict.schema.json`. Times are
 * `YYYY-MM-DDTHH:MM:SSZ`.
 */
export type VerdictJson = z.input<typeof Verdict>;

/**
 * The one JSON of a verdict: its members come in the order of the schema, those of `details` by name, and nothing else comes along. So `JSON.stringify` of
 * two equal verdicts gives the same text.
 */
export function encodeVerdict(verdict: Verdict): VerdictJson {
  const json = z.encode(Verdict, verdict);
  if (!('statuses' in json)) return json;
  return {
    ...json,
    statuses: json.statuses.map((status) => ({ ...status, details: byName(status.details) })),
  };
}

/**
 * Reads a verdict back: what the published schema refuses, this does, too. So one that says `accepted` has no finding that says otherwise, and has a status.
 * Nothing says who gave the verdict: JSON that came from elsewhere is worth what its way was worth.
 *
 * @throws SymbolonError `verdict-malformed`
 */
export function decodeVerdict(json: unknown): Verdict {
  // REQ-ACC-005
  return check(VerdictForm, json, 'verdict-malformed');
}

function byName(details: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(details).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
