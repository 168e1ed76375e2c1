import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { issueSdJwt } from '@symbolon/credential/sd-jwt/issue';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { createLocalSigner } from '@symbolon/keys/signer';
import { addSeconds, formatInstant, hourFloor, instant, parseInstant } from '@symbolon/protocol/instant';
import { createScanner } from '@symbolon/verifier/scanner';
import { openVenueCode, policyOfVenue } from '@symbolon/verifier/venue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPresentation } from '../../packages/cli/src/read-presentation.ts';
import { loadTrust } from '../../packages/cli/src/trust/load-trust.ts';
import { block, blocks, page } from '../architecture/markdown.ts';
import { freePort, LAUNCHER, runCli, temporaryFolder } from '../support/cli.ts';

/** A venue in Guangdong asks, a wallet from Beijing answers: by the commands that their people type. */

let home: Awaited<ReturnType<typeof temporaryFolder>>;
let network: ReturnType<typeof spawn>;
let code: string;
const file = (name: string) => join(home.path, name);
const run = (...args: readonly string[]) =>
  runCli(args, { home: home.path, environment: { SYMBOLON_CODE: code } });
/** As someone types it who is in the folder of their files. */
const inHome = (args: readonly string[]) =>
  runCli(args, {
    home: home.path,
    under: ['env', '-C', home.path],
    environment: { SYMBOLON_CODE: code },
  });
const errorLine = (text: string) => text.trim().split('\n').at(-1) ?? '';
const clock = () => instant(Math.floor(Date.now() / 1000));

const POLICY = {
  region: 'CN-GD',
  purpose: 'venue-entry',
  schemes: ['health', 'test'],
  accept: 'health.level == "green" && test.level == "negative" && test.age < duration("48h")',
  onBearer: 'refused',
};
const made = (venue: string, ...more: readonly string[]) =>
  run(
    ...['venue', 'make', '--region', 'CN-GD', '--venue', venue, '--policy', file('gate.json')],
    ...['--key', file('.symbolon/keys/CN-GD.venue.jwe')],
    ...['--passphrase-file', file('.symbolon/secrets/passphrase'), ...more],
  );

const trustOf = () => loadTrust({ trust: file('.symbolon/trust'), now: clock(), warn: () => undefined });
const posterText = () => readPresentation(file('poster.png'));
/** What a scanner at the station does: it takes its policy from the code on its wall. */
async function stationGate() {
  const trust = await trustOf();
  const scanner = createScanner(policyOfVenue(await openVenueCode(await posterText(), trust, clock())));
  return { scan: (shown: string | readonly string[]) => scanner.scan(shown, trust, clock()) };
}

/** Of one key, never shown, and both ended an hour ago or more. */
async function pairOfYesterday() {
  const key = insecurePrivateKeyFromSeed('ES256', 'yesterday');
  const signer = await createLocalSigner(key);
  const issuedAt = addSeconds(hourFloor(clock()), -24 * 3600);
  const claims = {
    ...{ major: 1, level: 'green', rule: 'clear@1', authority: 'cdc', assurance: 'high' },
    ...{ issuedAt, expiresAt: addSeconds(issuedAt, 23 * 3600), bearer: false, contested: false },
    holderKey: signer.publicJwk,
  };
  const issue = (scheme: string) =>
    issueSdJwt({
      issuer: 'https://status.example',
      claims: { ...claims, scheme },
      details: { reason: 'Clear', evidence: 'none' },
      signer,
      random: insecureRandomFromSeed(scheme),
    });
  const held = async (scheme: string) => ({
    ...{ scheme, format: 'dc+sd-jwt', credential: await issue(scheme), key, used: false },
    receivedAt: formatInstant(issuedAt),
  });
  return [await held('health'), await held('test')];
}

beforeAll(async () => {
  home = await temporaryFolder();
  const port = String(await freePort());
  const args = [LAUNCHER, 'dev', '--data', file('.symbolon'), '--port', port, '--publish-every', '2'];
  network = spawn(process.execPath, args, { env: { ...process.env, NO_COLOR: '1' } });
  let output = '';
  await new Promise<void>((resolve, reject) => {
    network.once('exit', () => reject(new Error(output)));
    network.stdout?.on('data', (text) => {
      output += text;
      if (output.includes('holder show')) resolve();
    });
  });
  code = /--code (\S+)/.exec(output)?.[1] ?? '';
  const rootHash = /--sha256 ([0-9a-f]{64})/.exec(output)?.[1] ?? '';
  const registry = `http://127.0.0.1:${port}/registry`;
  expect(await run('trust', 'init', registry, '--sha256', rootHash)).toMatchObject({ code: 0 });
  await writeFile(file('gate.json'), JSON.stringify(POLICY));
});

