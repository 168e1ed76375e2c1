import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSymbolonError } from './errors.ts';
import { parseStrictJson } from './strict-json.ts';

describe('REQ-DEC-014 a JSON text means the same to every reader', () => {
  it.each([
    '{"a":1,"a":2}',
    '{"a":{"b":1,"b":1}}',
    '[{"a":1, "a":1}]',
    '{"a":1,"\\u0061":2}',
    '{"__proto__":1}',
    '{"x":{"__proto__":{}}}',
    '{ "__proto__" : 1 }',
  ])('refuses %s', (text) => {
    expect(() => parseStrictJson(text)).toThrowError(
      expect.objectContaining({ code: 'json-duplicate-name' }),
    );
  });

  it.each([
    '{"a":[1,{"a":1}],"b":{"a":"{\\"a\\":1,\\"a\\":2}"}}',
    '{ "a" : ["a", "a"] }',
    '[]',
    '"a"',
    '{"b":1,"a":2}',
    '{"a":"__proto__"}',
    '{ "a" : "__proto__" }',
  ])('accepts %s', (text) => {
    expect(parseStrictJson(text)).toEqual(JSON.parse(text));
  });

  it('REQ-DEC-015 refuses nesting deeper than the bound, and accepts the bound itself', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(parseStrictJson(nested(16))).toBeDefined();
    expect(() => parseStrictJson(nested(17))).toThrowError(
      expect.objectContaining({ code: 'json-too-deep', bound: 16 }),
    );
  });

  it('REQ-DEC-013 does not quote what it refuses', () => {
    try {
      parseStrictJson('{"secret":"4711"');
      expect.unreachable();
    } catch (error) {
      expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('4711');
    }
  });

  it('tells a duplicate from what only looks like one, however the text is spaced', () => {
    fc.assert(
      fc.property(document, ({ text, hasDuplicate }) => {
        expect(refusal(text)).toBe(hasDuplicate ? 'json-duplicate-name' : undefined);
      }),
      { seed: 3, numRuns: 2000 },
    );
  });
});

function refusal(text: string): string | undefined {
  try {
    expect(parseStrictJson(text)).toEqual(JSON.parse(text));
    return undefined;
  } catch (error) {
    return isSymbolonError(error) ? error.code : String(error);
  }
}

interface Document {
  readonly text: string;
  readonly hasDuplicate: boolean;
}

/** Names and values that look like one another and like the text around them, and that may be escaped. */
const string = fc.constantFrom(
  '"a"',
  '"\\u0061"',
  '"b"',
  '":"',
  '" :"',
  '"\\":"',
  '"a\\":1,\\"a"',
  '"__proto"',
  '""',
);
const space = fc.constantFrom('', '', ' ', '\n\t', '\r ');

/** A document that knows whether it has a duplicate, as it was put together from its members. */
const { document } = fc.letrec<{ document: Document }>((tie) => ({
  document: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'document' },
    fc.oneof(string, fc.constant('1')).map((text) => ({ text, hasDuplicate: false })),
    fc
      .tuple(
        fc.array(fc.tuple(string, tie('document')), { maxLength: 4, depthIdentifier: 'document' }),
        space,
      )
      .map(([members, gap]) => ({
        text: `{${gap}${members.map(([name, { text }]) => `${name}${gap}:${gap}${text}`).join(`${gap},${gap}`)}${gap}}`,
        hasDuplicate:
          new Set(members.map(([name]) => JSON.parse(name))).size < members.length ||
          members.some(([, inner]) => inner.hasDuplicate),
      })),
    fc
      .tuple(fc.array(tie('document'), { maxLength: 3, depthIdentifier: 'document' }), space)
      .map(([items, gap]) => ({
        text: `[${gap}${items.map(({ text }) => text).join(`${gap},${gap}`)}${gap}]`,
        hasDuplicate: items.some((inner) => inner.hasDuplicate),
      })),
  ),
}));
