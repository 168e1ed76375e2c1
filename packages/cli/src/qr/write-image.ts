import { encode as encodePng } from 'fast-png';
import { encode, renderUnicodeCompact } from 'uqr';

/** The white margin that ISO/IEC 18004 asks for, in modules. */
const QUIET_ZONE = 4;
const PIXELS_PER_MODULE = 6;

/** A QR code at error correction M as a PNG image. */
export function qrPng(text: string): Uint8Array {
  const { data: modules, size } = encode(text, { ecc: 'M', border: QUIET_ZONE });
  const width = size * PIXELS_PER_MODULE;
  const pixels = new Uint8Array(width * width).fill(255);
  for (const [y, row] of modules.entries()) {
    for (const [x, dark] of row.entries()) {
      if (!dark) continue;
      for (let line = 0; line < PIXELS_PER_MODULE; line++) {
        const start = (y * PIXELS_PER_MODULE + line) * width + x * PIXELS_PER_MODULE;
        pixels.fill(0, start, start + PIXELS_PER_MODULE);
      }
    }
  }
  return encodePng({ width, height: width, data: pixels, channels: 1, depth: 8 });
}

export function qrVersion(text: string): number {
  return encode(text, { ecc: 'M' }).version;
}

/** The same code drawn with half blocks for a terminal with a dark background. */
export function qrTerminal(text: string): string {
  return renderUnicodeCompact(text, { ecc: 'M', border: 2 });
}
