import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { shellWord } from './shell-word.ts';

describe('a path in a command to copy', () => {
  it.each(['henan', '../events/henan-2', 'D:/henan'])('stays as it is: %s', (path) =>
    expect(shellWord(path)).toBe(path),
  );

  it.each(['new rules', "Li's event", '河南', '$(reboot)', '~/x', ''])(
    'is one word to a shell: %s',
    (path) => {
      const { stdout } = spawnSync('sh', ['-c', `printf '%s|' ${shellWord(path)}`]);
      expect(String(stdout)).toBe(`${path}|`);
    },
  );

  it('is no option', () => expect(shellWord('-henan')).toBe('./-henan'));
});
