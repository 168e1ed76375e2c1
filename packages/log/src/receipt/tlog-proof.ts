import { decodeBase64, encodeBase64 } from '@symbolon/protocol/base64url';
import type { Bytes } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { HASH_BYTES } from '../tree/hashes.ts';

const HEADER = 'c2sp.org/tlog-proof@v1';
/** What stands before the hashes, without the last end of line. */
const HEAD = /^c2sp\.org\/tlog-proof@v1\n(?:extra ([^\n]*)\n)?index (0|[1-9]\d{0,15})(?=\n)/;
/** Of a hash in base64, with one end of line. */
const LINE_LENGTH = 45;

/** An inclusion proof as a text of its own (C2SP tlog-proof). NOT verified. */
export interface TlogProof {
  /** Opaque bytes, each as a character of its value, and not authenticated by anything. */
  readonly extra: string | undefined;
  readonly index: number;
  readonly hashes: readonly Bytes[];
  /** A signed note. */
  readonly checkpoint: string;
}

export function formatTlogProof({ extra, index, hashes, checkpoint }: TlogProof): string {
  const lines = [
    HEADER,
    ...(extra === undefined ? [] : [`extra ${btoa(extra)}`]),
    `index ${index}`,
    ...hashes.map(encodeBase64),
  ];
  return `${lines.join('\n')}\n\n${checkpoint}`;
}

/** @throws SymbolonError `receipt-malformed` */
export function parseTlogProof(text: string): TlogProof {
  if (text.length > LIMITS.receiptBytes)
    throw new SymbolonError('receipt-malformed', { bound: LIMITS.receiptBytes });
  const end = text.indexOf('\n\n');
  const [{ length } = '', extra, index] = HEAD.exec(text) ?? [];
  const count = (end - length) / LINE_LENGTH;
  if (index === undefined || Number(index) > LIMITS.logLeaves || !Number.isInteger(count) || count < 0)
    throw new SymbolonError('receipt-malformed');
  if (count > LIMITS.proofHashes) throw new SymbolonError('receipt-malformed', { bound: LIMITS.proofHashes });
  const hashes: Bytes[] = [];
  for (let at = length; at < end; at += LINE_LENGTH) hashes.push(hashAt(text, at));
  return {
    extra: extra === undefined ? undefined : extraOf(extra),
    index: Number(index),
    hashes,
    checkpoint: text.slice(end + 2),
  };
}

/** A hash, after the end of the line before. */
function hashAt(text: string, at: number): Bytes {
  try {
    const hash = decodeBase64(text.slice(at + 1, at + LINE_LENGTH));
    if (text[at] === '\n' && hash.length === HASH_BYTES) return hash;
  } catch (cause) {
    if (!isSymbolonError(cause)) throw cause;
  }
  throw new SymbolonError('receipt-malformed');
}

/** The platform reads over white space, lacking padding and unused bits: so the text is written again, and must be the one that was read. */
function extraOf(base64: string): string {
  try {
    const extra = atob(base64);
    if (btoa(extra) === base64) return extra;
  } catch {
    // Told below.
  }
  throw new SymbolonError('receipt-malformed');
}
