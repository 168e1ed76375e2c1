import { describe, expect, it } from 'vitest';
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
});
