import { fromUtf8 } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { withoutSpaceAround } from '@symbolon/protocol/white-space';
import { type InputOptions, openInput } from './files/open-input.ts';
import { imageSize } from './qr/image-size.ts';

/**
 * A presentation from a file or, for `-`, from standard input: a QR image, or a text of any kind.
 *
 * @throws SymbolonError `input-unreadable`, `qr-none`, `qr-several`, `presentation-too-large`, `utf8-malformed`
 */
export async function readPresentation(source: string, options: InputOptions = {}): Promise<string> {
  const bytes = await readBounded(source, options);
  if (bytes.length === 0) throw new SymbolonError('input-unreadable');
  if (imageSize(bytes) !== undefined) {
    const { readQrImage } = await import('./qr/read-image.ts');
    return readQrImage(bytes);
  }
  if (bytes.length > LIMITS.presentationBytes) {
    throw new SymbolonError('presentation-too-large', { bound: LIMITS.presentationBytes });
  }
  // Other images and damaged ones have bytes that no presentation has.
  if (bytes.some((byte) => byte === 0 || byte === 0xff || byte === 0xfe))
    throw new SymbolonError('input-unreadable');
  return withoutSpaceAround(fromUtf8(bytes));
}

/** Reads no further than the bound: a device or a pipe may have no end. */
async function readBounded(source: string, options: InputOptions): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    const { stream } = await openInput(source, options);
    for await (const chunk of stream) {
      const bytes: Uint8Array = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      size += bytes.length;
      if (size > LIMITS.qrImageBytes)
        throw new SymbolonError('presentation-too-large', { bound: LIMITS.qrImageBytes });
      chunks.push(bytes);
    }
  } catch (error) {
    throw isSymbolonError(error) ? error : new SymbolonError('input-unreadable');
  }
  return new Uint8Array(Buffer.concat(chunks));
}
