import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatInstant, instant } from '@symbolon/protocol/instant';
import { encode as encodePng } from 'fast-png';
import { Updater } from 'tuf-js';
import { encode as encodeQr } from 'uqr';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { slowImage } from '../../packages/cli/src/testing/slow-image.ts';
import { type CliOptions, freePort, runCli, temporaryFolder } from '../support/cli.ts';

const LAUNCHER = fileURLToPath(new URL('../../packages/cli/bin/symbolon.js', import.meta.url));
const SCHEMES = ['health', 'test', 'vaccination', 'travel', 'community-pass', 'road-condition'];
let home: Awaited<ReturnType<typeof temporaryFolder>>;
let network: ReturnType<typeof spawn>;
let registry: string;
let rootHash: string;
let enrolmentCode: string;
const file = (name: string) => join(home.path, name);
const run = (args: readonly string[], options: Omit<CliOptions, 'home'> = {}) =>
  runCli(args, { home: home.path, ...options });
const errorLine = (text: string) => text.trim().split('\n').at(-1) ?? '';

beforeAll(async () => {
  home = await temporaryFolder();
  const port = String(await freePort());
  const args = [LAUNCHER, 'dev', '--data', file('federation'), '--port', port, '--publish-every', '2'];
  network = spawn(process.execPath, args, { env: { ...process.env, NO_COLOR: '1' } });
  let output = '';
  let errors = '';
  await new Promise<void>((resolve, reject) => {
    network.once('exit', () => reject(new Error(output + errors)));
    network.stderr?.on('data', (text) => {
      errors += text;
    });
    network.stdout?.on('data', (text) => {
      output += text;
      if (output.includes('holder show')) resolve();
    });
  });
  registry = `http://127.0.0.1:${port}/registry`;
  rootHash = /--sha256 ([0-9a-f]{64})/.exec(output)?.[1] ?? '';
  enrolmentCode = /--code (\S+)/.exec(output)?.[1] ?? '';
});

afterAll(async () => {
  network.removeAllListeners('exit');
  if (network.exitCode === null) {
    network.kill('SIGINT');
    await once(network, 'exit');
  }
  await home.remove();
});

