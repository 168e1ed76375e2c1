import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CODES, isCode } from '@symbolon/protocol/codes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { STEPS } from '@symbolon/protocol/schemas/verdict';
import { describe, expect, it } from 'vitest';
import { problemOf } from '../../functions/runtime/problem.ts';
import { EXIT } from '../../packages/cli/src/exit-code.ts';
import { anchors, links, page, pages, rows } from './markdown.ts';

const code = (cell = '') => /^`([a-z0-9-]+)`$/.exec(cell)?.[1] ?? '';

describe('links', () => {
  const relative = pages().flatMap((path) =>
    links(page(path))
      .filter((target) => !/^[a-z]+:/.test(target))
      .map((target) => ({ path, target })),
  );

  it('there are pages and links', () => {
    expect(pages().length).toBeGreaterThan(20);
    expect(relative.length).toBeGreaterThan(60);
  });

  it.each(relative)('$path leads to $target', ({ path, target }) => {
    const [file = '', anchor] = target.split('#');
    const found = file === '' ? path : join(dirname(path), decodeURIComponent(file));
    expect(existsSync(join(import.meta.dirname, '../..', found))).toBe(true);
    if (anchor !== undefined) expect(anchors(page(found))).toContain(anchor);
  });
});

describe('docs/spec/verdict.md', () => {
  const table = rows(page('docs/spec/verdict.md'))
    .filter(([step]) => STEPS.some((each) => each === step))
    .map(([step = '', cell, words = '']) => ({ step, code: code(cell), words }));

  it('has every code that a verdict can carry, by its step, and no other', () => {
    expect(table.map((row) => `${row.step} ${row.code}`).toSorted()).toEqual(emitted().toSorted());
    expect(table.filter((row) => !isCode(row.code))).toEqual([]);
  });

  const added = verifierSources().flatMap((source) =>
    [
      ...source.matchAll(/findings\.add(?:Once)?\(\s*'([a-z]+)',\s*'([a-z0-9-]+)',\s*'([a-z-]+)'\s*,?\s*\)/g),
    ].map(([, step = '', name = '', severity = '']) => ({ step, name, severity })),
  );

  it.each(added)('says that $name in $step is $severity', ({ step, name, severity }) => {
    const row = table.find((each) => each.step === step && each.code === name);
    expect(row?.words).toMatch(new RegExp(`\\b${severity}\\b`));
  });

  it('those are most of the codes after decoding', () => expect(added.length).toBeGreaterThan(25));

  it('has every exit code', () => {
    const told = rows(page('docs/spec/verdict.md')).flatMap(([first = '']) =>
      /^\d+$/.test(first) ? [Number(first)] : [],
    );
    expect(told).toEqual(Object.values(EXIT));
  });
});

describe('docs/spec/issuer-api.md', () => {
  const table = rows(page('docs/spec/issuer-api.md')).flatMap(([status = '', cell]) =>
    /^\d{3}$/.test(status) ? [{ status: Number(status), code: code(cell) }] : [],
  );

  it.each(table)('answers $code with $status', ({ status, code: name }) => {
    expect(isCode(name) && problemOf(new SymbolonError(name)).status).toBe(status);
  });

  it('has every code that is answered with anything but 400', () => {
    const special = CODES.filter((name) => problemOf(new SymbolonError(name)).status !== 400);
    expect(table.map((row) => row.code)).toEqual(expect.arrayContaining(special));
  });
});

/** `step code`, from the verifier's own list, which a test there holds to be whole. */
function emitted(): string[] {
  const source = page('packages/verifier/src/emitted-codes.test.ts');
  const byStep = [...source.matchAll(/^const (\w+): Cases = \{\n([\s\S]*?)^\};$/gm)].flatMap(
    ([, name = '', body = '']) => {
      const step = name.replace(/Step$/, '');
      return [...body.matchAll(/^ {2}'?([a-z0-9-]+)'?:/gm)].map(([, each = '']) => `${step} ${each}`);
    },
  );
  expect(byStep.length).toBeGreaterThan(70);
  return [...byStep, 'binding replayed', 'binding replay-unknown'];
}

function verifierSources(): string[] {
  const steps = [...STEPS.map((step) => `steps/${step}.ts`), 'steps/scheme.ts'];
  return steps.map((path) => page(`packages/verifier/src/${path}`));
}
