import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64, decodeBase64url, encodeBase64url } from './base64url.ts';

describe('REQ-DEC-017 one byte string has one text', () => {
  it('agrees with Node on every byte string', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64url');
        expect(encodeBase64url(bytes)).toBe(text);
        expect([...decodeBase64url(text)]).toEqual([...bytes]);
        expect([...decodeBase64(Buffer.from(bytes).toString('base64'))]).toEqual([...bytes]);
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

  it.each(['AA', 'AA=', 'AB==', 'AAB=', 'A===', '====', 'AA==AAAA', 'A-A_', 'AAA', 'AA A', 'AAAA='])(
    'refuses %j as base64 with padding',
    (text) => {
      expect(() => decodeBase64(text)).toThrowError(expect.objectContaining({ code: 'base64url-malformed' }));
    },
  );
});
