import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openKeyFile, sealKeyFile } from '@symbolon/keys/key-file';
import { kidOf, thumbprint } from '@symbolon/keys/kid';
import { publicPart } from '@symbolon/keys/private-key';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSPHRASE } from '../support/ceremony-folder.ts';
import { type CliOptions, LAUNCHER, runCli, temporaryFolder } from '../support/cli.ts';
import { type FakeKms, startFakeKms } from '../support/fake-kms.ts';
import { atTerminal } from '../support/terminal.ts';

/** The custody of keys, as an admin at a shell meets it. */

let home: Awaited<ReturnType<typeof temporaryFolder>>;
const file = (name: string) => join(home.path, name);
const run = (args: readonly string[], options: Omit<CliOptions, 'home'> = {}) =>
  runCli(args, { home: home.path, ...options });
const errorLine = (text: string) => text.trim().split('\n').at(-1) ?? '';
const mode = async (path: string) => (await stat(path)).mode & 0o777;

beforeAll(async () => {
  home = await temporaryFolder();
  await writeFile(file('passphrase'), `${PASSPHRASE}\n`, { mode: 0o600 });
});
afterAll(() => home.remove());

describe('symbolon key create', () => {
  it.each(['ES256', 'EdDSA'])(
    'REQ-KEY-010 seals an %s key, for its owner only, and writes the public part',
    async (alg) => {
      const out = file(`${alg}.jwe`);
      const { code, stdout, stderr } = await run([
        ...['key', 'create', '--out', out, '--alg', alg],
        ...['--passphrase-file', file('passphrase'), '--json'],
      ]);
      expect([code, stderr]).toEqual([0, '']);
      const key = await openKeyFile(await readFile(out, 'utf8'), PASSPHRASE);
      const jwk = publicPart(key);
      const publicFile = file(`${alg}.pub.json`);
      expect(JSON.parse(await readFile(publicFile, 'utf8'))).toEqual({ kid: kidOf(jwk), alg, jwk });
      const told = JSON.parse(stdout);
      expect(told).toEqual({
        kid: kidOf(jwk),
        alg,
        thumbprint: Buffer.from(thumbprint(jwk)).toString('hex'),
        jwk,
        file: out,
        publicFile,
      });
      expect(stdout).not.toContain(key.d);
      expect([await mode(out), (await mode(publicFile)) & 0o600]).toEqual([0o600, 0o600]);
      await expect(openKeyFile(await readFile(out, 'utf8'), 'another')).rejects.toMatchObject({
        code: 'key-file-passphrase',
      });
    },
  );

  it.each(['there.jwe', 'there.pub.json'])('never overwrites %s', async (name) => {
    await writeFile(file(name), 'precious');
    const args = ['key', 'create', '--out', file('there.jwe'), '--passphrase-file', file('passphrase')];
    const { code, stderr } = await run(args);
    expect([code, errorLine(stderr)]).toEqual([73, expect.stringMatching(/\[object-exists\]$/)]);
    expect(await readFile(file(name), 'utf8')).toBe('precious');
  });

  it('REQ-KEY-013 refuses a passphrase file that others can read, and writes nothing', async () => {
    await writeFile(file('open-passphrase'), PASSPHRASE);
    await chmod(file('open-passphrase'), 0o640);
    const args = ['key', 'create', '--out', file('never.jwe'), '--passphrase-file', file('open-passphrase')];
    const { code, stderr } = await run(args);
    expect([code, errorLine(stderr)]).toEqual([65, expect.stringMatching(/\[key-file-exposed\]$/)]);
    expect((await readdir(home.path)).filter((name) => name.startsWith('never'))).toEqual([]);
  });

  it.each([
    ['too short', 'tooshort', /too short/],
    ['no text', '\u0000\u0001\u0002binary, and long enough', /--passphrase-file holds no passphrase/],
  ])('a passphrase file that is %s makes no key', async (_, text, says) => {
    await writeFile(file('bad-passphrase'), text, { mode: 0o600 });
    const args = ['key', 'create', '--out', file('never.jwe'), '--passphrase-file', file('bad-passphrase')];
    const { code, stderr } = await run(args);
    expect([code, stderr]).toEqual([64, expect.stringMatching(says)]);
    expect((await readdir(home.path)).filter((name) => name.startsWith('never'))).toEqual([]);
  });

  it('names the option of a passphrase file that is missing', async () => {
    const args = ['key', 'create', '--out', file('never.jwe'), '--passphrase-file', file('nowhere')];
    const { code, stderr } = await run(args);
    expect([code, stderr]).toEqual([73, expect.stringContaining('(ENOENT, --passphrase-file)')]);
  });

  it('where there is no terminal, it says how else to give the passphrase', async () => {
    const { code, stderr } = await run(['key', 'create', '--out', file('never.jwe')], { input: PASSPHRASE });
    expect([code, stderr]).toEqual([64, expect.stringContaining('--passphrase-file')]);
  });

  it.each([['never.pem'], ['file:///never.jwe']])('takes no other kind of path: %s', async (out) => {
    expect((await run(['key', 'create', '--out', out])).code).toBe(64);
  });

  it('a passphrase is no argument and no environment variable', async () => {
    const { stdout } = await run(['key', 'create', '--help']);
    expect(stdout).not.toMatch(/--passphrase(?!-file)|SYMBOLON_PASSPHRASE/);
  });
});

