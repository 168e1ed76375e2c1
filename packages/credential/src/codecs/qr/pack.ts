import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import type { Dictionary } from '@symbolon/protocol/schemas/federation';
import { encodeBase45 } from '../qr-text/base45.ts';
import { encodeCbor } from '../qr-text/cbor.ts';
import { numberingOf } from './numbering.ts';
import type { Template } from './packing.ts';
import { toRaw } from './raw.ts';
import { fromTemplate, toTemplate } from './template.ts';

/** The packing version is part of the prefix: a reader knows before decoding whether it can read on. */
export const PREFIX = 'SYM1:';

/**
 * Packs an SD-JWT or SD-JWT+KB for a QR code in alphanumeric mode (protocol, section 6), without loss: `unpackQr` gives
 * back the same text. Nothing is verified. Names of the dictionary travel as numbers; the packing says how many of its first
 * names it needs, so any version of the dictionary that has those will do.
 *
 * @returns `SYM1:` and base45
 * @throws SymbolonError `presentation-unrecognised` unless it is an SD-JWT in canonical base64url,
 *   `presentation-too-large` when it or its packing is beyond its bound
 */
export function packQr(presentation: string, dictionary: Dictionary): string {
  const packed = packTemplate(presentation, dictionary, dictionary.names.length) ?? toRaw(presentation);
  const text = PREFIX + encodeBase45(encodeCbor(packed));
  if (text.length > LIMITS.qrTextBytes) {
    throw new SymbolonError('presentation-too-large', { bound: LIMITS.qrTextBytes });
  }
  return text;
}

/** The template of a text, with the first `count` names: only where it gives back the very same text. */
export function packTemplate(text: string, dictionary: Dictionary, count: number): Template | undefined {
  try {
    const template = toTemplate(text, numberingOf(dictionary, count));
    return fromTemplate(template, numberingOf(dictionary, count)).text === text ? template : undefined;
  } catch (error) {
    if (isSymbolonError(error)) return undefined;
    throw error;
  }
}
