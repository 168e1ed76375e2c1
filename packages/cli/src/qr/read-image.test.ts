import { describe, expect, it } from 'vitest';
import { slowImage } from '../testing/slow-image.ts';
import { readQrImage } from './read-image.ts';
import { qrPng } from './write-image.ts';

const never = () => 0;
const atOnce = () => Number.POSITIVE_INFINITY;

describe('REQ-DEC-001 an image of a QR code', () => {
  it('is read', async () => {
    expect(await readQrImage(qrPng('SYM1:ABC'))).toBe('SYM1:ABC');
  });

  it('that is slow is given up when it has taken more of the processor than a picture does', async () => {
    await expect(readQrImage(slowImage(), atOnce)).rejects.toMatchObject({ code: 'input-unreadable' });
  });

  it('that takes a while is read to its end', async () => {
    await expect(readQrImage(slowImage(400), never)).rejects.toMatchObject({ code: 'qr-none' });
  });
});