describe.runIf(process.platform === 'linux')('at a terminal', () => {
  /** `symbolon key create`, when these are typed at its two questions. */
  function type(name: string, first: string, second = '') {
    const args = [process.execPath, LAUNCHER, 'key', 'create', '--out', file(name)];
    return atTerminal(args.map((arg) => `'${arg}'`).join(' '), {
      cwd: home.path,
      environment: { PATH: process.env['PATH'] ?? '', HOME: home.path, NO_COLOR: '1' },
      answers: [
        [/New passphrase: $/, first],
        [/The same again: $/, second],
      ],
    });
  }

  it('asks twice and shows nothing of what is typed', async () => {
    const typed = `${PASSPHRASE}x\u007f\r`;
    const { code, screen } = await type('typed.jwe', typed, typed);
    expect(code).toBe(0);
    expect(screen).toMatch(/New passphrase: \r?\n.*The same again: \r?\nkid/s);
    for (const word of ['otters', 'cross', 'river']) expect(screen).not.toContain(word);
    await openKeyFile(await readFile(file('typed.jwe'), 'utf8'), PASSPHRASE);
  });

  it('two different answers make no key', async () => {
    const { code, screen } = await type('differ.jwe', `${PASSPHRASE}\r`, `${PASSPHRASE}!\r`);
    expect([code, screen]).toEqual([64, expect.stringContaining('differ')]);
    expect((await readdir(home.path)).filter((name) => name.startsWith('differ'))).toEqual([]);
  });

  it('a short one is asked for again, three times', async () => {
    const { code, screen } = await type('short.jwe', 'short\r');
    expect(code).toBe(64);
    expect(screen.match(/New passphrase: /g)).toHaveLength(3);
    expect((await readdir(home.path)).filter((name) => name.startsWith('short'))).toEqual([]);
  });

  it('Ctrl-C ends it', async () => {
    const { code } = await type('cut.jwe', 'half\u0003');
    expect(code).toBe(130);
  });
});

