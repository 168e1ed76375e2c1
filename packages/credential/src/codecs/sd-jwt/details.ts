import { SymbolonError } from '@symbolon/protocol/errors';
import type { RandomBytes } from '@symbolon/protocol/random';
import { check, Name } from '@symbolon/protocol/schemas/common';
import type { JsonObject } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';
import type { Details } from '../../model/status-claims.ts';
import { decoyDigest, digestOf, encodeDisclosure, freshSalt } from './disclosure.ts';
import { processSdJwt } from './process.ts';

/** The one claim that can be disclosed. Everything else is always shown, so that nothing is hidden from a verifier. */
export const DETAILS = 'details';

/** Digests inside `details`, whatever is there: their number must not tell whether there are initials, or an asset's name. */
const DETAILS_DIGESTS = 4;

const text = z.string().check(z.minLength(1), z.maxLength(512));
const WrittenDetails = z
  .strictObject({ reason: text, evidence: Name, initials: z.optional(text), asset: z.optional(text) })
  .check(
    z.refine(({ initials, asset }) => initials === undefined || asset === undefined, { path: ['asset'] }),
  );
const ShownDetails = z
  .record(Name, text)
  .check(z.refine((details) => !('initials' in details && 'asset' in details), { path: ['asset'] }));
type ShownDetails = Readonly<z.output<typeof ShownDetails>>;

export interface DetailsDisclosures {
  /** What stands in `_sd` of the payload. */
  readonly digest: string;
  /** That of `details` first, then one for each detail. */
  readonly disclosures: readonly string[];
}

/**
 * Makes `details` a recursive disclosure (RFC 9901, section 4.2.6) with a fixed number of digests inside, sorted, so that
 * neither number nor place tells which are real.
 *
 * @throws SymbolonError `claims-malformed`
 */
export function makeDetails(details: Details, random: RandomBytes): DetailsDisclosures {
  const entries = Object.entries(check(WrittenDetails, details, 'claims-malformed'));
  const inner = entries.flatMap(([name, value]) =>
    value === undefined ? [] : [encodeDisclosure(freshSalt(random), name, value)],
  );
  const digests = inner.map(digestOf);
  while (digests.length < DETAILS_DIGESTS) digests.push(decoyDigest(random));
  const outer = encodeDisclosure(freshSalt(random), DETAILS, { _sd: digests.sort() });
  return { digest: digestOf(outer), disclosures: [outer, ...inner] };
}

/**
 * The details that were disclosed, of a payload whose other claims are known to be those of the profile, with one digest.
 *
 * @throws SymbolonError `disclosure-malformed` when something else was disclosed, or `details` is not of its fixed form
 */
export function readDetails(payload: JsonObject, disclosures: readonly string[]): ShownDetails {
  if (disclosures.length === 0) return {};
  const processed = processSdJwt(payload, disclosures);
  if (processed.digests !== 1 + DETAILS_DIGESTS) throw new SymbolonError('disclosure-malformed');
  const details = check(ShownDetails, processed.payload[DETAILS], 'disclosure-malformed');
  // REQ-DEC-022: what stands beside the digests is not for the holder to disclose, and could mark her.
  if (Object.keys(details).length !== disclosures.length - 1) throw new SymbolonError('disclosure-malformed');
  return details;
}