afterAll(async () => {
  network.removeAllListeners('exit');
  network.kill('SIGINT');
  await once(network, 'exit');
  await home.remove();
});

describe('docs/guides/venue.md', () => {
  const guide = page('docs/guides/venue.md');
  const commands = blocks(guide)
    .filter(({ info }) => info === 'sh')
    .flatMap(({ text }) => text.trim().split('\n'))
    .map((line) => [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([word, quoted]) => quoted ?? word));

  it('its commands, in their order, lead from the policy to an accepted showing', async () => {
    await writeFile(file('gate.json'), block(guide, 'json'));
    expect(commands.map((words) => words.slice(0, 4).join(' '))).toEqual([
      'npx symbolon venue make',
      'npx symbolon venue read',
      'npx symbolon holder request',
      'npx symbolon holder request',
      'npx symbolon trust pull',
      'npx symbolon holder show',
      'npx symbolon verify shown-1.png',
    ]);
    for (const [, , ...args] of commands) {
      const { code: exit, stderr } = await inHome(args);
      expect([args.join(' '), exit, exit === 0 ? '' : stderr]).toEqual([args.join(' '), 0, '']);
    }
  });
});

describe('a venue makes its code', () => {
  it('as an image that says who asks for what, until when', async () => {
    const titles = ['--title-en', 'Central station', '--title-zh', '中央车站'];
    const {
      code: exit,
      stdout,
      stderr,
    } = await made('central-station', ...titles, '--png', file('poster.png'));
    expect([exit, stdout]).toEqual([0, '']);
    expect(errorLine(stderr)).toMatch(/^QR version \d+, \d+ characters, in \S+poster\.png\.$/);
    const read = await run('venue', 'read', file('poster.png'));
    expect([read.code, read.stderr]).toEqual([0, '']);
    expect(read.stdout).toContain('Central station (中央车站), central-station');
    expect(read.stdout).toContain('purpose   venue-entry');
    const { stdout: json } = await run('venue', 'read', file('poster.png'), '--json');
    expect(JSON.parse(json)).toMatchObject({
      region: 'CN-GD',
      venue: 'central-station',
      audience: 'urn:symbolon:venue:CN-GD:central-station',
      schemes: ['health', 'test'],
      accept: POLICY.accept,
      onContested: 'referred',
      onBearer: 'refused',
    });
  });

  it('for print, as texts, and for machines: the same code each time but for its nonce', async () => {
    const svg = await made('kiosk', '--svg', file('poster.svg'), '--json', '--hours', '2');
    const { text, token, issuedAt, expiresAt, nonce } = JSON.parse(svg.stdout);
    expect(await readFile(file('poster.svg'), 'utf8')).toMatch(/^<svg .*<\/svg>\n$/);
    expect(parseInstant(expiresAt) - parseInstant(issuedAt)).toBe(7200);
    const trust = await trustOf();
    expect(await openVenueCode(token, trust, clock())).toEqual(await openVenueCode(text, trust, clock()));
    const texts = [await made('kiosk', '--as', 'qr-text'), await made('kiosk', '--as', 'text')];
    const opened = texts.map(({ stdout }) => openVenueCode(stdout, trust, clock()));
    const nonces = (await Promise.all(opened)).map((each) => each.nonce);
    expect(new Set([nonce, ...nonces]).size).toBe(3);
    const read = await run('venue', 'read', text, '--json');
    expect(JSON.parse(read.stdout)).toMatchObject({ venue: 'kiosk', nonce });
  });

  it.each<[string, readonly string[], number, RegExp]>([
    ['a key for other work', ['--key', '.symbolon/keys/CN-GD.operator-1.jwe'], 65, /\[key-unknown\]$/],
    ['a key of another region', ['--region', 'CN-BJ'], 64, /follows another region/],
    ['a longer life than may be', ['--hours', '745'], 64, /from 1 to 744/],
  ])('REQ-VEN-001 never with %s', async (_name, [option = '', value = ''], exit, sentence) => {
    const given = value.startsWith('.symbolon/') ? file(value) : value;
    const { code: got, stdout, stderr } = await made('gate', option, given);
    expect([got, stdout]).toEqual([exit, '']);
    expect(stderr).toMatch(new RegExp(sentence.source, 'm'));
  });

  it('REQ-ACC-001 never for a purpose that a scheme does not list', async () => {
    await writeFile(file('other.json'), JSON.stringify({ ...POLICY, purpose: 'public-transport' }));
    const { code: exit, stdout, stderr } = await made('gate', '--policy', file('other.json'));
    expect([exit, stdout]).toEqual([65, '']);
    expect(errorLine(stderr)).toMatch(/\[purpose-not-listed\]$/);
  });
});