describe('a verifier, from nothing to an offline verdict', () => {
  it('REQ-REG-001 verifies nothing without a pinned root', async () => {
    const { code, stderr } = await run(['verify', '-'], { input: 'SYM1:ABC' });
    expect(code).toBe(65);
    expect(errorLine(stderr)).toMatch(/\[no-trust-anchor\]$/);
  });

  it('REQ-REG-013 pins a root by its hash, and no other root', async () => {
    const wrong = await run(['trust', 'init', registry, '--sha256', '0'.repeat(64)]);
    expect([wrong.code, errorLine(wrong.stderr)]).toEqual([65, expect.stringMatching(/\[root-mismatch\]$/)]);
    const right = await run(['trust', 'init', registry, '--sha256', rootHash, '--json']);
    expect(right.code).toBe(0);
    expect(JSON.parse(right.stdout)).toMatchObject({
      changed: true,
      pinned: rootHash,
      regions: ['CN-BJ', 'CN-GD', 'CN-HA', 'CN-BJ.haidian'],
    });
  });

  it('an independent TUF client, given the first root only, reads the running registry', async () => {
    const folders = Object.fromEntries(['metadata', 'targets'].map((name) => [name, file(`tuf-js-${name}`)]));
    const { metadata = '', targets = '' } = folders;
    await Promise.all([mkdir(metadata), mkdir(targets)]);
    await copyFile(file('federation/registry/metadata/1.root.json'), join(metadata, 'root.json'));
    const updater = new Updater({
      metadataDir: metadata,
      metadataBaseUrl: `${registry}/metadata`,
      targetDir: targets,
      targetBaseUrl: `${registry}/targets`,
    });
    await updater.refresh();
    for (const path of ['federation.json', 'regions/CN-GD/region.json', 'regions/CN-GD/keys.json']) {
      const target = await updater.getTargetInfo(path);
      const saved = await updater.downloadTarget(target ?? expect.unreachable());
      expect(JSON.parse(await readFile(saved, 'utf8'))).toMatchObject(
        path === 'federation.json' ? { groups: {} } : { region: 'CN-GD' },
      );
    }
  });

  it('pulls again with one conditional request, and shows the registry', async () => {
    const pulled = await run(['trust', 'pull', '--json']);
    expect(pulled.code).toBe(0);
    const { code, stdout } = await run(['registry', 'status', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ schemes: SCHEMES, unusable: {} });
  });

  it('a wallet gets a batch and shows a QR image, which verifies with no network at all', async () => {
    const requested = await run(['holder', 'request', 'CN-BJ', '--code', enrolmentCode, '--count', '6']);
    expect([requested.code, requested.stderr]).toEqual([0, '']);
    expect((await run(['trust', 'pull'])).code).toBe(0);
    const shown = await run(['holder', 'show', '--png', file('shown.png'), '--disclose', 'reason']);
    expect([shown.code, shown.stderr]).toEqual([0, expect.stringMatching(/^QR version \d+/)]);
    const isolated = spawnSync('unshare', ['-rn', 'true']).status === 0;
    if (process.platform === 'linux') expect(isolated).toBe(true);
    const under = isolated ? ['unshare', '-rn'] : [];
    const verified = await run(['verify', file('shown.png'), '--region', 'CN-GD', '--json'], { under });
    expect([verified.code, verified.stderr]).toEqual([0, '']);
    expect(JSON.parse(verified.stdout)).toMatchObject({
      outcome: 'accepted',
      statuses: [
        { region: 'CN-BJ', scheme: 'health', level: 'green', details: { reason: expect.any(String) } },
      ],
    });
  });

  it('the same image later is refused: exit 1, and --at says as of when', async () => {
    const at = formatInstant(instant(Math.floor(Date.now() / 1000) + 600));
    const { code, stdout } = await run(['verify', file('shown.png'), '--at', at]);
    expect([code, stdout]).toEqual([1, expect.stringContaining('[binding-stale, binding, REQ-BND-005]')]);
  });

  it('a person decides when the bundle is too old: exit 2', async () => {
    const shown = await run(['holder', 'show', '--as', 'qr-text']);
    const later = formatInstant(instant(Math.floor(Date.now() / 1000) + 97 * 3600));
    const stale = await run(['verify', '-', '--at', later, '--json'], { input: shown.stdout });
    // Four days later the presentation is stale as well: what decides is the stronger reason.
    expect(stale.code).toBe(1);
    const bundle = file('federation/registry/trust.bundle');
    const root = file('federation/registry/metadata/1.root.json');
    const policy = { ...POLICY, accept: 'health.level == "green"', schemes: ['health'] };
    await writeFile(file('policy.json'), JSON.stringify(policy));
    const fresh = await run(
      ['verify', '-', '--trust', bundle, '--root', root, '--policy', file('policy.json')],
      { input: shown.stdout },
    );
    expect([fresh.code, fresh.stdout]).toEqual([0, expect.stringContaining('ACCEPTED')]);
  });

  it('a JSON-LD credential verifies as text; without its presentation it does not', async () => {
    const ask = ['holder', 'request', 'CN-BJ', '--scheme', 'test', '--format', 'ldp_vc', '--count', '1'];
    expect((await run([...ask, '--code', enrolmentCode])).code).toBe(0);
    const shown = await run(['holder', 'show', '--scheme', 'test', '--format', 'ldp_vc', '--as', 'text']);
    expect((await run(['verify', '-', '--region', 'CN-GD'], { input: shown.stdout })).code).toBe(0);
    const [bare] = JSON.parse(shown.stdout).verifiableCredential;
    const refused = await run(['verify', '-', '--json'], { input: JSON.stringify(bare) });
    expect([refused.code, JSON.parse(refused.stdout).findings[0].code]).toEqual([1, 'binding-missing']);
  });

  it('REQ-BUN-003 a bundle older than one seen before is refused', async () => {
    const bundle = file('federation/registry/trust.bundle');
    const root = file('federation/registry/metadata/1.root.json');
    await copyFile(bundle, file('older.bundle'));
    const version = async () =>
      JSON.parse(await readFile(file('federation/registry/metadata/timestamp.json'), 'utf8')).signed.version;
    const before = await version();
    await expect.poll(version, { interval: 100 }).toBeGreaterThan(before);
    const status = (path: string) => run(['registry', 'status', '--trust', path, '--root', root]);
    expect((await status(bundle)).code).toBe(0);
    const refused = await status(file('older.bundle'));
    expect([refused.code, errorLine(refused.stderr)]).toEqual([
      65,
      expect.stringMatching(/\[bundle-rollback\]$/),
    ]);
  });
});

