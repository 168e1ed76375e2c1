import { generateKeyPairSync } from 'node:crypto';
import { toHex } from '@symbolon/protocol/bytes';
import { describe, expect, it } from 'vitest';
import { readRsaSpki } from './rsa-spki.ts';

const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const DER = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));

/** Where things are in the DER of a key of 2048 bits. */
const [SEQUENCE, ALGORITHM, UNUSED_BITS, MODULUS] = [0, 4, 23, 28];

function changed(at: number, ...bytes: readonly number[]): Uint8Array<ArrayBuffer> {
  const copy = DER.slice();
  copy.set(bytes, at);
  return copy;
}

describe('the SubjectPublicKeyInfo of an RSA key', () => {
  it.each([1024, 2048, 3072])('gives the numbers that OpenSSL finds in one of %d bits', (modulusLength) => {
    const key = generateKeyPairSync('rsa', {
      modulusLength,
      publicExponent: modulusLength < 2048 ? 3 : 65_537,
    });
    const { n = '', e = '' } = key.publicKey.export({ format: 'jwk' });
    const hexOf = (text: string) => Buffer.from(text, 'base64url').toString('hex');
    const read = readRsaSpki(new Uint8Array(key.publicKey.export({ type: 'spki', format: 'der' })));
    expect(toHex(read.modulus)).toBe(hexOf(n));
    expect(toHex(read.exponent)).toBe(hexOf(e));
  });

  it.each<readonly [what: string, der: Uint8Array<ArrayBuffer>]>([
    ['nothing', new Uint8Array()],
    ['less than there was', DER.slice(0, -1)],
    ['a byte more', Uint8Array.of(...DER, 0)],
    ['another tag', changed(SEQUENCE, 0x31)],
    ['a length without an end', changed(SEQUENCE + 1, 0x80)],
    ['a length of more bytes than it needs', Uint8Array.of(0x30, 0x83, 0, ...DER.subarray(2))],
    ['another algorithm', changed(ALGORITHM + 12, 0x0b)],
    ['bits that are not used', changed(UNUSED_BITS, 1)],
    ['another tag of the modulus', changed(MODULUS, 0x04)],
    ['a modulus with a zero too many', changed(MODULUS + 4, 0, 0)],
    ['a negative modulus', changed(MODULUS + 4, 0x80)],
    ['an exponent of no bytes', Uint8Array.of(...DER.subarray(0, -4), 0)],
  ])('REQ-REG-004 refuses %s', (_what, der) => {
    expect(() => readRsaSpki(der)).toThrowError(expect.objectContaining({ code: 'key-malformed' }));
  });
});