describe('a wallet answers it', () => {
  it('with credentials of one key, after it was told who asks', async () => {
    const health = await run('holder', 'request', 'CN-BJ', '--count', '3');
    expect([health.code, health.stderr]).toEqual([0, '']);
    const test = await run('holder', 'request', 'CN-BJ', '--scheme', 'test', '--with', 'health', '--json');
    expect([test.code, JSON.parse(test.stdout)]).toEqual([
      0,
      {
        ...{ received: 3, scheme: 'test', format: 'dc+sd-jwt', expired: 0 },
        receipt: expect.objectContaining({ kept: true, problem: null }),
      },
    ]);
    const receipts = await run('holder', 'receipts', '--check');
    expect([receipts.code, receipts.stdout]).toEqual([0, expect.not.stringContaining('not proven')]);
    expect((await run('trust', 'pull')).code).toBe(0);

    const shown = await run('holder', 'show', '--venue', file('poster.png'), '--as', 'qr-text');
    expect(shown.code).toBe(0);
    expect(shown.stderr).toContain('Central station (中央车站), central-station');
    expect(errorLine(shown.stderr)).toBe('You show: health, test.');
    const texts = shown.stdout.trim().split('\n');
    expect(texts).toHaveLength(2);

    const gate = await stationGate();
    const verdict = await gate.scan(texts);
    expect(verdict).toMatchObject({
      outcome: 'accepted',
      findings: [],
      statuses: [
        { region: 'CN-BJ', scheme: 'health', countsAs: 'green' },
        { region: 'CN-BJ', scheme: 'test', countsAs: 'negative' },
      ],
    });
    expect(await gate.scan(texts)).toMatchObject({ findings: [{ code: 'replayed' }] });
  });

  it('REQ-BND-007 for this venue only', async () => {
    const kiosk = (await made('kiosk', '--as', 'qr-text')).stdout.trim();
    const shown = await run('holder', 'show', '--venue', kiosk, '--as', 'text');
    const verdict = await (await stationGate()).scan(shown.stdout.trim().split('\n'));
    expect(verdict).toMatchObject({ reason: 'not-authentic' });
    expect(verdict.findings.map((finding) => finding.code)).toEqual(['binding-audience', 'binding-audience']);
  });

  it('with one of them when told so, and with nothing that is not asked for', async () => {
    const one = await run(
      'holder',
      'show',
      '--venue',
      file('poster.png'),
      '--scheme',
      'test',
      '--as',
      'text',
    );
    expect([one.code, one.stdout.trim().split('\n').length]).toEqual([0, 1]);
    const other = await run('holder', 'show', '--venue', file('poster.png'), '--scheme', 'travel');
    expect([other.code, errorLine(other.stderr)]).toEqual([
      65,
      expect.stringMatching(/\[scheme-not-asked\]$/),
    ]);
  });

  it('REQ-VEN-001 not when it is no code of a venue, and shows nothing', async () => {
    const poster = await posterText();
    const misread = `${poster.slice(0, -6)}${poster.endsWith('000000') ? '111111' : '000000'}`;
    const { code: exit, stdout, stderr } = await run('holder', 'show', '--venue', misread, '--as', 'text');
    expect([exit, stdout]).toEqual([65, '']);
    expect(errorLine(stderr)).toMatch(/\[(signature-invalid|venue-code-malformed)\]$/);
  });

  it('REQ-VEN-002 REQ-VEN-003 the code holds from its hour to its end', async () => {
    const { issuedAt, expiresAt } = JSON.parse(
      (await run('venue', 'read', file('poster.png'), '--json')).stdout,
    );
    const text = await posterText();
    const trust = await trustOf();
    await expect(openVenueCode(text, trust, parseInstant(expiresAt))).rejects.toMatchObject({
      code: 'venue-code-expired',
    });
    await expect(openVenueCode(text, trust, addSeconds(parseInstant(issuedAt), -31))).rejects.toMatchObject({
      code: 'venue-code-future',
    });
    const late = await run('venue', 'read', file('poster.png'), '--at', expiresAt);
    expect([late.code, errorLine(late.stderr)]).toEqual([
      65,
      expect.stringMatching(/\[venue-code-expired\]$/),
    ]);
  });
});

