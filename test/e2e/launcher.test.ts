import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/cli.ts';

/** The launcher under a Node that is too old: it starts the one that npm installed, and is to be noticed by nobody. */

const OLD_NODE =
  "data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.1.0'}})";
const ON_NODE_24 = fileURLToPath(new URL('../../packages/cli/bin/on-node-24.js', import.meta.url));

let home: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  home = await temporaryFolder();
  await writeFile(
    join(home.path, 'launch.mjs'),
    `import { runOnNode24 } from ${JSON.stringify(ON_NODE_24)};
await runOnNode24(import.meta.url, () => import('./main.ts'));`,
  );
  await writeFile(
    join(home.path, 'main.ts'),
    `export async function main(argv: readonly string[]): Promise<number> {
  const [what] = argv;
  if (what === 'end') return 65;
  const stopped = new Promise<string>((resolve) => {
    if (what === 'clean-up') for (const each of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(each, () => resolve(each));
  });
  const busy = setInterval(() => undefined, 1000);
  process.stdout.write('up ' + process.pid + '\\n');
  const signal = await stopped;
  await new Promise((resolve) => setImmediate(resolve));
  process.stdout.write('cleaned up after ' + signal + '\\n');
  clearInterval(busy);
  return 7;
}`,
  );
});
afterAll(() => home.remove());

async function launch(what: string, signal?: NodeJS.Signals) {
  const child = spawn(process.execPath, ['--import', OLD_NODE, join(home.path, 'launch.mjs'), what]);
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const isUp = stdout.includes('up');
    stdout += text;
    if (signal !== undefined && !isUp) child.kill(signal);
  });
  const [code] = await once(child, 'close');
  const [, pid] = /^up (\d+)/.exec(stdout) ?? [];
  return { code, stdout, inner: Number(pid), outer: child.pid };
}

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe.runIf(process.platform !== 'win32')('on a Node that is too old', () => {
  it('answers with the exit code of the program', async () => {
    expect((await launch('end')).code).toBe(65);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('passes %s on, and waits', async (signal) => {
    const { code, stdout, inner, outer } = await launch('clean-up', signal);
    expect([code, stdout]).toEqual([7, `up ${inner}\ncleaned up after ${signal}\n`]);
    expect(inner).not.toBe(outer);
    expect(isAlive(inner)).toBe(false);
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('a program that %s ends: exit %i, and nothing is left running', async (signal, exitCode) => {
    const { code, inner } = await launch('do-not-clean-up', signal);
    expect(code).toBe(exitCode);
    expect(isAlive(inner)).toBe(false);
  });
});
