import { readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { issueSdJwt } from '@symbolon/credential/sd-jwt/issue';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { SAMPLE_FEDERATION } from '@symbolon/local/sample/federation';
import { type SampleRegion, sampleIssuer, sampleRegion } from '@symbolon/local/sample/regions';
import { logTrust } from '@symbolon/log/checkpoint';
import { checkReceipt } from '@symbolon/log/receipt';
import {
  addHours,
  addSeconds,
  formatInstant,
  hourFloor,
  type Instant,
  instant,
} from '@symbolon/protocol/instant';
import { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import type { LogPlace } from '@symbolon/protocol/schemas/log';
import { writeBundle } from '@symbolon/registry/bundle';
import { updateRole } from '@symbolon/registry/ceremony/update-role';
import { collectBundle } from '@symbolon/registry/collect-bundle';
import { jsonFile } from '@symbolon/registry/json-file';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Decided,
  type LoggedDecisions,
  loggedDecisions,
} from '../../packages/cli/src/testing/logged-decisions.ts';
import { trustFolder } from '../../packages/cli/src/trust/trust-folder.ts';
import { runCli, temporaryFolder } from '../support/cli.ts';
import { buildFederation, type FederationFixture, publishUpdate } from '../support/federation-fixture.ts';

/** A wallet, as people type it, before an issuer whose credentials, log and witnesses are real, and which does as it is told. */

const NOW = instant(Math.floor(Date.now() / 1000));
const GREEN: Decided = {
  ...{ region: 'CN-BJ', scheme: 'health', level: 'green', rule: 'clear@1', authority: 'cdc' },
  decidedAt: addSeconds(NOW, -60),
};
const RED: Decided = {
  ...{ ...GREEN, level: 'red', rule: 'confirmed@1', mode: 'manual', sequence: 2 },
  approvers: ['AAAAAAAAAAA', 'BBBBBBBBBBA'],
};

let home: Awaited<ReturnType<typeof temporaryFolder>>;
let federation: FederationFixture;
let log: LoggedDecisions;
let base: string;
/** What the issuer says next: how often that the decision is not logged, then credentials of it, with this for a receipt. */
let told: { unlogged: number; decision: Decided; receipt: string | undefined };

const random = insecureRandomFromSeed('holder receipts');
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request
    .on('data', (chunk) => chunks.push(chunk))
    .on('end', async () => {
      const [status, body] =
        request.url?.endsWith('/nonce') === true
          ? [200, { nonce: 'a nonce of the issuer' }]
          : await batchOf(Buffer.concat(chunks).toString());
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
});

async function batchOf(body: string): Promise<readonly [number, object]> {
  if (told.unlogged-- > 0) return [503, { code: 'decision-unlogged' }];
  const jwts: readonly string[] = JSON.parse(body).proofs.jwt;
  const { region, decidedAt: _, mode: __, sequence: ___, approvers: ____, ...said } = told.decision;
  const credentials = jwts.map(async (jwt) => {
    const header = JSON.parse(Buffer.from(jwt.split('.')[0] ?? '', 'base64url').toString());
    const [issuedAt, expiresAt] = [hourFloor(NOW), addHours(hourFloor(NOW), 6)];
    const credential = await issueSdJwt({
      issuer: sampleIssuer(region === 'CN-GD' ? 'CN-GD' : 'CN-BJ'),
      claims: {
        ...{ ...said, major: 1, assurance: 'standard', issuedAt, expiresAt, bearer: false, contested: false },
        holderKey: PublicJwk.parse(header.jwk),
      },
      details: { reason: 'Because', evidence: 'laboratory' },
      signer: federation.regions[region === 'CN-GD' ? 'CN-GD' : 'CN-BJ'].credential,
      random,
    });
    return { credential };
  });
  const { receipt } = told;
  return [200, { credentials: await Promise.all(credentials), ...(receipt !== undefined && { receipt }) }];
}

const endpointOf = (region: SampleRegion) => `${base}/${region.toLowerCase()}`;

/** Beijing has this log from now on, and the wallet's trust folder knows. */
async function publishLog(place: LogPlace, at: Instant): Promise<void> {
  const top = new Map([['federation.json', jsonFile({ ...SAMPLE_FEDERATION, witnesses: log.witnesses })]]);
  const region = { ...sampleRegion('CN-BJ', { endpoint: endpointOf('CN-BJ') }), log: place };
  const own = new Map([['regions/CN-BJ/region.json', jsonFile(region)]]);
  await publishUpdate(federation, at, async (draft) => {
    const named = await updateRole(draft, { role: 'targets', put: top }, federation.admins.slice(1), at);
    return updateRole(named, { role: 'CN-BJ', put: own }, federation.regions['CN-BJ'].admins.slice(1), at);
  });
  const bundle = await writeBundle(await collectBundle({ read: federation.files, lists: new Map() }));
  await trustFolder(file('.symbolon/trust')).write({ root: federation.pinnedRoot, bundle });
}

const file = (name: string) => join(home.path, name);
const wallet = async (name = 'wallet.json') => JSON.parse(await readFile(file(name), 'utf8'));
const holder = (...args: readonly string[]) =>
  runCli(['holder', ...args, '--wallet', file('wallet.json')], {
    home: home.path,
    environment: { SYMBOLON_CODE: 'a code' },
  });
async function requestOf(decision: Decided, receipt: string | undefined, ...more: readonly string[]) {
  told = { unlogged: 0, decision, receipt };
  return holder('request', decision.region, '--count', '2', ...more);
}
const codesIn = (text: string) => [...text.matchAll(/\[([a-z-]+)\]/g)].map(([, code]) => code);

beforeAll(async () => {
  home = await temporaryFolder();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  federation = await buildFederation({ now: addHours(NOW, -2), endpointOf });
  log = await loggedDecisions('log.example/cn-bj', NOW);
  await publishLog(log.place, addHours(NOW, -1));
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await home.remove();
});
beforeEach(() => writeFile(file('wallet.json'), '{"symbolonTestWallet":1,"credentials":[]}'));

describe('REQ-LOG-022 a receipt that comes with a batch', () => {
  it('is checked and kept, one for each decision, in a wallet that had none', async () => {
    const signed = await log.receipt(GREEN, 'log');
    const first = await requestOf(GREEN, signed);
    expect([first.code, first.stderr]).toEqual([0, '']);
    expect(first.stdout.split('\n')[1]).toBe(
      'Their decision is in the log log.example/cn-bj; witnesses: none: signed by the log only.',
    );
    const again = await requestOf(GREEN, signed, '--json');
    expect([again.stderr, JSON.parse(again.stdout)]).toEqual([
      '',
      {
        ...{ received: 2, scheme: 'health', format: 'dc+sd-jwt', expired: 0 },
        receipt: { kept: true, problem: null, witnesses: 0 },
      },
    ]);
    const red = await requestOf(RED, await log.receipt(RED, 'witnesses'));
    expect([red.code, red.stderr]).toEqual([0, '']);
    expect(red.stdout).toContain('witnesses: 2 of 3 witnesses saw it.');
    const { credentials, receipts } = await wallet();
    expect([credentials.length, receipts.length, (await stat(file('wallet.json'))).mode & 0o777]).toEqual([
      6, 2, 0o600,
    ]);
  });

  it('is in nothing that is shown', async () => {
    const receipt = await log.receipt(GREEN, 'witnesses');
    await requestOf(GREEN, receipt);
    const { code, stdout } = await holder('show', '--as', 'text');
    expect(code).toBe(0);
    const shown = [stdout, ...stdout.split(/[.~]/).map((part) => Buffer.from(part, 'base64url').toString())];
    expect(shown.some((text) => text.includes('"scheme":"health"') || text.includes(':health:'))).toBe(true);
    const [, extra = ''] = /^extra (.*)$/m.exec(receipt) ?? [];
    const { salt, leaf } = JSON.parse(Buffer.from(extra, 'base64').toString());
    for (const secret of [salt, leaf.commitment, 'tlog-proof'])
      expect(shown.filter((text) => text.includes(secret))).toEqual([]);
    expect((await wallet()).receipts).toHaveLength(1);
  });

  it('REQ-LOG-005 of an adverse level that the witnesses have not seen is warned of, and all is kept', async () => {
    const { code, stdout, stderr } = await requestOf(RED, await log.receipt(RED, 'log'));
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^Warning: [^\n]*\[witnesses-too-few\]\n$/)]);
    expect(stdout).toMatch(/^2 health credentials \(dc\+sd-jwt\) from CN-BJ are in [^\n]*\n$/);
    const { credentials, receipts } = await wallet();
    expect([credentials.length, receipts[0].checked.problem]).toEqual([2, 'witnesses-too-few']);
  });

  it.each<[string, string, () => Promise<string | undefined>, boolean]>([
    ['of another decision', 'receipt-mismatch', () => log.receipt(RED, 'witnesses'), true],
    ['that is none', 'receipt-malformed', async () => 'TOPSECRET\u001b[2J', true],
    ['without an end', 'receipt-malformed', async () => 'a'.repeat(40_000), false],
    ['that did not come', 'receipt-missing', async () => undefined, false],
  ])('REQ-LOG-014 %s is warned of as %s', async (_name, problem, receipt, kept) => {
    const { code, stdout, stderr } = await requestOf(GREEN, await receipt(), '--json');
    expect([code, codesIn(stderr)]).toEqual([0, [problem]]);
    for (const input of ['TOPSECRET', '\u001b']) expect(stdout + stderr).not.toContain(input);
    expect(JSON.parse(stdout)).toMatchObject({ received: 2, receipt: { kept, problem } });
    const { credentials, receipts } = await wallet();
    expect([credentials.length, receipts.length]).toEqual([2, kept ? 1 : 0]);
  });

  it('is not missed where the registry names no log', async () => {
    const { code, stdout, stderr } = await requestOf({ ...GREEN, region: 'CN-GD' }, undefined, '--json');
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual({ received: 2, scheme: 'health', format: 'dc+sd-jwt', expired: 0 });
  });
});