describe('REQ-TIM-001 a wallet with credentials of yesterday', () => {
  const old = ['--wallet', '.symbolon/old.json'];
  const jwtOf = (text: string) => text.trim().split('~')[0];

  it('shows the one of today, though an older one was never shown, and drops the old ones with its next batch', async () => {
    const wallet = file('.symbolon/old.json');
    expect((await inHome(['holder', 'request', 'CN-BJ', '--count', '1', ...old])).code).toBe(0);
    const { credentials, ...rest } = JSON.parse(await readFile(wallet, 'utf8'));
    const held = [...(await pairOfYesterday()), { ...credentials[0], used: true }];
    await writeFile(wallet, JSON.stringify({ ...rest, credentials: held }));

    const shown = await inHome(['holder', 'show', '--as', 'text', ...old]);
    expect([shown.code, jwtOf(shown.stdout)]).toEqual([0, jwtOf(credentials[0].credential)]);
    const { stdout } = await inHome(['holder', 'request', 'CN-BJ', '--count', '1', ...old]);
    expect(stdout.trim().split('\n').at(-1)).toBe('Dropped from it, as expired: 2 credentials.');
    expect(JSON.parse(await readFile(wallet, 'utf8')).credentials).toHaveLength(2);
  });

  it('says what to do when it has no others, and goes with none of them', async () => {
    const credentials = await pairOfYesterday();
    await writeFile(file('.symbolon/old.json'), JSON.stringify({ symbolonTestWallet: 1, credentials }));
    for (const words of [
      ['show'],
      ['show', '--scheme', 'health', 'test'],
      ['request', 'CN-BJ', '--with', 'test'],
    ]) {
      const { code: exit, stdout, stderr } = await inHome(['holder', ...words, ...old]);
      expect([exit, stdout]).toEqual([65, '']);
      expect(errorLine(stderr)).toMatch(/get a new batch.*symbolon holder request.*\[expired\]$/);
    }
  });
});

describe('several statuses without a venue', () => {
  it('are shown by one key, as an image each', async () => {
    const shown = await run('holder', 'show', '--scheme', 'health', 'test', '--png', file('both.png'));
    expect(shown.code).toBe(0);
    for (const name of ['both-1.png', 'both-2.png']) {
      const verified = await run('verify', file(name), '--region', 'CN-GD', '--json');
      expect(JSON.parse(verified.stdout)).toMatchObject({ outcome: 'accepted' });
    }
  });

  it('as JSON-LD in one presentation', async () => {
    const format = ['--format', 'ldp_vc'];
    expect((await run('holder', 'request', 'CN-BJ', '--count', '1', ...format)).code).toBe(0);
    const beside = await run('holder', 'request', 'CN-BJ', '--scheme', 'test', '--with', 'health', ...format);
    expect([beside.code, beside.stderr]).toEqual([0, '']);
    expect((await run('trust', 'pull')).code).toBe(0);
    const shown = await run('holder', 'show', '--venue', file('poster.png'), '--as', 'text', ...format);
    expect(JSON.parse(shown.stdout).verifiableCredential).toHaveLength(2);
    expect(await (await stationGate()).scan(shown.stdout)).toMatchObject({
      outcome: 'accepted',
      statuses: [{ scheme: 'health' }, { scheme: 'test' }],
    });
  });

  it('REQ-ISS-022 with nothing to go with there is nothing to ask for', async () => {
    const { code: exit, stderr } = await run(
      'holder',
      'request',
      'CN-BJ',
      '--scheme',
      'test',
      '--with',
      'travel',
    );
    expect([exit, errorLine(stderr)]).toEqual([65, expect.stringMatching(/\[credential-missing\]$/)]);
  });
});
