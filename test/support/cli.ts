import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const LAUNCHER = fileURLToPath(new URL('../../packages/cli/bin/symbolon.js', import.meta.url));

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly input?: string | Uint8Array;
  /** A program and its arguments that runs the command: `unshare -rn`. */
  readonly under?: readonly string[];
  readonly home: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs `symbolon` as a user does: a process of its own, with its own home. */
export function runCli(
  args: readonly string[],
  { input, under = [], home, environment = {} }: CliOptions,
): Promise<CliResult> {
  const [program = process.execPath, ...rest] = [...under, process.execPath, LAUNCHER, ...args];
  return new Promise((resolve, reject) => {
    const child = spawn(program, rest, {
      env: { PATH: process.env['PATH'], HOME: home, NO_COLOR: '1', ...environment },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
    child.stdin.end(input);
  });
}

/** Below those that systems give to whoever asks for any, so that nobody is given this one before it is used. */
const PORTS = { from: 20_000, count: 12_000 };

/** A port that nobody listens on right now, to be listened on later. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = PORTS.from + randomInt(PORTS.count);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isFree) continue;
    await new Promise<void>((resolve) => server.close(() => resolve()));
    return port;
  }
}

export async function temporaryFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'symbolon-test-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
