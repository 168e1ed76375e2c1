import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeInJson } from './json-place.ts';

/** What stands at a place. */
function at(text: string, { line, column }: { line: number; column: number }): string {
  return (text.split('\n')[line - 1] ?? '').slice(column - 1);
}

describe('a place in a JSON text', () => {
  it('of a member that is missing is the object that lacks it; of the whole, its beginning', () => {
    const text = '\n {"a": [1, {"b": 2}]}';
    expect(placeInJson(text, ['a', 1, 'c'])).toEqual({ line: 2, column: 12 });
    expect(placeInJson(text, ['a', 7])).toEqual({ line: 2, column: 8 });
    expect(placeInJson(text, [])).toEqual({ line: 2, column: 2 });
  });

  it('within a string counts characters, whatever they are written as', () => {
    const text = '{"when": "a\\u0062\\n\\"x"}';
    expect([0, 1, 2, 3, 4, 5].map((offset) => at(text, placeInJson(text, ['when'], offset)))).toEqual([
      'a\\u0062\\n\\"x"}',
      '\\u0062\\n\\"x"}',
      '\\n\\"x"}',
      '\\"x"}',
      'x"}',
      '"}',
    ]);
    expect(at(text, placeInJson(text, ['when'], 99))).toBe('"}');
  });

  it('property: every value of a document is found, however it is spaced', () => {
    const json = fc.jsonValue({ maxDepth: 4 }).filter((value) => JSON.stringify(value) !== undefined);
    fc.assert(
      fc.property(json, fc.constantFrom(undefined, 2, '\t'), (value, space) => {
        const text = JSON.stringify(value, null, space);
        for (const { path, inner } of valuesOf(JSON.parse(text))) {
          const place = placeInJson(text, path);
          const lines = text.split('\n');
          const rest = [at(text, place), ...lines.slice(place.line)].join('\n');
          const whole = JSON.stringify(inner, null, space).split('\n')[0] ?? '';
          expect(rest.startsWith(whole)).toBe(true);
        }
      }),
      { numRuns: 300, seed: 4 },
    );
  });
});

function valuesOf(value: unknown): { path: (string | number)[]; inner: unknown }[] {
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? [...value.entries()]
    : typeof value === 'object' && value !== null
      ? Object.entries(value)
      : [];
  const below = entries.flatMap(([name, inner]) =>
    valuesOf(inner).map((each) => ({ ...each, path: [name, ...each.path] })),
  );
  return [{ path: [], inner: value }, ...below];
}
