import { fileURLToPath } from 'node:url';
import { isCode } from '@symbolon/protocol/codes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { STEPS } from '@symbolon/protocol/schemas/verdict';
import { textOf } from '@symbolon/protocol/texts';
import { LANGUAGES, textOf as textAt, VERDICT_CODES } from '@symbolon/verifier/texts';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { page, rows } from './markdown.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

it('there are texts of every code that a verdict can carry, and of no other', () => {
  // docs.test.ts holds this table to what the verifier says.
  const told = rows(page('docs/spec/verdict.md')).flatMap(([step = '', cell = '']) =>
    STEPS.some((each) => each === step) && /^`[a-z0-9-]+`$/.test(cell) ? [cell.slice(1, -1)] : [],
  );
  expect(told.length).toBeGreaterThan(80);
  expect(VERDICT_CODES.toSorted()).toEqual([...new Set(told)].toSorted());
});

it('what the step status says of a list is told of the list, and of no other code', () => {
  const atStatus = rows(page('docs/spec/verdict.md')).flatMap(([step = '', cell = '']) =>
    step === 'status' && /^`[a-z0-9-]+`$/.test(cell) ? [cell.slice(1, -1)] : [],
  );
  const others = atStatus.filter((code) => !code.startsWith('status-'));
  expect(others.length).toBeGreaterThan(10);
  for (const language of LANGUAGES) {
    const differing = VERDICT_CODES.filter(
      (code) => textAt(code, language, 'status') !== textAt(code, language),
    );
    expect(differing.toSorted()).toEqual(others.filter(isCode).toSorted());
  }
});

async function modulesOf(contents: string, platform: 'browser' | 'node'): Promise<readonly string[]> {
  const { metafile } = await build({
    stdin: { contents, resolveDir: ROOT, loader: 'ts' },
    bundle: true,
    write: false,
    metafile: true,
    splitting: true,
    outdir: 'out',
    format: 'esm',
    platform,
    external: ['base64url-universal'],
  });
  return Object.keys(metafile.inputs).filter((path) => path.includes('/texts/'));
}

it('a page that shows codes only does not carry the sentences', async () => {
  const verifier = "export { verify } from '@symbolon/verifier/verify';";
  expect(await modulesOf(verifier, 'browser')).toEqual([]);
  expect(
    (await modulesOf("export { textOf } from '@symbolon/verifier/texts';", 'browser')).length,
  ).toBeGreaterThan(5);
});

it('on a server an error is a sentence', () => {
  const { message } = new SymbolonError('policy-malformed', { path: 'accept' });
  expect(message).toBe(`${textOf('policy-malformed')} (at accept)`);
});
