import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort, runCli, temporaryFolder } from '../support/cli.ts';

let home: Awaited<ReturnType<typeof temporaryFolder>>;
let data: string;
let port: string;
const dev = (...args: string[]) => runCli(['dev', '--data', data, ...args], { home: home.path });

beforeAll(async () => {
  home = await temporaryFolder();
  data = join(home.path, 'federation');
  port = String(await freePort());
});
afterAll(() => home.remove());

describe('symbolon dev: a federation on one machine', () => {
  it('plays the whole story, and exits with 0 only when every step went as it must', async () => {
    const { code, stdout, stderr } = await dev('--once', '--port', port);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Everything went as it must.');
    expect(stdout).not.toContain('✗');
    for (const reason of [
      'replayed',
      'binding-stale',
      'signature-invalid',
      'binding-missing',
      'status-revoked',
      'status-suspended',
      'not-recognised',
    ]) {
      expect(stdout).toContain(`[${reason}]`);
    }
    const version = Number(/QR version (\d+) at error correction M/.exec(stdout)?.[1]);
    expect(version).toBeLessThanOrEqual(12);
  });

  it('goes on with its data after a restart: same root, same person, a higher registry', async () => {
    const root = await readFile(join(data, 'registry/metadata/1.root.json'), 'utf8');
    const versionOf = async () =>
      JSON.parse(await readFile(join(data, 'registry/metadata/timestamp.json'), 'utf8')).signed.version;
    const before = await versionOf();
    const { code, stdout } = await dev('--once');
    expect(code).toBe(0);
    expect(stdout).not.toContain('✗');
    expect(await readFile(join(data, 'registry/metadata/1.root.json'), 'utf8')).toBe(root);
    expect(await versionOf()).toBeGreaterThan(before);
  });

  it('says in one sentence that the port was made for another network', async () => {
    const { code, stdout, stderr } = await dev('--once', '--port', '1');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/was made for port \d+/);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('says in one sentence that the port is taken, and loses nothing', async () => {
    const server = createServer().listen(Number(port), '127.0.0.1');
    await once(server, 'listening');
    const marker = await readFile(join(data, 'symbolon-network.json'), 'utf8');
    const { code, stderr } = await dev('--once');
    server.close();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Port \d+ is taken by another program\..*\n$/);
    expect(await readFile(join(data, 'symbolon-network.json'), 'utf8')).toBe(marker);
  });

  it('leaves a damaged folder as it is and says what to do; --reset starts afresh', async () => {
    const marker = join(data, 'symbolon-network.json');
    const kept = await readFile(marker);
    await writeFile(marker, '{"symbolonData":');
    const refused = await dev('--once');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/is damaged.*--reset\.\n$/);
    expect(await readFile(marker, 'utf8')).toBe('{"symbolonData":');
    await writeFile(marker, kept);
    const root = await readFile(join(data, 'registry/metadata/1.root.json'), 'utf8');
    const afresh = await dev('--once', '--reset', '--port', port);
    expect(afresh.code).toBe(0);
    expect(await readFile(join(data, 'registry/metadata/1.root.json'), 'utf8')).not.toBe(root);
  });

  it.each([
    ['a registry file that is cut off', 'registry/metadata/timestamp.json', 'cut'],
    ['a key that is missing', 'keys/CN-BJ.admin-1.jwe', 'gone'],
    ['a database that is damaged', 'dynamodb/CURRENT', 'cut'],
    ['a database that is missing', 'dynamodb/CURRENT', 'gone'],
  ])('%s: one sentence, and nothing is changed or made anew', async (_, path, damage) => {
    const whole = await readFile(join(data, path));
    if (damage === 'gone') await rm(join(data, path));
    else await writeFile(join(data, path), whole.subarray(0, 5));
    const { code, stdout, stderr } = await dev('--once');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^The data folder .* is damaged \(.*\)\. Nothing was changed: .* --reset\.\n$/);
    await writeFile(join(data, path), whole, { mode: 0o600 });
    expect((await dev('--once')).code).toBe(0);
  });

  it('does not touch a folder that is not its own, not even with --reset', async () => {
    const foreign = join(home.path, 'documents');
    await mkdir(foreign);
    await writeFile(join(foreign, 'thesis.txt'), 'years of work');
    for (const args of [[], ['--reset']]) {
      const { code, stderr } = await runCli(['dev', '--once', '--data', foreign, ...args], {
        home: home.path,
      });
      expect(code).toBe(1);
      expect(stderr).toContain('not a Symbolon network');
    }
    expect(await readFile(join(foreign, 'thesis.txt'), 'utf8')).toBe('years of work');
  });

  it('an interrupt stops it cleanly, and the next start is not held up', async () => {
    const launcher = fileURLToPath(new URL('../../packages/cli/bin/symbolon.js', import.meta.url));
    const child = spawn(process.execPath, [launcher, 'dev', '--data', data], {
      env: { ...process.env, NO_COLOR: '1' },
    });
    let output = '';
    await new Promise<void>((resolve) => {
      child.stdout.on('data', (text) => {
        output += text;
        if (output.includes('holder show')) resolve();
      });
    });
    const second = await dev('--once');
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/^Another Symbolon network \(process \d+\) uses/);
    child.kill('SIGINT');
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
    expect((await dev('--once')).code).toBe(0);
    // It plays the story twice.
  });

  it('REQ-KEY-012 --speed shows a day of key rotation: next keys are published ahead, and every credential is accepted', async () => {
    const { code, stdout } = await runCli(['dev', '--speed', '1000000', '--days', '1'], { home: home.path });
    expect(code).toBe(0);
    const events = stdout.split('\n').filter((line) => / (credential|status) /.test(line));
    expect(events.filter((line) => line.endsWith('is published'))).toHaveLength(4 * 2 * 2);
    expect(events.filter((line) => line.endsWith('signs from now on'))).toHaveLength(4 * 2);
    expect(stdout).toMatch(/^ {2}[\w-]{11} {2}#{4}\n {2}[\w-]{11} {2}-{4}$/m);
    expect(stdout).toMatch(/^24 hours: 12 fresh credentials were shown at the gate, 12 were accepted\.$/m);
  });
});
