import { timingSafeEqual } from 'node:crypto';
import type { Bytes } from './bytes.ts';
import { SymbolonError } from './errors.ts';

export type { Bytes } from './bytes.ts';
export { concatBytes, fromUtf8 } from './bytes.ts';

/*
 * These are loops in bytes.ts, which a process that has just started runs slowly and then compiles: a good part of the time until a gate's first verdict.
 */

/** The function of bytes.ts in a quarter of the time: short texts share a block of memory, as Node's buffers do, in place of one allocation each. */
export function utf8(text: string): Bytes {
  const { buffer, byteOffset, length } = Buffer.from(text);
  return new Uint8Array(buffer, byteOffset, length);
}

/** The function of bytes.ts. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The function of bytes.ts. */
export function toHex({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString('hex');
}

/**
 * The function of bytes.ts. Node takes capitals and stops at what is no digit: so the text is written again, and must be the one that was read.
 *
 * @throws SymbolonError `hex-malformed`
 */
export function fromHex(text: string): Bytes {
  const bytes = Buffer.from(text, 'hex');
  if (bytes.toString('hex') !== text) throw new SymbolonError('hex-malformed');
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
