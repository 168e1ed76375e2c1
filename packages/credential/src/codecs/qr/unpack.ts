import { equalBytes } from '@symbolon/protocol/bytes';
import type { Code } from '@symbolon/protocol/codes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { check } from '@symbolon/protocol/schemas/common';
import type { Dictionary } from '@symbolon/protocol/schemas/federation';
import { decodeBase45 } from '../qr-text/base45.ts';
import { decodeCbor, encodeCbor } from '../qr-text/cbor.ts';
import { numberingOf } from './numbering.ts';
import { PREFIX, packTemplate } from './pack.ts';
import { RAW, Raw, TEMPLATE, Template } from './packing.ts';
import { fromRaw, toRaw } from './raw.ts';
import { fromTemplate, toTemplate } from './template.ts';

/**
 * Unpacks a QR text to exactly the SD-JWT or SD-JWT+KB that was packed. Nothing in it is verified; but of one presentation,
 * only one packing is read, so a packing cannot be rewritten unseen.
 *
 * @throws SymbolonError `presentation-unrecognised`, `packing-version-unknown`, `presentation-too-large`,
 *   `base45-malformed`, `packing-truncated`, `packing-malformed`, `packing-not-canonical`, `dictionary-unknown`
 */
export function unpackQr(text: string, dictionary: Dictionary): string {
  if (text.length > LIMITS.qrTextBytes) {
    throw new SymbolonError('presentation-too-large', { bound: LIMITS.qrTextBytes });
  }
  if (!text.startsWith(PREFIX)) {
    throw new SymbolonError(/^SYM[0-9]/.test(text) ? 'packing-version-unknown' : 'presentation-unrecognised');
  }
  const bytes = decodeBase45(text.slice(PREFIX.length));
  const packed = decodeCbor(bytes);
  const format = Array.isArray(packed) ? packed[0] : undefined;
  if (format === TEMPLATE) return unpackTemplate(packed, bytes, dictionary);
  if (format === RAW) return unpackRaw(packed, bytes, dictionary);
  throw new SymbolonError('packing-malformed');
}

function unpackTemplate(packed: unknown, bytes: Uint8Array, dictionary: Dictionary): string {
  const template = check(Template, packed, 'packing-malformed');
  const [, count] = template;
  const names = numberingOf(dictionary, count);
  const text = bounded(orElse('packing-malformed', () => fromTemplate(template, names).text));
  // REQ-DEC-010: packed again, with the names that the packing itself announced, it is what was read.
  const again = orElse('packing-not-canonical', () => toTemplate(text, numberingOf(dictionary, count)));
  return ifSame(encodeCbor(again), bytes, text);
}

function unpackRaw(packed: unknown, bytes: Uint8Array, dictionary: Dictionary): string {
  const raw = check(Raw, packed, 'packing-malformed');
  const text = bounded(fromRaw(raw));
  // REQ-DEC-010: a presentation that fits the template does not travel in another form.
  if (packTemplate(text, dictionary, 0) !== undefined) throw new SymbolonError('packing-not-canonical');
  return ifSame(encodeCbor(orElse('packing-malformed', () => toRaw(text))), bytes, text);
}

function bounded(text: string): string {
  if (text.length <= LIMITS.presentationBytes) return text;
  throw new SymbolonError('presentation-too-large', { bound: LIMITS.presentationBytes });
}

function ifSame(again: Uint8Array, bytes: Uint8Array, text: string): string {
  if (equalBytes(again, bytes)) return text;
  throw new SymbolonError('packing-not-canonical');
}

/** What goes wrong while rebuilding is the packing's fault, whatever the parts say of themselves. */
function orElse<T>(code: Code, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (isSymbolonError(error)) throw new SymbolonError(code);
    throw error;
  }
}
