import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPathPattern, isPlainPath, isTargetPath, matchesPattern } from './paths.ts';

describe('patterns of delegations', () => {
  it.each([
    ['regions/CN-HA/keys.json', 'regions/CN-HA/keys.json', true],
    ['regions/CN-HA/region.json', 'regions/CN-HA/*', true],
    ['regions/CN-HA.zhengzhou/region.json', 'regions/CN-HA/*', false],
    ['regions/CN-HA.zhengzhou/region.json', 'regions/CN-HA.*/*', true],
    ['regions/CN-HAX/region.json', 'regions/CN-HA.*/*', false],
    ['regions/CN-HA/deep/region.json', 'regions/CN-HA/*', false],
    ['targets/foo.tgz', '*.tgz', false],
    ['foo-version-a.tgz', 'foo-version-?.tgz', true],
    ['foo-version-alpha.tgz', 'foo-version-?.tgz', false],
    ['a', 'a/*', false],
    ['a/', 'a/*', true],
  ])('%s under %s: %s', (path, pattern, expected) => {
    expect(matchesPattern(path, pattern)).toBe(expected);
  });

  it('agree with a regular expression made from the pattern', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.'), maxLength: 12 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*', '?', '.'), maxLength: 8 });
    fc.assert(
      fc.property(letters, pattern, (path, text) => {
        const source = text.replaceAll('.', '\\.').replaceAll('?', '[^/]').replaceAll('*', '[^/]*');
        expect(matchesPattern(path, text)).toBe(new RegExp(`^${source}$`).test(path));
      }),
      { seed: 7, numRuns: 5000 },
    );
  });

  it('end on a pattern made to be slow', () => {
    expect(matchesPattern('a'.repeat(250), `${'a*'.repeat(60)}b`)).toBe(false);
  });
});

describe('paths that mean one thing to everyone', () => {
  it.each([
    '',
    '/a',
    'a//b',
    'a/',
    'a/../b',
    './a',
    '.hidden',
    'a/.hidden',
    'a\\b',
    'a b',
    'a%2fb',
    'ä',
    '__proto__',
    'a\n',
  ])('refuse %j', (text) => {
    expect(isPlainPath(text)).toBe(false);
    expect(isTargetPath(text)).toBe(false);
  });

  it('leave room for the hash in the name of a target', () => {
    const longest = 'a'.repeat(256 - 'targets/'.length - 65);
    expect(isTargetPath(longest)).toBe(true);
    expect(isTargetPath(`${longest}a`)).toBe(false);
    expect(isPlainPath(`${longest}a`)).toBe(true);
  });

  it.each(['a[bc]', '{a,b}', '!a', 'a\\*', '/a'])(
    'refuse the pattern %s, which others read differently',
    (text) => {
      expect(isPathPattern(text)).toBe(false);
    },
  );
});
