import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as onNode from './bytes.node.ts';
import * as portable from './bytes.ts';

describe.each([
  ['loops', portable],
  ['Node', onNode],
])('bytes by %s', (_, { equalBytes, fromHex, toHex, utf8 }) => {
  it('hex is written in lower case, and read as it is written', () => {
    expect(toHex(Uint8Array.of(0, 9, 0xab, 0xff))).toBe('0009abff');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const text = toHex(new Uint8Array([1, ...bytes]).subarray(1));
        expect(text).toBe(Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(''));
        expect([...fromHex(text)]).toEqual([...bytes]);
      }),
      { seed: 9 },
    );
  });

  it.each(['a', 'AB', 'ag', '0x', 'ab ', ' ab', 'ab\n', 'abc', '00é0', '信信'])('reads no %j', (text) => {
    expect(() => fromHex(text)).toThrowError(expect.objectContaining({ code: 'hex-malformed' }));
  });

  it('bytes are equal when all of them are', () => {
    expect(equalBytes(utf8('abc'), utf8('abc'))).toBe(true);
    expect(equalBytes(utf8('abc'), utf8('abd'))).toBe(false);
    expect(equalBytes(utf8('abc'), utf8('ab'))).toBe(false);
    expect(equalBytes(utf8('ab'), utf8('abc'))).toBe(false);
    expect(equalBytes(utf8(''), utf8(''))).toBe(true);
    expect(equalBytes(utf8('xab').subarray(1), utf8('ab'))).toBe(true);
  });
});
