import { type Bytes, fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { canonicalJson } from '@symbolon/protocol/canonical-json';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { check } from '@symbolon/protocol/schemas/common';
import { Leaf } from '@symbolon/protocol/schemas/leaf';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';

/** A leaf as it stands in the log: canonical JSON. @throws SymbolonError `leaf-malformed` when it does not have its form, or is too long */
export function encodeLeaf(leaf: Leaf): Bytes {
  const encoded = z.safeEncode(Leaf, leaf);
  if (!encoded.success) throw new SymbolonError('leaf-malformed');
  const bytes = utf8(canonicalJson(encoded.data));
  if (bytes.length > LIMITS.leafBytes) throw new SymbolonError('leaf-malformed', { bound: LIMITS.leafBytes });
  return bytes;
}

/** REQ-LOG-001: one leaf has one text. @throws SymbolonError `leaf-malformed` */
export function decodeLeaf(bytes: Uint8Array): Leaf {
  if (bytes.length > LIMITS.leafBytes) throw new SymbolonError('leaf-malformed', { bound: LIMITS.leafBytes });
  try {
    const text = fromUtf8(bytes);
    const json = parseStrictJson(text);
    // Each value of a leaf has one form in JSON, so what is canonical and has the form of a leaf is what `encodeLeaf` writes.
    if (canonicalJson(json) === text) return check(Leaf, json, 'leaf-malformed');
  } catch (cause) {
    if (!isSymbolonError(cause)) throw cause;
    throw new SymbolonError('leaf-malformed', { cause });
  }
  throw new SymbolonError('leaf-malformed');
}