describe('symbolon key show', () => {
  const key = insecurePrivateKeyFromSeed('ES256', 'shown');
  const jwk = publicPart(key);
  const groups = (Buffer.from(thumbprint(jwk)).toString('hex').match(/.{4}/g) ?? []).join(' ');
  const aloud = (text: string) =>
    text
      .slice(text.indexOf('thumbprint') + 10)
      .trim()
      .replace(/\s+/g, ' ');

  beforeAll(async () => {
    await writeFile(file('shown.jwe'), await sealKeyFile(key, PASSPHRASE, 1000), { mode: 0o600 });
    const text = JSON.stringify({ kid: kidOf(jwk), alg: 'ES256', jwk });
    await writeFile(file('shown.pub.json'), text);
  });

  it('shows a public key in groups to read aloud', async () => {
    const { code, stdout } = await run(['key', 'show', file('shown.pub.json')]);
    expect([code, stdout]).toEqual([0, expect.stringContaining(kidOf(jwk))]);
    expect(aloud(stdout)).toBe(groups);
  });

  it('opens a key file, and gives the public key only', async () => {
    const args = ['key', 'show', file('shown.jwe'), '--passphrase-file', file('passphrase')];
    const { code, stdout } = await run([...args, '--json']);
    expect([code, JSON.parse(stdout).jwk]).toEqual([0, jwk]);
    expect(stdout).not.toContain(key.d);
  });

  it('REQ-KEY-010 another passphrase opens nothing', async () => {
    await writeFile(file('wrong'), 'wrong', { mode: 0o600 });
    const { code, stderr } = await run([
      'key',
      'show',
      file('shown.jwe'),
      '--passphrase-file',
      file('wrong'),
    ]);
    expect([code, errorLine(stderr)]).toEqual([65, expect.stringMatching(/\[key-file-passphrase\]$/)]);
  });

  it('REQ-KEY-013 a key file that others can read is refused', async () => {
    await writeFile(file('exposed.jwe'), await readFile(file('shown.jwe')));
    await chmod(file('exposed.jwe'), 0o644);
    const { code, stderr } = await run(['key', 'show', file('exposed.jwe')]);
    expect([code, errorLine(stderr)]).toEqual([65, expect.stringMatching(/\[key-file-exposed\]$/)]);
  });

  it.each([
    ['whose kid is another', { kid: 'AAAAAAAAAAA' }],
    ['whose algorithm is another', { alg: 'EdDSA' }],
    ['that is no point of its curve', { jwk: { ...jwk, y: jwk.x } }],
    ['that holds the private key', { jwk: key }],
  ])('REQ-KEY-006 a public key %s is refused', async (_, change) => {
    const text = JSON.stringify({ kid: kidOf(jwk), alg: 'ES256', jwk, ...change });
    await writeFile(file('bad.pub.json'), text);
    const { code, stdout, stderr } = await run(['key', 'show', file('bad.pub.json')]);
    expect([code, stdout, errorLine(stderr)]).toEqual([65, '', expect.stringMatching(/\[key-malformed\]$/)]);
  });

  it.each([
    'pkcs11:token=admin',
    'file:///tmp/key.jwe',
    'awskms://key',
    'key.pem',
    'https://example.org/k.jwe',
  ])('REQ-KEY-014 nothing is guessed from an address of another kind: %s', async (address) => {
    const { code, stderr } = await run(['key', 'show', address]);
    expect([code, errorLine(stderr)]).toEqual([65, expect.stringMatching(/\[key-uri-unsupported\]$/)]);
  });
});

describe('a key in KMS', () => {
  let kms: FakeKms;
  const environment = (endpoint: string) => ({
    AWS_ENDPOINT_URL_KMS: endpoint,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_MAX_ATTEMPTS: '1',
  });
  beforeAll(async () => {
    kms = await startFakeKms();
  });
  afterAll(() => kms.stop());

  it('is shown like any other', async () => {
    const address = ['key', 'show', 'awskms:///alias/symbolon-admin', '--json'];
    const { code, stdout, stderr } = await run(address, { environment: environment(kms.endpoint) });
    expect([code, stderr]).toEqual([0, '']);
    const { kid, alg, jwk } = JSON.parse(stdout);
    expect([kid, alg]).toEqual([kidOf(jwk), 'ES256']);
    expect(kms.calls).toEqual(['GetPublicKey']);
  });

  it('REQ-KEY-015 a service that does not answer is told, without what it said', async () => {
    const options = { environment: environment('http://127.0.0.1:9') };
    const { code, stderr } = await run(['key', 'show', 'awskms:///secret-account'], options);
    expect([code, errorLine(stderr)]).toEqual([69, expect.stringMatching(/\[key-service-failed\]$/)]);
    expect(stderr).not.toMatch(/secret-account|127\.0\.0\.1/);
  });
});

it('a folder of keys is left alone when a key of it is asked for that is not there', async () => {
  await mkdir(file('keys'));
  const { code } = await run(['key', 'show', file('keys/nobody.jwe')]);
  expect([code, await readdir(file('keys'))]).toEqual([73, []]);
});
