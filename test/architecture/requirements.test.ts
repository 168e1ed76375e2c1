import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CODES, requirementOf } from '@symbolon/protocol/codes';
import { textOf } from '@symbolon/protocol/texts';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SPEC = readFileSync(new URL('../../docs/spec/requirements.md', import.meta.url), 'utf8');

interface Statement {
  readonly requirement: string;
  readonly code: string;
  readonly text: string;
}

/** A statement is a paragraph: **REQ-DEC-001** `input-unreadable`: words. */
const STATEMENTS: readonly Statement[] = SPEC.split('\n\n').flatMap((paragraph) => {
  const match = /^\*\*(REQ-[A-Z]{3}-\d{3})\*\* `([a-z0-9-]+)`: (.+)$/s.exec(paragraph.trim());
  const [, requirement, code, text] = match ?? [];
  return requirement === undefined || code === undefined || text === undefined
    ? []
    : [{ requirement, code, text }];
});

/** Words that stand for what nobody has written yet. */
const PLACEHOLDER = /\b(TODO|TBD|FIXME|XXX|lorem|placeholder)\b|\.\.\.|…|\{\w*\}|\$\{|%[sd]|<[a-z]+>/i;

describe('the requirements and the codes say the same', () => {
  it('every requirement of a code is stated once, under that code, and no other is', () => {
    const stated = STATEMENTS.map(({ requirement, code }) => `${requirement} ${code}`).toSorted();
    const enforced = CODES.map((code) => `${requirementOf(code)} ${code}`).toSorted();
    expect(stated).toEqual(enforced);
    expect(new Set(STATEMENTS.map(({ requirement }) => requirement)).size).toBe(STATEMENTS.length);
  });

  it('every mention of a requirement in the text is such a statement', () => {
    const mentioned = SPEC.match(/REQ-[A-Z]{3}-\d{3}/g) ?? [];
    expect(mentioned).toEqual(STATEMENTS.map(({ requirement }) => requirement));
  });

  it('a group is in the order of its numbers', () => {
    const groups = Map.groupBy(STATEMENTS, ({ requirement }) => requirement.slice(0, 7));
    for (const statements of groups.values()) {
      const numbers = statements.map(({ requirement }) => requirement);
      expect(numbers).toEqual(numbers.toSorted());
    }
  });

  it.each(STATEMENTS)('$requirement is normative, short and finished', ({ text }) => {
    expect(text).toMatch(/\bMUST\b/);
    expect(text.match(/[.:](\s|$)/g)?.length ?? 0).toBeLessThanOrEqual(4);
    expect(text.replaceAll('<id>', 'id')).not.toMatch(PLACEHOLDER);
  });

  it.each(CODES)('the text of %s is a finished sentence', (code) => {
    expect(textOf(code)).toMatch(/^[A-Z].*\w[")]?\.$/);
    expect(textOf(code)).not.toMatch(PLACEHOLDER);
  });

  it('every requirement is cited by a test', () => {
    const tests = ['packages', 'functions', 'test']
      .flatMap((folder) =>
        readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
          join(folder, file),
        ),
      )
      .filter((file) => file.endsWith('.test.ts') && !/(^|\/)(node_modules|dist)\//.test(file));
    const cited = new Set(
      tests.flatMap((file) => readFileSync(join(ROOT, file), 'utf8').match(/REQ-[A-Z]{3}-\d{3}/g) ?? []),
    );
    expect(
      STATEMENTS.map(({ requirement }) => requirement).filter((requirement) => !cited.has(requirement)),
    ).toEqual([]);
  });
});
