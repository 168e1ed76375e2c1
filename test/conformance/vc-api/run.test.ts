import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readOptions, UsageError } from './options.ts';
import { configOf, isGood, KNOWN_DEFECTS, outcomeOf, SUITES } from './suites.ts';

const RUN = fileURLToPath(new URL('./run.ts', import.meta.url));

describe('the command', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'prints its address as one line, and stops at %s',
    async (signal) => {
      const child = spawn(process.execPath, [RUN, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
      const lines: string[] = [];
      const output = createInterface(child.stdout);
      const first = once(output, 'line');
      output.on('line', (line) => lines.push(line));
      await first;
      const exit = once(child, 'exit');
      child.kill(signal);
      expect(await exit).toEqual([0, null]);
      expect(lines).toEqual([expect.stringMatching(/^https:\/\/127\.0\.0\.1:\d+$/)]);
    },
  );

  it('tells how it is used', () => {
    const { status, stdout } = spawnSync(process.execPath, [RUN, '--help'], { encoding: 'utf8' });
    expect([status, stdout.split('\n', 1)[0]]).toEqual([0, 'Usage: npm run conformance:vc-api -- [options]']);
    expect(readOptions(['--port', '8443'])).toEqual({ port: 8443, help: false });
    expect(readOptions([]).port).toBe(0);
  });

  it.each([[['--port', '65536']], [['--port', '-1']], [['--port', 'x']], [['--colour']], [['8443']]])(
    'refuses %s',
    (args) => {
      expect(() => readOptions(args)).toThrow(UsageError);
    },
  );

  it('leaves with 64 for wrong usage', () => {
    const { status, stderr } = spawnSync(process.execPath, [RUN, '--port', 'x'], { encoding: 'utf8' });
    expect([status, stderr.split('\n', 1)[0]]).toEqual([64, '--port is a whole number from 0 to 65535.']);
  });
});

describe('the suites of W3C', () => {
  const [suite] = SUITES.filter(({ issuer }) => issuer === 'p256');
  if (suite === undefined) throw new TypeError('no suite for P-256');
  const report = (passes: number, titles: readonly string[]) =>
    JSON.stringify({
      stats: { passes, failures: titles.length, pending: 2 },
      failures: titles.map((fullTitle) => ({ fullTitle, err: { message: 'expected 200' } })),
    });

  it('are pointed at the issuer with their tag', () => {
    const module = { exports: {} as Record<string, unknown> };
    new Function('module', configOf(suite, 'https://127.0.0.1:1', 'did:key:z1'))(module);
    expect(module.exports['implementations']).toEqual([
      expect.objectContaining({
        issuers: [
          {
            id: 'did:key:z1',
            tags: ['ecdsa-rdfc-2019'],
            supports: { vc: ['1.1', '2.0'] },
            supportedEcdsaKeyTypes: ['P-256'],
            endpoint: 'https://127.0.0.1:1/issuers/p256/credentials/issue',
          },
        ],
        verifiers: [expect.objectContaining({ endpoint: 'https://127.0.0.1:1/credentials/verify' })],
        vpVerifiers: [expect.objectContaining({ endpoint: 'https://127.0.0.1:1/presentations/verify' })],
      }),
    ]);
  });

  it('are good when nothing fails but what is known to be their fault', () => {
    const [defect] = KNOWN_DEFECTS;
    const known = outcomeOf(suite, report(51, [`${defect?.title}, and so on`]));
    expect(known).toMatchObject({ passed: 51, failed: 1, pending: 2, failures: [{ known: defect?.reason }] });
    expect(isGood(known)).toBe(true);
    expect(isGood(outcomeOf(suite, report(52, [])))).toBe(true);
  });

  it('are not good when anything else fails, or nothing ran', () => {
    const [defect] = KNOWN_DEFECTS;
    expect(isGood(outcomeOf(suite, report(51, ['Another test'])))).toBe(false);
    expect(isGood(outcomeOf(suite, report(0, [])))).toBe(false);
    const [other] = SUITES.filter(({ name }) => name !== defect?.suite);
    if (other === undefined) throw new TypeError('no other suite');
    expect(isGood(outcomeOf(other, report(51, [defect?.title ?? ''])))).toBe(false);
    expect(() => outcomeOf(suite, '{}')).toThrow();
  });
});
