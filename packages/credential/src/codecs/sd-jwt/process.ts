import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { Octets32 } from '@symbolon/protocol/schemas/common';
import { isJsonObject, type Json, type JsonObject } from '@symbolon/protocol/strict-json';
import { decodeDisclosure, digestOf } from './disclosure.ts';

export interface ProcessedSdJwt {
  /** The payload with what was disclosed put in, and every digest and `_sd_alg` taken out. */
  readonly payload: JsonObject;
  /** How many digests were found, in the payload and in what was disclosed: real ones and decoys alike. */
  readonly digests: number;
}

/** A disclosed claim must not become one of these: two mean something to SD-JWT, one to JavaScript. */
const FORBIDDEN_NAMES: ReadonlySet<string> = new Set(['_sd', '...', '_sd_alg', '__proto__']);

/**
 * Puts disclosures into the payload of any SD-JWT (RFC 9901, section 7.1, steps 3 to 5), knowing nothing of credentials.
 * The signature over the payload is not verified here, nor is any claim in it.
 *
 * @param disclosures their texts, in any order, at most `LIMITS.disclosures`
 * @throws SymbolonError `disclosure-unreferenced` (unknown, or shown twice), `disclosure-malformed`, `claims-malformed`
 *   (digests in a place or form that SD-JWT does not know, another hash), `json-too-deep`, and what decoding throws
 */
export function processSdJwt(payload: JsonObject, disclosures: readonly string[]): ProcessedSdJwt {
  if (disclosures.length > LIMITS.disclosures) {
    throw new SymbolonError('presentation-too-large', { path: 'disclosures', bound: LIMITS.disclosures });
  }
  const { _sd_alg: algorithm, ...claims } = payload;
  if (algorithm !== undefined && algorithm !== 'sha-256')
    throw new SymbolonError('claims-malformed', { path: '_sd_alg' });
  const unused = new Map(disclosures.map((text) => [digestOf(text), text]));
  if (unused.size !== disclosures.length) throw new SymbolonError('disclosure-unreferenced');
  const seen = new Set<string>();
  const processed = revealObject(claims, { unused, seen }, 0);
  if (unused.size > 0) throw new SymbolonError('disclosure-unreferenced');
  return { payload: processed, digests: seen.size };
}

interface Progress {
  readonly unused: Map<string, string>;
  readonly seen: Set<string>;
}

function reveal(value: Json, progress: Progress, depth: number): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= LIMITS.jsonDepth) throw new SymbolonError('json-too-deep', { bound: LIMITS.jsonDepth });
  return isJsonObject(value) ? revealObject(value, progress, depth) : revealArray(value, progress, depth);
}

function revealObject(object: JsonObject, progress: Progress, depth: number): JsonObject {
  const out = new Map<string, Json>();
  for (const [name, value] of Object.entries(object)) {
    if (name === '_sd' || value === undefined) continue;
    if (name === '...' || name === '_sd_alg') throw new SymbolonError('claims-malformed');
    out.set(name, reveal(value, progress, depth + 1));
  }
  for (const digest of digestsOf(object)) {
    const text = take(digest, progress);
    if (text === undefined) continue;
    const { name, value } = decodeDisclosure(text);
    if (name === undefined || FORBIDDEN_NAMES.has(name) || out.has(name)) {
      throw new SymbolonError('disclosure-malformed');
    }
    out.set(name, reveal(value, progress, depth + 1));
  }
  return Object.fromEntries(out);
}

function revealArray(array: readonly Json[], progress: Progress, depth: number): Json[] {
  const out: Json[] = [];
  for (const element of array) {
    if (!isJsonObject(element) || !Object.hasOwn(element, '...')) {
      out.push(reveal(element, progress, depth + 1));
      continue;
    }
    const digest = element['...'];
    if (typeof digest !== 'string' || Object.keys(element).length !== 1) {
      throw new SymbolonError('claims-malformed');
    }
    const text = take(digest, progress);
    if (text === undefined) continue;
    const { name, value } = decodeDisclosure(text);
    if (name !== undefined) throw new SymbolonError('disclosure-malformed');
    out.push(reveal(value, progress, depth + 1));
  }
  return out;
}

function digestsOf(object: JsonObject): readonly string[] {
  const digests = object['_sd'];
  if (digests === undefined) return [];
  if (!Array.isArray(digests) || !digests.every((digest) => typeof digest === 'string')) {
    throw new SymbolonError('claims-malformed', { path: '_sd' });
  }
  return digests;
}

/** REQ-DEC-023: a digest stands in one place only, or one disclosure could be read twice. */
function take(digest: string, { unused, seen }: Progress): string | undefined {
  // REQ-DEC-017: also one that nothing is disclosed for, as a second spelling of it could mark the holder.
  if (!Octets32.safeParse(digest).success) throw new SymbolonError('claims-malformed');
  if (seen.has(digest)) throw new SymbolonError('disclosure-malformed');
  seen.add(digest);
  const text = unused.get(digest);
  unused.delete(digest);
  return text;
}
