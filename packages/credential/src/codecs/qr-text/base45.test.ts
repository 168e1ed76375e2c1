import { utf8 } from '@symbolon/protocol/bytes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase45, encodeBase45 } from './base45.ts';

describe('REQ-DEC-007 base45 as in RFC 9285', () => {
  it.each([
    ['AB', 'BB8'],
    ['Hello!!', '%69 VD92EX0'],
    ['base-45', 'UJCLQE7W581'],
    ['ietf!', 'QED8WEX0'],
    ['', ''],
  ])('writes and reads %j as %j (sections 4.3 and 4.4)', (text, encoded) => {
    expect(encodeBase45(utf8(text))).toBe(encoded);
    expect(decodeBase45(encoded)).toEqual(utf8(text));
  });

  it.each(['GGW', ':::', 'B', 'BB8B', 'bb8', 'AB_', 'BÄ8', ':5', '::', 'BB8 \n'])('refuses %j', (text) => {
    expect(() => decodeBase45(text)).toThrowError(expect.objectContaining({ code: 'base45-malformed' }));
  });

  it('has one text for every byte string and one byte string for every text it reads', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const text = encodeBase45(bytes);
        expect(text).toMatch(/^[0-9A-Z $%*+\-./:]*$/);
        expect(decodeBase45(text)).toEqual(bytes);
      }),
      { seed: 45 },
    );
    const char = fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:');
    fc.assert(
      fc.property(fc.string({ unit: char, maxLength: 12 }), (text) => {
        let bytes: Uint8Array;
        try {
          bytes = decodeBase45(text);
        } catch {
          return;
        }
        expect(encodeBase45(bytes)).toBe(text);
      }),
      { seed: 46 },
    );
  });
});
