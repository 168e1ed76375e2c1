import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const PACKAGES = fileURLToPath(new URL('../../packages', import.meta.url));
const names = readdirSync(PACKAGES);

describe('every package says in its first lines how it is used', () => {
  it.each(names)('%s has a README that starts with a short example', (name) => {
    const text = readFileSync(join(PACKAGES, name, 'README.md'), 'utf8');
    const [, example = ''] = /^# @symbolon\/[a-z]+\n\n```(?:js|ts|sh)\n([\s\S]*?)```/.exec(text) ?? [];
    const lines = example.split('\n').filter((line) => line.trim() !== '');
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.length).toBeLessThan(32);
  });

  it.each(names)('%s: what its README imports is there to import', (name) => {
    const text = readFileSync(join(PACKAGES, name, 'README.md'), 'utf8');
    const imports = [...text.matchAll(/from '(@symbolon\/[^']+)'/g)].map(([, path]) => path ?? '');
    const resolved = imports.map((path) => fileURLToPath(import.meta.resolve(path)));
    expect(resolved.filter((path) => !path.endsWith('.ts'))).toEqual([]);
  });

  it.each([
    ['protocol', 'CN-HB.wuhan 2026-09-07T08:00:00Z\njson-duplicate-name\n'],
    ['keys', 'true true\n'],
  ])('the example of %s runs', (name, output) => {
    const text = readFileSync(join(PACKAGES, name, 'README.md'), 'utf8');
    const [, example = ''] = /```js\n([\s\S]*?)```/.exec(text) ?? [];
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-'], {
      input: example,
      cwd: join(PACKAGES, name),
      encoding: 'utf8',
    });
    expect([stdout, stderr]).toEqual([output, '']);
  });
});
