import type { Checkpoint } from '@symbolon/log/checkpoint';
import { leafHash } from '@symbolon/log/hashes';
import { rootByMultiProof } from '@symbolon/log/multi-proof';
import { equalBytes, utf8 } from '@symbolon/protocol/bytes';
import { canonicalJson } from '@symbolon/protocol/canonical-json';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { check } from '@symbolon/protocol/schemas/common';
import { PublicationLeaf } from '@symbolon/protocol/schemas/leaf';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import { hashesOf, type LogFile } from './log-file.ts';

export interface ProvenLeaf {
  readonly index: number;
  readonly leaf: PublicationLeaf;
}

/**
 * The publications that a bundle proves to be in a tree.
 *
 * @throws SymbolonError `inclusion-invalid` when they do not lead to its root, `leaf-malformed` for one of another kind or form, or one that
 *   says to be the beginning and is not
 */
export function provenLeaves(file: LogFile, { size, root }: Checkpoint): readonly ProvenLeaf[] {
  const hashes = file.leaves.map(([index, text]) => [index, hashOf(text)] as const);
  // REQ-LOG-006
  if (!equalBytes(rootByMultiProof(hashes, size, hashesOf(file.hashes)), root))
    throw new SymbolonError('inclusion-invalid');
  return file.leaves.map(([index, text]) => {
    const leaf = readPublication(text);
    // A log begins once.
    if (leaf.first && index !== leaf.part - 1) throw new SymbolonError('leaf-malformed');
    return { index, leaf };
  });
}

function hashOf(text: string): Uint8Array {
  const bytes = utf8(text);
  if (bytes.length > LIMITS.leafBytes) throw new SymbolonError('leaf-malformed', { bound: LIMITS.leafBytes });
  return leafHash(bytes);
}

/** REQ-LOG-001: one leaf has one text. As `decodeLeaf` of the log, but of one kind, and without writing the leaf again. */
function readPublication(text: string): PublicationLeaf {
  try {
    const json = parseStrictJson(text);
    if (canonicalJson(json) === text) return check(PublicationLeaf, json, 'leaf-malformed');
  } catch (cause) {
    if (!isSymbolonError(cause)) throw cause;
    throw new SymbolonError('leaf-malformed', { cause });
  }
  throw new SymbolonError('leaf-malformed');
}
