import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as onNode from './base64url.node.ts';
import * as portable from './base64url.ts';
import { isSymbolonError } from './errors.ts';

const malformed = expect.objectContaining({ code: 'base64url-malformed' });
/** Beyond the length up to which both roads are one. */
const LONG = 'A'.repeat(120);

describe.each([
  ['portable', portable],
  ['on Node', onNode],
])('REQ-DEC-017 one byte string has one text: %s', (_, { decodeBase64url, encodeBase64url, ...standard }) => {
  const { decodeBase64, encodeBase64 } = standard;

  it('agrees with Node on every byte string', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64url');
        expect(encodeBase64url(bytes)).toBe(text);
        expect([...decodeBase64url(text)]).toEqual([...bytes]);
        expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
        expect([...decodeBase64(Buffer.from(bytes).toString('base64'))]).toEqual([...bytes]);
      }),
      { seed: 1 },
    );
  });

  it.each(['A', 'AB', 'AAB', 'AA==', 'AA A', ' AA', 'A+A/', 'AA\n', 'ÄAAA', 'AAAAA', 'ŁAAA', '\u{1f600}AA'])(
    'refuses %j',
    (text) => {
      for (const each of [text, LONG + text]) expect(() => decodeBase64url(each)).toThrowError(malformed);
    },
  );

  it.each(['AA', 'AA=', 'AB==', 'AAB=', 'A===', '====', 'AA==AAAA', 'A-A_', 'AAA', 'AA A', 'AAAA='])(
    'refuses %j as base64 with padding',
    (text) => {
      expect(() => decodeBase64(text)).toThrowError(malformed);
    },
  );

  it('a part of a larger block of bytes is encoded by itself', () => {
    const block = Uint8Array.from({ length: 400 }, (_, i) => i % 256);
    expect(encodeBase64url(block.subarray(7, 207))).toBe(
      Buffer.from(block).subarray(7, 207).toString('base64url'),
    );
  });
});

describe('REQ-DEC-017 Node’s road is the portable one', () => {
  const outcome = (decode: (text: string) => Uint8Array, text: string) => {
    try {
      return [...decode(text)];
    } catch (error) {
      return isSymbolonError(error) ? error.code : error;
    }
  };

  it('property: the same bytes or the same refusal, of texts with one place changed', () => {
    const places = fc.constantFrom(
      '',
      '=',
      '==',
      '+',
      '/',
      '-',
      '_',
      ' ',
      '\n',
      '.',
      '~',
      '\0',
      'é',
      'Ł',
      'A',
      'B',
      '9',
    );
    let refused = 0;
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(), places, fc.nat(2), (bytes, at, place, cut) => {
        const text = Buffer.from(bytes).toString('base64url');
        const start = at % (text.length + 1);
        const changed = text.slice(0, start) + place + text.slice(start + cut);
        const expected = outcome(portable.decodeBase64url, changed);
        if (expected === 'base64url-malformed') refused++;
        expect(outcome(onNode.decodeBase64url, changed)).toEqual(expected);
      }),
      { seed: 2, numRuns: 3000 },
    );
    expect(refused).toBeGreaterThan(500);
    expect(refused).toBeLessThan(2900);
  });
});
