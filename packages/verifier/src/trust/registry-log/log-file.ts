import { decodeBase64 } from '@symbolon/protocol/base64url';
import { type Bytes, fromUtf8 } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { check } from '@symbolon/protocol/schemas/common';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';

const Note = z.string().check(z.maxLength(LIMITS.checkpointBytes));
const Hash = z.string().check(z.regex(/^[A-Za-z0-9+/]{43}=$/));
const Index = z.int().check(z.gte(0), z.lte(LIMITS.logLeaves));

/** `log/registry.json` of a bundle (docs/spec/trust-bundle.md). Nothing in it is verified by its form. */
const LogFile = z.strictObject({
  /** The newest checkpoint that enough witnesses have seen. */
  checkpoint: Note,
  /** Index and text, by increasing index. */
  leaves: z.array(z.tuple([Index, z.string().check(z.maxLength(LIMITS.leafBytes))])),
  /** Of all other leaves: one proof for these together. */
  hashes: z.array(Hash),
  /** Checkpoints of the days before, oldest first, each with the proof that the newest one follows from it. */
  anchors: z
    .array(z.strictObject({ checkpoint: Note, hashes: z.array(Hash).check(z.maxLength(LIMITS.proofHashes)) }))
    .check(z.maxLength(LIMITS.logAnchors)),
});
export type LogFile = z.output<typeof LogFile>;

/** @throws SymbolonError `checkpoint-malformed` for anything that does not have the form, or is too long */
export function readLogFile(bytes: Bytes): LogFile {
  if (bytes.length > LIMITS.registryLogBytes)
    throw new SymbolonError('checkpoint-malformed', { bound: LIMITS.registryLogBytes });
  try {
    return check(LogFile, parseStrictJson(fromUtf8(bytes)), 'checkpoint-malformed');
  } catch (cause) {
    if (!isSymbolonError(cause)) throw cause;
    throw new SymbolonError('checkpoint-malformed', { cause });
  }
}

export function hashesOf(hashes: readonly string[]): readonly Bytes[] {
  return hashes.map((hash) => decodeBase64(hash));
}
