import { Worker } from 'node:worker_threads';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import * as z from 'zod/mini';
import { imageSize } from './image-size.ts';

/** A camera's picture has 12 to 50 megapixels; a small file can claim far more. */
const LARGEST_PIXELS = 64_000_000;
/**
 * A photograph takes a twentieth of this; an image that is made to be slow takes minutes. It is time of the processor, and not of the clock: on a busy machine
 * a good picture waits.
 */
const MOST_PROCESSOR_MILLISECONDS = 10_000;
const LOOK_MILLISECONDS = 100;
/** Whoever stands at the gate is answered, however busy the machine is. */
const LONGEST_MILLISECONDS = 60_000;

/** How many milliseconds of the processor have been spent on an image. */
export type ProcessorMeter = () => number;

const Found = z.array(z.object({ text: z.string(), width: z.number() }));

/**
 * The text of the one QR code in a PNG or JPEG image.
 *
 * @throws SymbolonError `input-unreadable`, `qr-none`, `qr-several`, `presentation-too-large`
 */
export async function readQrImage(
  image: Uint8Array,
  spent: ProcessorMeter = processMeter(),
): Promise<string> {
  if (image.length > LIMITS.qrImageBytes)
    throw new SymbolonError('presentation-too-large', { bound: LIMITS.qrImageBytes });
  const size = imageSize(image);
  if (size === undefined || size.width * size.height > LARGEST_PIXELS)
    throw new SymbolonError('input-unreadable');
  const found = await decode(image, spent);
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

function decode(image: Uint8Array, spent: ProcessorMeter): Promise<z.output<typeof Found>> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./decode-worker.js', import.meta.url), { workerData: { image } });
    const latest = performance.now() + LONGEST_MILLISECONDS;
    const looking = setInterval(() => {
      if (spent() > MOST_PROCESSOR_MILLISECONDS || performance.now() > latest) giveUp();
    }, LOOK_MILLISECONDS);
    const giveUp = () => {
      clearInterval(looking);
      void worker.terminate();
      reject(new SymbolonError('input-unreadable'));
    };
    worker.once('error', giveUp).once('exit', giveUp);
    worker.once('message', (found: unknown) => {
      clearInterval(looking);
      void worker.terminate();
      resolve(Found.parse(found));
    });
  });
}

/** Of the whole process, from now on: beside the decoder nothing in it is at work. */
function processMeter(): ProcessorMeter {
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
}
