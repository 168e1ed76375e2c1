import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 as nodeUtf8 } from './bytes.node.ts';
import { fromHex, toHex, utf8 } from './bytes.ts';
import { canonicalJson } from './canonical-json.ts';

describe('REQ-DEC-016 canonical JSON has one form', () => {
  it('sorts names, escapes only quotes and backslashes, and has no white space', () => {
    const value = { b: [1, true, null], a: 'x"y\\z\n', 信: {} };
    expect(canonicalJson(value)).toBe('{"a":"x\\"y\\\\z\n","b":[1,true,null],"信":{}}');
    expect(canonicalJson({ b: 1, a: 2 })).toBe(canonicalJson({ a: 2, b: 1 }));
    expect(canonicalJson({ zero: -0 })).toBe('{"zero":0}');
  });

  it('sorts few names and many by code units', () => {
    const names = fc.uniqueArray(fc.string({ unit: 'grapheme', maxLength: 4 }), { maxLength: 80 });
    fc.assert(
      fc.property(names, (all) => {
        const text = canonicalJson(Object.fromEntries(all.map((name, i) => [name, i])));
        const sorted = all.toSorted((a, b) => (a < b ? -1 : 1));
        expect(text).toBe(
          `{${sorted.map((name) => `"${name.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}":${all.indexOf(name)}`)}}`,
        );
      }),
      { seed: 6 },
    );
  });

  it.each([1.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY])('refuses the number %d', (number) => {
    expect(() => canonicalJson([number])).toThrowError(
      expect.objectContaining({ code: 'json-not-canonical' }),
    );
  });
});

it('UTF-8 is one thing in Node and elsewhere', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(nodeUtf8(text)).toEqual(utf8(text));
    }),
    { seed: 10 },
  );
  expect(nodeUtf8('\ud800')).toEqual(utf8('\ud800'));
  // An array of its own kind, and not a Buffer, whose slice is no copy.
  const bytes = nodeUtf8('abc');
  bytes.slice()[0] = 0;
  expect([...bytes]).toEqual([97, 98, 99]);
});

describe('REQ-DEC-018 hexadecimal has one form', () => {
  it('comes back the same, and agrees with Node', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(toHex(bytes)).toBe(Buffer.from(bytes).toString('hex'));
        expect([...fromHex(toHex(bytes))]).toEqual([...bytes]);
      }),
      { seed: 3 },
    );
  });

  it.each(['a', 'AB', '0g', ' 00', '0x00'])('refuses %j', (text) => {
    expect(() => fromHex(text)).toThrowError(expect.objectContaining({ code: 'hex-malformed' }));
  });
});
