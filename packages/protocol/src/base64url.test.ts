import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64url, encodeBase64url } from './base64url.ts';

describe('REQ-DEC-017 one byte string has one text', () => {
  it('agrees with Node on every byte string', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64url');
        expect(encodeBase64url(bytes)).toBe(text);
        expect(Buffer.from(decodeBase64url(text)).equals(Buffer.from(bytes))).toBe(true);
      }),
      { seed: 1 },
    );
  });

  it.each(['A', 'AB', 'AAB', 'AA==', 'AA A', ' AA', 'A+A/', 'AA\n', 'ÄAAA', 'AAAAA'])(
    'refuses %j',
    (text) => {
      expect(() => decodeBase64url(text)).toThrowError(
        expect.objectContaining({ code: 'base64url-malformed' }),
      );
    },
  );
});