it('REQ-ISS-037 while the decision is not in the log yet, the wallet asks again', async () => {
  told = { unlogged: 1, decision: GREEN, receipt: await log.receipt(GREEN, 'log') };
  const { code, stderr } = await holder('request', 'CN-BJ');
  expect([code, stderr, told.unlogged]).toEqual([0, '', -1]);
});

describe('holder receipts', () => {
  const day = (decidedAt: Instant) => formatInstant(decidedAt).replaceAll('.', '\\.');

  it('lists them, the oldest first, and says how far they are proven', async () => {
    await requestOf(RED, await log.receipt(RED, 'witnesses'));
    const before = { ...GREEN, decidedAt: addHours(NOW, -30) };
    await requestOf(before, await log.receipt(before, 'log'));
    await requestOf(GREEN, 'damaged');
    const { code, stdout, stderr } = await holder('receipts');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(
        `^1  ${day(before.decidedAt)}  health: green, rule clear@1, cdc, CN-BJ; proven by the log only$`,
      ),
      expect.stringMatching(
        `^2  ${day(RED.decidedAt)}  health: red, rule confirmed@1, cdc, CN-BJ; proven, seen by 2 witnesses$`,
      ),
      expect.stringMatching('^3  .* health: green, .*; not proven \\[receipt-malformed\\]$'),
      '',
    ]);
    const listed = JSON.parse((await holder('receipts', '--json', '--number', '2')).stdout);
    expect(listed.receipts).toEqual([
      expect.objectContaining({ number: 2, level: 'red', mode: 'manual', witnesses: 2, problem: null }),
    ]);
  });

  it('tells one in words when it is checked', async () => {
    await requestOf(RED, await log.receipt(RED, 'witnesses'));
    const { code, stdout, stderr } = await holder('receipts', '--check', '--number', '1');
    expect([code, stderr]).toEqual([0, '1 receipt of 1 proven.\n']);
    for (const words of ['by hand', 'rule confirmed@1', 'AAAAAAAAAAA and BBBBBBBBBBA', '2 of 3 witnesses'])
      expect(stdout).toContain(words);
    const { receipts } = await wallet();
    expect(stdout).not.toContain(/^extra (.{40})/m.exec(receipts[0].text)?.[1] ?? 'no receipt');
  });

  it('exports one for an auditor, who can check it, with a warning of what it says, and over no file', async () => {
    const receipt = await log.receipt(RED, 'witnesses');
    await requestOf(RED, receipt);
    await requestOf(RED, await log.receipt({ ...RED, decidedAt: addHours(NOW, -3) }, 'witnesses'));
    const path = file('red.tlog-proof');
    const exported = await holder('receipts', '--export', path, '--scheme', 'health');
    expect([exported.code, exported.stdout]).toEqual([0, expect.stringMatching(/^In \S+: 2 {2}.*red/)]);
    expect(exported.stderr).toMatch(/^The newest of 2: [^\n]*\nWhoever gets this file learns [^\n]*evidence/);
    const text = await readFile(path, 'utf8');
    expect([text, (await stat(path)).mode & 0o777]).toEqual([receipt, 0o600]);
    const checked = await checkReceipt(text, logTrust(log.place, log.witnesses), true);
    expect(checked.opening).toMatchObject({ evidence: 'laboratory', sequence: 2, decidedAt: RED.decidedAt });
    const over = await holder('receipts', '--export', path);
    expect([over.code, codesIn(over.stderr)]).toEqual([73, ['object-exists']]);
    const none = await holder('receipts', '--export', file('none'), '--scheme', 'test');
    expect([none.code, codesIn(none.stderr)]).toEqual([65, ['receipt-missing']]);
    const both = await holder('receipts', '--export', file('none'), '--check');
    expect(both.code).toBe(64);
  });

  it('drops those of decisions long past with the next batch, and says so', async () => {
    const past = { ...RED, decidedAt: addHours(NOW, -91 * 24) };
    await requestOf(past, await log.receipt(past, 'witnesses'));
    const held = await wallet();
    expect(held.receipts).toHaveLength(1);
    const receipts = [{ ...held.receipts[0], receivedAt: formatInstant(past.decidedAt) }];
    await writeFile(file('wallet.json'), JSON.stringify({ ...held, receipts }));
    const { stdout } = await requestOf(GREEN, await log.receipt(GREEN, 'log'));
    expect(stdout).toContain('Dropped from it, as their decisions are long past: 1 receipt.\n');
    expect((await wallet()).receipts).toHaveLength(1);
  });

  it('REQ-LOG-004 checks them with the registry of now: another log key proves nothing of before', async () => {
    await requestOf(GREEN, await log.receipt(GREEN, 'witnesses'));
    expect((await holder('receipts', '--check')).code).toBe(0);
    const other = await loggedDecisions('log.example/cn-bj', NOW, 'the next key');
    await publishLog(other.place, addHours(NOW, 0));
    const { code, stdout } = await holder('receipts', '--check');
    expect([code, codesIn(stdout)]).toEqual([1, ['log-signature']]);
    expect((await wallet()).receipts[0].checked.problem).toBe('log-signature');
    await publishLog(log.place, NOW);
    expect((await holder('receipts', '--check')).code).toBe(0);
  });
});