const POLICY = { region: 'CN-GD', purpose: 'venue-entry' };

describe('bad input: a stable code, one sentence, never a stack trace, never the input', () => {
  const SECRET = 'TOPSECRETINPUT';
  const qr = (text: string) => {
    const { data: modules, size } = encodeQr(text, { ecc: 'M', border: 4 });
    const scale = 4;
    const width = size * scale;
    const data = new Uint8Array(width * width).fill(255);
    modules.forEach((row, y) => {
      row.forEach((dark, x) => {
        for (let line = 0; dark && line < scale; line++) {
          data.fill(0, (y * scale + line) * width + x * scale, (y * scale + line) * width + (x + 1) * scale);
        }
      });
    });
    return { width, height: width, data, channels: 1 as const, depth: 8 as const };
  };
  const beside = (left: ReturnType<typeof qr>, right: ReturnType<typeof qr>) => {
    const width = left.width + right.width;
    const data = new Uint8Array(width * left.height).fill(255);
    for (let y = 0; y < left.height; y++) {
      data.set(left.data.subarray(y * left.width, (y + 1) * left.width), y * width);
      if (y < right.height)
        data.set(right.data.subarray(y * right.width, (y + 1) * right.width), y * width + left.width);
    }
    return encodePng({ width, height: left.height, data, channels: 1, depth: 8 });
  };
  const white = encodePng({
    width: 90,
    height: 90,
    data: new Uint8Array(8100).fill(255),
    channels: 1,
    depth: 8,
  });
  const bomb = () => {
    const image = new Uint8Array(white);
    new DataView(image.buffer).setUint32(16, 60_000);
    new DataView(image.buffer).setUint32(20, 60_000);
    return image;
  };

  const unreadable: [string, () => string | Uint8Array, string][] = [
    ['nothing at all', () => '', 'input-unreadable'],
    ['an image that is cut off', () => white.slice(0, 60), 'input-unreadable'],
    ['an image that claims billions of pixels', bomb, 'input-unreadable'],
    [
      'an image of another kind',
      () => Uint8Array.from([0x47, 0x49, 0x46, 0x38, 0, 1, 2, 0xff]),
      'input-unreadable',
    ],
    ['REQ-DEC-002 an image without a QR code', () => white, 'qr-none'],
    ['REQ-DEC-003 an image with two QR codes', () => beside(qr('SYM1:AAAA'), qr('SYM1:BBBB')), 'qr-several'],
    ['an oversize text', () => `SYM1:${'A'.repeat(20_000)}`, 'presentation-too-large'],
    ['JSON that is no credential', () => `{"${SECRET}":1}`, 'presentation-unrecognised'],
    ['text of another kind', () => `${SECRET} hello`, 'presentation-unrecognised'],
    ['REQ-DEC-012 text that is not UTF-8', () => Uint8Array.from([0x53, 0xc3, 0x28]), 'utf8-malformed'],
  ];
  it.each(unreadable)('%s: exit 65', async (_, input, code) => {
    const { code: exit, stdout, stderr } = await run(['verify', '-'], { input: input() });
    expect([exit, errorLine(stderr)]).toEqual([65, expect.stringMatching(new RegExp(`\\[${code}\\]$`))]);
    expect(stdout + stderr).not.toMatch(/\n\s+at |TOPSECRET/);
  });

  const refused: [string, string, string][] = [
    ['wrong base45', `SYM1:${SECRET}!`, 'base45-malformed'],
    ['a truncated QR text', 'SYM1:6BF', 'packing-truncated'],
    ['an unknown packing version', `SYM7:${SECRET}`, 'packing-version-unknown'],
    ['an SD-JWT that is no JWT', `${SECRET}.a.b~`, 'base64url-malformed'],
    ['JSON with a name twice', '{"a":1,"a":2}', 'json-duplicate-name'],
  ];
  it.each(refused)('%s: exit 1, with its reason', async (_, input, code) => {
    const { code: exit, stdout, stderr } = await run(['verify', '-', '--json'], { input });
    const verdict = JSON.parse(stdout);
    expect(verdict).toMatchObject({ outcome: 'refused', reason: 'not-authentic' });
    expect([exit, verdict.findings.map((finding: { code: string }) => finding.code), stderr]).toEqual([
      1,
      [code],
      '',
    ]);
    expect(stdout).not.toContain(SECRET);
  });

  it.each([
    [[]],
    [['verify']],
    [['verify', '-', '--at', 'tomorrow']],
    [['nonsense']],
    [['trust', 'init', 'http://example.org/', '--sha256', 'x']],
    [['holder', 'request', 'CN-BJ', '--code', SECRET, '--count', '99']],
  ])('wrong usage %j: exit 64, and a hint', async (args) => {
    const { code, stderr, stdout } = await run(args);
    expect([code, stdout]).toEqual([64, '']);
    expect(stderr).toMatch(/--help|Usage/);
    expect(stderr).not.toMatch(/\n\s+at |TOPSECRET/);
  });

  it("a policy that cannot be used is the caller's mistake: exit 64", async () => {
    await writeFile(
      file('bad-policy.json'),
      JSON.stringify({ ...POLICY, schemes: ['health'], accept: 'health.colour == 1' }),
    );
    const { code, stderr } = await run(['verify', '-', '--policy', file('bad-policy.json')], {
      input: 'SYM1:AAAA',
    });
    expect([code, errorLine(stderr)]).toEqual([64, expect.stringMatching(/\[policy-malformed\]$/)]);
  });

  it.each([
    [['--help']],
    [['verify', '--help']],
    [['trust', 'init', '--help']],
    [['holder', 'show', '--help']],
    [['dev', '--help']],
    [['registry', 'status', '--help']],
  ])('help for %j has an example', async (args) => {
    const { code, stdout } = await run(args);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/symbolon (dev|verify|trust|holder|registry)/)]);
  });

  it('an enrolment code is never shown: not in the help, not in an error', async () => {
    for (const args of [
      ['--help'],
      ['CN-BJ', '--count', SECRET],
      ['CN-BJ', '--format', SECRET],
      [SECRET, SECRET],
    ]) {
      const { stdout, stderr } = await runCli(['holder', 'request', ...args], {
        home: home.path,
        environment: { SYMBOLON_CODE: SECRET },
      });
      expect(stdout + stderr).not.toContain(SECRET);
    }
    expect((await run([SECRET])).stderr).not.toContain(SECRET);
  });

  it('an image that is made to be slow is given up', async () => {
    const { code, stderr } = await run(['verify', '-'], { input: slowImage() });
    expect([code, errorLine(stderr)]).toEqual([
      65,
      expect.stringMatching(/\[(input-unreadable|qr-none|qr-several)\]$/),
    ]);
  });

  it('a file without an end is read no further than the bound', async () => {
    const { code, stderr } = await run(['verify', '/dev/zero']);
    expect([code, errorLine(stderr)]).toEqual([65, expect.stringMatching(/\[presentation-too-large\]$/)]);
  });

  it('REQ-ISS-022 a wallet without the credential says how to get one', async () => {
    const { code, stderr } = await run(['holder', 'show', '--wallet', file('empty.json')]);
    expect([code, errorLine(stderr)]).toEqual([
      65,
      expect.stringMatching(/symbolon holder request.*\[credential-missing\]$/),
    ]);
  });

  it('a file that cannot be written is told in one sentence: exit 73', async () => {
    const { code, stderr } = await run(['holder', 'show', '--png', file('no/such/folder/shown.png')]);
    expect([code, errorLine(stderr)]).toEqual([
      73,
      expect.stringMatching(/^A file or folder cannot be read or written \(ENOENT\)/),
    ]);
  });

  it('REQ-BUN-004 a damaged state is told, and is not taken for none', async () => {
    const state = join(home.path, '.symbolon/trust/state.json');
    const whole = await readFile(state, 'utf8');
    await writeFile(state, whole.slice(0, 40));
    const { code, stderr } = await run(['registry', 'status']);
    await writeFile(state, whole);
    expect([code, stderr]).toEqual([
      65,
      expect.stringMatching(/\(at state\.json\) \[trust-file-malformed\]/),
    ]);
  });

  it('a reader that goes away is no fault', async () => {
    const { status, stderr } = spawnSync(
      'sh',
      ['-c', `"${process.execPath}" "${LAUNCHER}" registry status --json | head -c 1`],
      {
        env: { PATH: process.env['PATH'], HOME: home.path },
      },
    );
    expect([status, String(stderr)]).toEqual([0, '']);
  });
});
