import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { imageSize } from './image-size.ts';

/** A camera's picture has 12 to 50 megapixels; a small file can claim far more. */
const LARGEST_PIXELS = 64_000_000;

/**
 * The text of the one QR code in a PNG or JPEG image.
 *
 * @throws SymbolonError `input-unreadable`, `qr-none`, `qr-several`, `presentation-too-large`
 */
export async function readQrImage(image: Uint8Array): Promise<string> {
  if (image.length > LIMITS.qrImageBytes)
    throw new SymbolonError('presentation-too-large', { bound: LIMITS.qrImageBytes });
  const size = imageSize(image);
  if (size === undefined || size.width * size.height > LARGEST_PIXELS)
    throw new SymbolonError('input-unreadable');
  await prepare();
  // Damaged codes are counted too: an image with a good one and a half-covered one does not show exactly one.
  const found = await readBarcodes(image, { formats: ['QRCode'], maxNumberOfSymbols: 8, tryHarder: true });
  const codes = found.filter(({ symbol }) => symbol.width > 0);
  if (codes.length === 0 && found.length > 0) throw new SymbolonError('input-unreadable');
  if (codes.length > 1) throw new SymbolonError('qr-several');
  const text = codes[0]?.text;
  if (text === undefined || text === '') throw new SymbolonError('qr-none');
  if (text.length > LIMITS.qrTextBytes)
    throw new SymbolonError('presentation-too-large', { bound: LIMITS.qrTextBytes });
  return text;
}

let prepared: Promise<void> | undefined;

/** The decoder is read from the installed package: its own default would fetch it from a network. */
function prepare(): Promise<void> {
  prepared ??= (async () => {
    const file = fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm'));
    const { buffer } = new Uint8Array(await readFile(file));
    prepareZXingModule({ overrides: { wasmBinary: buffer } });
  })();
  return prepared;
}
