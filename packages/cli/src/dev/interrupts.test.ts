import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';

/** A command that is stuck: it tells what it notices, and ends by nothing else. Its clock moves when it says so. */
const STUCK = `
  const { watchInterrupts } = await import(process.argv[1]);
  let now = 0;
  performance.now = () => now;
  const keepAlive = setInterval(() => {}, 1 << 30);
  const { interrupted } = watchInterrupts({ secondEnds: process.argv[2] === 'ends' });
  process.on('SIGINT', () => { now += 200; console.log('noticed'); });
  process.on('SIGUSR2', () => { clearInterval(keepAlive); process.exit(7); });
  interrupted.then(() => console.log('interrupted'));
  console.log('ready');
`;
const MODULE = new URL('./interrupts.ts', import.meta.url).href;
const { npm_lifecycle_event: _, ...ENVIRONMENT } = process.env;

function start(command: string, args: readonly string[], env: NodeJS.ProcessEnv = ENVIRONMENT) {
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => (await lines.next()).value;
  return { child, next, ended: once(child, 'exit') };
}
const script = (mode: string) => ['--input-type=module', '-e', STUCK, MODULE, mode];

describe('a signal', () => {
  it('ends nothing by itself; the next one ends the process at once, unless it is the same one passed on', async () => {
    const { child, next, ended } = start(process.execPath, script('ends'));
    expect(await next()).toBe('ready');
    child.kill('SIGINT');
    expect([await next(), await next()]).toEqual(['noticed', 'interrupted']);
    child.kill('SIGINT');
    expect(await next()).toBe('noticed');
    child.kill('SIGINT');
    expect(await ended).toEqual([130, null]);
  });

  it('ends nothing, however often it comes, where something is cleaned up', async () => {
    const { child, next, ended } = start(process.execPath, script('cleans'));
    expect(await next()).toBe('ready');
    child.kill('SIGINT');
    expect([await next(), await next()]).toEqual(['noticed', 'interrupted']);
    for (const _again of [1, 2, 3]) {
      child.kill('SIGINT');
      expect(await next()).toBe('noticed');
    }
    child.kill('SIGUSR2');
    expect(await ended).toEqual([7, null]);
  });
});

it('the end of the shell that npm started it in is one', async () => {
  const run = ['-c', '"$@" & echo $!; wait', 'sh', process.execPath, ...script('cleans')];
  const { child, next } = start('/bin/sh', run, { ...ENVIRONMENT, npm_lifecycle_event: 'start' });
  const pid = Number(await next());
  try {
    expect(await next()).toBe('ready');
    child.kill('SIGKILL');
    expect(await next()).toBe('interrupted');
  } finally {
    process.kill(pid, 'SIGUSR2');
  }
});
