import { type LogTrust, openCheckpoint } from '@symbolon/log/checkpoint';
import { decodeLeaf } from '@symbolon/log/leaf';
import { encodeBase64 } from '@symbolon/protocol/base64url';
import { type Bytes, fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { check } from '@symbolon/protocol/schemas/common';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';
import { orNothing } from './or-nothing.ts';
import type { LoggedPublication } from './registry-log-needed.ts';

/** What bundles carry as `log/registry.json`, below the URL of the log. */
export const LOG_FILE = 'registry.json';

export interface LogFile {
  /** The witnessed checkpoint: a signed note. */
  readonly checkpoint: string;
  /** By increasing index. */
  readonly leaves: readonly LoggedPublication[];
  /** One proof for these leaves together. */
  readonly hashes: readonly Bytes[];
  /** Older checkpoints, oldest first, each with the proof that the log goes on from it. */
  readonly anchors: readonly { readonly checkpoint: string; readonly hashes: readonly Bytes[] }[];
}

/** @throws SymbolonError `bundle-too-large` */
export function writeLogFile({ checkpoint, leaves, hashes, anchors }: LogFile): Bytes {
  const bytes = utf8(
    JSON.stringify({
      checkpoint,
      leaves: leaves.map(({ index, text }) => [index, text]),
      hashes: hashes.map(encodeBase64),
      anchors: anchors.map((anchor) => ({ ...anchor, hashes: anchor.hashes.map(encodeBase64) })),
    }),
  );
  if (bytes.length > LIMITS.registryLogBytes)
    throw new SymbolonError('bundle-too-large', { bound: LIMITS.registryLogBytes });
  return bytes;
}

/** What is taken from one file into the next. The proof is made anew. */
const Before = z.object({
  checkpoint: z.string(),
  leaves: z.array(z.tuple([z.int().check(z.gte(0)), z.string()])),
});

export interface LeavesBefore {
  /** Of the tree that they are from. */
  readonly size: number;
  readonly leaves: readonly LoggedPublication[];
}

/** The leaves of a file that was written before. Whether they are in the log is NOT verified. Nothing, where it is none of this log. */
export function leavesBefore(file: Bytes, trust: LogTrust): Promise<LeavesBefore | undefined> {
  return orNothing(async () => {
    const { checkpoint, leaves } = check(Before, parseStrictJson(fromUtf8(file)), 'log-damaged');
    const { size } = await openCheckpoint(checkpoint, trust);
    return { size, leaves: leaves.flatMap(([index, text]) => publicationOf(index, utf8(text))) };
  });
}

/** @throws SymbolonError `leaf-malformed` */
export function publicationOf(index: number, bytes: Bytes): readonly LoggedPublication[] {
  const leaf = decodeLeaf(bytes);
  return leaf.kind === 'publication' ? [{ index, text: fromUtf8(bytes), leaf }] : [];
}
