import { decodeBase64, encodeBase64 } from '@symbolon/protocol/base64url';
import type { Bytes } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { HASH_BYTES } from '../tree/hashes.ts';

const HEADER = 'c2sp.org/tlog-proof@v1';

/** An inclusion proof as a text of its own (C2SP tlog-proof). NOT verified. */
export interface TlogProof {
  /** Opaque, and not authenticated by anything. */
  readonly extra: Bytes | undefined;
  readonly index: number;
  readonly hashes: readonly Bytes[];
  /** A signed note. */
  readonly checkpoint: string;
}

export function formatTlogProof({ extra, index, hashes, checkpoint }: TlogProof): string {
  const lines = [
    HEADER,
    ...(extra === undefined ? [] : [`extra ${encodeBase64(extra)}`]),
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
  const [header, ...lines] = text.slice(0, Math.max(end, 0)).split('\n');
  const extra = lines[0]?.startsWith('extra ') === true ? lines.shift() : undefined;
  const index = /^index (0|[1-9]\d{0,15})$/.exec(lines.shift() ?? '')?.[1];
  if (header !== HEADER || index === undefined || Number(index) > LIMITS.logLeaves)
    throw new SymbolonError('receipt-malformed');
  if (lines.length > LIMITS.proofHashes)
    throw new SymbolonError('receipt-malformed', { bound: LIMITS.proofHashes });
  const hashes = lines.map(bytesOf);
  if (hashes.some(({ length }) => length !== HASH_BYTES)) throw new SymbolonError('receipt-malformed');
  return {
    extra: extra === undefined ? undefined : bytesOf(extra.slice('extra '.length)),
    index: Number(index),
    hashes,
    checkpoint: text.slice(end + 2),
  };
}

function bytesOf(base64: string): Bytes {
  try {
    return decodeBase64(base64);
  } catch (cause) {
    if (!isSymbolonError(cause)) throw cause;
    throw new SymbolonError('receipt-malformed');
  }
}
