import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isCode, requirementOf } from '@symbolon/protocol/codes';
import { describe, expect, it } from 'vitest';
import { page, ROOT, rows } from './markdown.ts';

/** docs/spec/threats.md names attacks that are played, with the codes that their tests assert. */

const STORIES = readdirSync(join(ROOT, 'test/attack')).filter((file) => /^verifier.*\.test\.ts$/.test(file));
const words = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word);
const all = rows(page('docs/spec/threats.md'));
const stopped = all
  .filter((cells) => cells.length === 5 && cells[0] !== 'attack')
  .map(([attack = '', , codes, requirements, test]) => ({
    attack,
    codes: words(codes),
    requirements: words(requirements),
    test: words(test)[0] ?? '',
  }));
const open = all
  .filter((cells) => cells.length === 3 && cells[0] !== 'attack')
  .map(([attack = '', , test]) => ({ attack, test: words(test)[0] ?? '' }));

describe('docs/spec/threats.md', () => {
  it('has rows, and names every file of stories on the verifier', () => {
    expect(stopped.length).toBeGreaterThan(50);
    expect(open.length).toBeGreaterThan(5);
    expect([...new Set([...stopped, ...open].map(({ test }) => test))].toSorted()).toEqual(STORIES);
  });

  it.each(stopped)('$attack: $codes', ({ codes, requirements, test }) => {
    expect(codes.length).toBeGreaterThan(0);
    expect(requirements).toEqual([
      ...new Set(codes.map((code) => (isCode(code) ? requirementOf(code) : code))),
    ]);
    const story = page(`test/attack/${test}`);
    for (const code of codes) expect(story).toContain(`'${code}'`);
    // By its number in the name of a test; a group of numbers is written short.
    for (const requirement of requirements) expect(cited(story)).toContain(requirement);
  });

  it.each(open)('not stopped: $attack', ({ test }) => {
    expect(STORIES).toContain(test);
  });
});

/** `REQ-REG-014, 015, 016` are three. */
function cited(story: string): string[] {
  return [...story.matchAll(/(REQ-[A-Z]{3}-)(\d{3}(?:, \d{3})*)/g)].flatMap(([, group = '', numbers = '']) =>
    numbers.split(', ').map((number) => group + number),
  );
}
