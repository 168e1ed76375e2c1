import { Worker } from 'node:worker_threads';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import * as z from 'zod/mini';
import { imageSize } from './image-size.ts';

/** A camera's picture has 12 to 50 megapixels; a small file can claim far more. */
const LARGEST_PIXELS = 64_000_000;
/** A photograph takes a tenth of this; an image that is made to be slow takes minutes. */
const LONGEST_MILLISECONDS = 5_000;

const Found = z.array(z.object({ text: z.string(), width: z.number() }));

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
  const found = await decode(image);
  // Damaged codes are counted too: an image with a good one and a half-covered one does not show exactly one.
  const codes = found.filter(({ width }) => width > 0);
  if (codes.length === 0 && found.length > 0) throw new SymbolonError('input-unreadable');
  if (codes.length > 1) throw new SymbolonError('qr-several');
  const text = codes[0]?.text;
  if (text === undefined || text === '') throw new SymbolonError('qr-none');
  if (text.length > LIMITS.qrTextBytes)
    throw new SymbolonError('presentation-too-large', { bound: LIMITS.qrTextBytes });
  return text;
}

function decode(image: Uint8Array): Promise<z.output<typeof Found>> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./decode-worker.js', import.meta.url), { workerData: { image } });
    const giveUp = () => {
      clearTimeout(timer);
      void worker.terminate();
      reject(new SymbolonError('input-unreadable'));
    };
    const timer = setTimeout(giveUp, LONGEST_MILLISECONDS);
    worker.once('error', giveUp);
    worker.once('message', (found: unknown) => {
      clearTimeout(timer);
      void worker.terminate();
      resolve(Found.parse(found));
    });
  });
}
