import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('the example of the README runs', () => {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const [, example] = /```js\n(.*?)```/s.exec(readFileSync(`${root}README.md`, 'utf8')) ?? [];
  const output = execFileSync(process.execPath, ['--input-type=module', '-'], {
    input: example ?? '',
    cwd: root,
    encoding: 'utf8',
  });
  expect(output).toBe('green true\n');
});
