import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openDataFolder } from '@symbolon/local/data-folder';
import { type LocalNetwork, startNetwork } from '@symbolon/local/network';
import { sampleIssuer } from '@symbolon/local/sample/regions';
import { addHours, formatInstant, hourFloor } from '@symbolon/protocol/instant';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawnCode } from '../../packages/cli/src/testing/drawn-code.ts';
import {
  type CliOptions,
  type CliResult,
  freePort,
  LAUNCHER,
  runCli,
  temporaryFolder,
} from '../support/cli.ts';
import { issuerClient } from '../support/issuer-client.ts';

/** A region's work with `symbolon issuer`, as its guide tells it, on the network that `npm start` runs. */

const REGION = 'CN-BJ';
const BUNDLES = new URL('../../functions/dist/', import.meta.url);
const ASSET = 'https://roads.symbolon.test/G4/section-27';
/** More people than one source may turn adverse in an hour, and twice as many than one rule may. */
const CROWD = 60;

let home: Awaited<ReturnType<typeof temporaryFolder>>;
let network: LocalNetwork;
let environment: Record<string, string>;
let crowd: readonly string[];

const file = (name: string) => join(home.path, name);
const key = (name: string) => file(`federation/keys/${name}.jwe`);
const secret = () => ['--passphrase-file', file('federation/secrets/passphrase')];
const asOperator = (name: string) => ['--key', key(`${REGION}.${name}`), ...secret()];
const run = (args: readonly string[], options: Omit<CliOptions, 'home'> = {}) =>
  runCli(args, { home: home.path, ...options, environment: { ...environment, ...options.environment } });
const issuer = (command: string, ...args: readonly string[]) => run(['issuer', command, REGION, ...args]);
const hoursAgo = (hours: number) => formatInstant(addHours(hourFloor(network.now()), -hours));

/** The answer for machines, of a command that must go well. */
async function answer(result: Promise<CliResult>, code = 0) {
  const { stdout, stderr, code: exit } = await result;
  expect([exit, stderr.match(/\[[a-z-]+\]/)?.[0]]).toEqual([code, undefined]);
  return JSON.parse(stdout);
}

const enrol = (value: string, kind = 'identity-card') =>
  answer(
    run(['issuer', 'enrol', REGION, '--identifiers', '-', ...asOperator('operator-1'), '--json'], {
      input: JSON.stringify([{ kind, value }]),
    }),
  );
const record = (code: string) =>
  answer(run(['holder', 'record', REGION, '--json'], { environment: { SYMBOLON_CODE: code } }));

async function lines(name: string, each: readonly object[]): Promise<string> {
  await writeFile(file(name), each.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return file(name);
}
const intake = (path: string, source: string, scheme = 'health', ...more: readonly string[]) =>
  issuer(
    'intake',
    path,
    '--scheme',
    scheme,
    '--source',
    source,
    '--source-key',
    key(`${REGION}.source-${source}`),
    ...asOperator('operator-1'),
    ...more,
  );
const test = (id: string, about: object, result: string) => ({
  id,
  ...about,
  type: 'pcr',
  at: hoursAgo(12),
  fields: { result },
});

beforeAll(async () => {
  home = await temporaryFolder();
  const folder = await openDataFolder(file('federation'), false);
  network = await startNetwork({ folder, port: 0, bundles: BUNDLES, onLog: () => undefined });
  await network.publishNow();
  environment = { SYMBOLON_TOKEN_ENDPOINT: network.tokenEndpoint };
  const { code } = await run(['trust', 'init', network.registryUrl, '--sha256', network.root.sha256]);
  expect(code).toBe(0);
  const { endpoint = '' } = network.regions.find(({ region }) => region === REGION) ?? {};
  const client = issuerClient({
    endpoint,
    issuer: sampleIssuer(REGION),
    region: REGION,
    tokenEndpoint: network.tokenEndpoint,
    folder: file('federation'),
    now: network.now,
  });
  const token = await client.token('operator-1', 'enrol');
  const members: string[] = [];
  for (let index = 0; index < 2 * CROWD; index++) {
    const identifiers = [{ kind: 'passport', value: `CROWD${index}` }];
    const { body } = await client.post('/subjects', { identifiers }, token);
    members.push(String(body['subject']));
  }
  crowd = members;
});

afterAll(async () => {
  await network.stop();
  await home.remove();
});

describe('a person and their facts', () => {
  it('REQ-ISS-005 identifiers come on standard input; the same ones lead to the same person', async () => {
    const first = await enrol('110101 1990-0101 4711');
    const again = await enrol('110101199001014711');
    expect(again.subject).toBe(first.subject);
    expect(again.code).not.toBe(first.code);
    const refused = await issuer('enrol', '--identifiers', '-', ...asOperator('operator-2'));
    expect([refused.code, refused.stderr]).toEqual([65, expect.stringMatching(/\[json-malformed\]\n$/)]);
  });

  it('REQ-ISS-027 takes a file in, tells an unknown person by line, leaves it out when told to, and says when it is done', async () => {
    const { subject, code } = await enrol('INTAKE-1');
    const path = await lines('tests.jsonl', [
      test('lab-1', { subject }, 'negative'),
      test('lab-2', { identifier: { kind: 'identity-card', value: 'NOBODY-1' } }, 'positive'),
    ]);
    const refused = await intake(path, 'lab');
    expect([refused.code, refused.stderr]).toEqual([
      65,
      expect.stringContaining('(at line 2: subject) [subject-unknown]'),
    ]);
    expect((await record(code)).facts).toEqual([]);
    const taken = await answer(intake(path, 'lab', 'health', '--skip-unknown', '--json'));
    expect(taken).toMatchObject({ facts: 1, added: 1, unknown: [2], held: [] });
    expect(await answer(intake(path, 'lab', 'health', '--json'))).toEqual({ ...taken, finishedBefore: true });
    const again = await intake(path, 'lab');
    expect([again.code, again.stdout]).toEqual([
      0,
      expect.stringMatching(/^Finished before: 1 fact \(1 new\) /),
    ]);
    const { facts, decisions } = await record(code);
    expect(facts).toMatchObject([{ id: 'lab-1', source: 'lab', retractedAt: null }]);
    expect(decisions).toMatchObject([{ level: 'green', mode: 'automatic' }]);
  });

  it('REQ-ISS-007 a wrong line is told by its number and not by what it says, and nothing is sent', async () => {
    const { subject, code } = await enrol('INTAKE-2');
    const wrong = { ...test('lab-2', { subject }, 'TOPSECRETINPUT') };
    const path = await lines('wrong.jsonl', [test('lab-1', { subject }, 'negative'), wrong]);
    const { code: exit, stdout, stderr } = await intake(path, 'lab');
    expect([exit, stderr]).toEqual([
      65,
      expect.stringContaining('(at line 2: fields.result) [fact-malformed]'),
    ]);
    expect(stdout + stderr).not.toContain('TOPSECRET');
    expect((await record(code)).facts).toEqual([]);
  });

  it('REQ-ISS-027 a source reports only what it is registered for, with its own key', async () => {
    const path = await lines('other.jsonl', [test('lab-1', { subject: crowd[0] }, 'negative')]);
    const foreign = await intake(path, 'contact-tracing');
    expect(foreign.stderr).toContain('(at line 1: type) [source-unknown]');
    const args = ['--scheme', 'health', '--source', 'lab', '--source-key', key(`${REGION}.source-residents`)];
    const stranger = await issuer('intake', path, ...args, ...asOperator('operator-1'));
    expect(stranger.stderr).toContain('(at --source-key) [source-unknown]');
  });

  it('REQ-ISS-005 enrols many from one file; codes go to a file of its owner, and lines that it has are passed over', async () => {
    const people = (...values: readonly string[]) =>
      lines(
        'people.jsonl',
        values.map((value) => [{ kind: 'passport', value }]),
      );
    const many = (path: string, ...more: readonly string[]) =>
      issuer(
        'enrol',
        '--identifiers',
        path,
        '--lines',
        '--out',
        file('codes.jsonl'),
        ...asOperator('operator-1'),
        ...more,
      );
    const wrong = await many(await people('MANY-1', ''));
    expect([wrong.code, wrong.stderr]).toEqual([
      65,
      expect.stringContaining('(at line 2: 0.value) [request-malformed]'),
    ]);
    const path = await people('MANY-1', 'MANY-2');
    expect(await answer(many(path, '--json'))).toMatchObject({ enrolled: 2, skipped: 0 });
    expect((await stat(file('codes.jsonl'))).mode & 0o777).toBe(0o600);
    await people('MANY-1', 'MANY-2', 'MANY-3');
    const { stdout } = await many(path);
    expect(stdout).toMatch(/^1 person enrolled, 2 there before: /);
    const codes = (await readFile(file('codes.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(codes.map(({ line }) => line)).toEqual([1, 2, 3]);
    for (const { subject, code } of codes) expect((await record(code)).subject).toBe(subject);
    const help = await run(['issuer', 'enrol', '--help']);
    expect(help.stdout).toMatch(/identity-card, passport, travel-permit, residence-permit/);
  });

  it('says what to do about a token endpoint, a code, a file', async () => {
    const { subject } = await enrol('HELP-1');
    const facts = [subject, '--scheme', 'health', '--reason', 'asked at the desk'];
    const closed = `http://127.0.0.1:${await freePort()}/token`;
    const from = (url: string) =>
      issuer('facts', ...facts, '--token-endpoint', url, ...asOperator('operator-3'));
    const down = await from(closed);
    expect([down.code, down.stderr]).toEqual([
      69,
      expect.stringMatching(
        /client credentials with the role audit.*--token-endpoint.*\[metadata-unreachable\]\n$/,
      ),
    ]);
    const other = await from(`${network.registryUrl}/metadata/1.root.json`);
    expect([other.code, other.stderr]).toEqual([
      65,
      expect.stringMatching(/--token-endpoint or SYMBOLON_TOKEN_ENDPOINT.*\[unauthenticated\]\n$/),
    ]);
    const noCode = await run(['holder', 'record', REGION]);
    expect([noCode.code, noCode.stderr]).toEqual([64, expect.stringContaining('SYMBOLON_CODE')]);
    const wrongCode = await run(['holder', 'record', REGION], { environment: { SYMBOLON_CODE: 'NOTACODE' } });
    expect([wrongCode.code, wrongCode.stderr]).toEqual([65, expect.stringContaining('another region')]);
    const absent = await intake(file('nowhere.jsonl'), 'lab');
    expect([absent.code, absent.stderr]).toEqual([73, expect.stringContaining('(ENOENT, FILE)')]);
    const empty = await intake(await lines('empty.jsonl', []), 'lab');
    expect([empty.code, empty.stderr]).toEqual([65, expect.stringContaining('Nothing is in FILE')]);
    const args = ['--identifiers', file('nowhere.jsonl'), '--lines', '--out', file('none.jsonl')];
    const many = await issuer('enrol', ...args, ...asOperator('operator-1'));
    expect([many.code, many.stderr]).toEqual([73, expect.stringContaining('(ENOENT, --identifiers)')]);
  });

  it('Ctrl-C leaves a whole file beside the input, and the same command goes on', async () => {
    const each = crowd.map((subject, index) => test(`night-${index}`, { subject }, 'negative'));
    const path = await lines('night.jsonl', each);
    const args = ['intake', REGION, path, '--scheme', 'health', '--source', 'lab', '--batch', '1'];
    const keys = ['--source-key', key(`${REGION}.source-lab`), ...asOperator('operator-1')];
    const child = spawn(process.execPath, [LAUNCHER, 'issuer', ...args, ...keys], {
      env: { PATH: process.env['PATH'], HOME: home.path, NO_COLOR: '1', ...environment },
      stdio: 'ignore',
    });
    const ended = once(child, 'exit');
    const state = async () =>
      JSON.parse(await readFile(`${path}.intake`, 'utf8').catch(() => '{"batches":0}'));
    await expect
      .poll(async () => (await state()).batches, { interval: 10, timeout: 30_000 })
      .toBeGreaterThan(0);
    child.kill('SIGINT');
    expect(await ended).toEqual([130, null]);
    const { line, done } = await state();
    expect([line < each.length, done]).toEqual([true, false]);
    const whole = await answer(intake(path, 'lab', 'health', '--json'));
    expect(whole).toMatchObject({ lines: each.length, facts: each.length, added: each.length });
  });

  it('a reading leaves an entry with key, office, time and reason, which the person reads', async () => {
    const { subject, code } = await enrol('READ-1');
    const path = await lines('read.jsonl', [test('lab-1', { subject }, 'positive')]);
    await answer(intake(path, 'lab', 'health', '--json'));
    const ask = ['--scheme', 'health', '--reason', 'asked at the desk', '--json'];
    const { facts } = await answer(issuer('facts', subject, ...ask, ...asOperator('operator-3')));
    expect(facts).toMatchObject([{ id: 'lab-1', type: 'pcr', fields: { result: 'positive' } }]);
    const { kid } = await network.signerOf(`${REGION}.operator-3`);
    expect((await record(code)).entries).toContainEqual({
      at: expect.stringMatching(/Z$/),
      kind: 'facts-read',
      by: { kid, authority: 'community' },
      reason: 'asked at the desk',
      about: 'health',
    });
  });
});

describe('decisions by hand', () => {
  const rule = 'close-contact-7d@1';
  const propose = (subject: string, words = 'Sat beside a confirmed case') =>
    answer(
      run(
        [
          ...['issuer', 'propose', REGION, '--subject', subject, '--scheme', 'health', '--rule', rule],
          ...['--until', hoursAgo(-72), '--statement', '-', ...asOperator('operator-1'), '--json'],
        ],
        { input: `${words}\n` },
      ),
    );
  const approve = (id: string, operator: string, ...more: readonly string[]) =>
    issuer('approve', id, '--reason', 'interview and plan agree', ...asOperator(operator), ...more);

  it('REQ-ISS-030 two operators decide, the second one sees the rule and its evidence, and one of them withdraws', async () => {
    const { subject, code } = await enrol('MANUAL-1');
    await answer(
      intake(
        await lines('manual.jsonl', [test('lab-1', { subject }, 'negative')]),
        'lab',
        'health',
        '--json',
      ),
    );
    const { id } = await propose(subject);
    const { open } = await answer(issuer('proposals', ...asOperator('operator-2'), '--json'));
    expect(open).toContainEqual(expect.objectContaining({ id, scheme: 'health', rule, authority: 'cdc' }));
    expect(JSON.stringify(open)).not.toContain(subject);
    const seen = await issuer('review', id, '--reason', 'on duty', ...asOperator('operator-2'));
    expect(seen.stdout).toMatch(
      /密切接触者[\s\S]*evidence contact-tracing[\s\S]*Sat beside a confirmed case/,
    );

    const alone = await approve(id, 'operator-1', '--yes');
    expect([alone.code, alone.stderr]).toEqual([65, expect.stringMatching(/\[forbidden\]\n$/)]);
    expect((await approve(id, 'operator-2')).code).toBe(64);
    expect(alone.stderr).toContain('takes the role approve: the region lists your key under');
    const approved = await approve(id, 'operator-2', '--yes');
    expect([approved.code, approved.stdout]).toEqual([
      0,
      expect.stringContaining('Decided: health red, decision number 2.'),
    ]);
    const end = `issuer withdraw ${REGION} --subject ${subject} --scheme health --sequence 2`;
    expect(approved.stderr).toContain(end);
    const later = await issuer('review', id, '--reason', 'asked again', ...asOperator('operator-2'));
    expect([later.stdout, later.stderr]).toEqual([
      expect.stringContaining('number 2 of health'),
      expect.stringContaining(end),
    ]);

    const { decisions, entries } = await record(code);
    expect(decisions.at(-1)).toMatchObject({ level: 'red', mode: 'manual', rule, approvers: { length: 2 } });
    expect(entries.filter(({ kind }: { kind: string }) => kind === 'facts-read')).toHaveLength(3);
    const order = [
      '--subject',
      subject,
      '--scheme',
      'health',
      '--sequence',
      '2',
      '--reason',
      'of another day',
    ];
    expect(await answer(issuer('withdraw', ...order, ...asOperator('operator-1'), '--json'))).toEqual({
      level: 'green',
      rule: 'clear@1',
    });
  });

  it('REQ-ISS-039 says which of rule, office and time does not fit', async () => {
    const { subject } = await enrol('MANUAL-3');
    const refused = async (cited: string, hours: number) => {
      const what = ['--subject', subject, '--scheme', 'health', '--rule', cited, '--until', hoursAgo(-hours)];
      const order = ['issuer', 'propose', REGION, ...what, '--statement', '-', ...asOperator('operator-1')];
      return (await run(order, { input: 'Sat beside a confirmed case' })).stderr;
    };
    expect(await refused('clear@1', 72)).toMatch(/^Not by this rule: .*\[decision-not-adverse\]\n$/);
    expect(await refused(rule, 15 * 24)).toMatch(/^Not until then: .*\[decision-not-adverse\]\n$/);
  });

  it('REQ-ISS-034 what is rejected is settled', async () => {
    const { subject } = await enrol('MANUAL-2');
    const { id } = await propose(subject);
    const rejected = issuer(
      'reject',
      id,
      '--reason',
      'another person',
      ...asOperator('operator-2'),
      '--json',
    );
    expect(await answer(rejected)).toMatchObject({ state: 'rejected' });
    const late = await approve(id, 'operator-2', '--yes');
    expect([late.code, late.stderr]).toEqual([65, expect.stringMatching(/\[proposal-closed\]\n$/)]);
  });
});

describe('people without a phone, children, things', () => {
  it('a guardian asks for a dependant, until that ends', async () => {
    const [mother, child] = [await enrol('MOTHER-1'), await enrol('CHILD-1')];
    const both = [
      '--dependant',
      child.subject,
      '--guardian',
      mother.subject,
      '--reason',
      'certificate shown',
    ];
    const ask = () =>
      run(['holder', 'request', REGION, '--for', child.subject, '--count', '2'], {
        environment: { SYMBOLON_CODE: mother.code },
      });
    const early = await ask();
    expect([early.code, early.stderr]).toEqual([65, expect.stringMatching(/\[forbidden\]\n$/)]);
    await answer(
      issuer('guardian', ...both, '--until', hoursAgo(-48), ...asOperator('operator-3'), '--json'),
    );
    expect((await ask()).code).toBe(0);
    const own = await run(['holder', 'show', '--as', 'qr-text']);
    expect(own.stderr).toMatch(/\[credential-missing\]\n$/);
    const shown = await run(['holder', 'show', '--for', child.subject, '--as', 'qr-text']);
    expect(shown.stdout).toMatch(/^SYM1:/);
    await answer(issuer('guardian', ...both, '--end', ...asOperator('operator-3'), '--json'));
    expect((await ask()).stderr).toMatch(/\[forbidden\]\n$/);
    // Several in one second have no order.
    const kinds: string[] = (await record(child.code)).entries.map(({ kind }: { kind: string }) => kind);
    expect(kinds.toSorted()).toEqual(['code-given', 'enrolled', 'guardian-added', 'guardian-removed']);
  });

  it('two subjects that are one person become one, and both codes lead to it', async () => {
    const [one, other] = [await enrol('MERGE-1'), await enrol('MERGE-2', 'passport')];
    const path = await lines('merge.jsonl', [test('lab-1', { subject: other.subject }, 'positive')]);
    await answer(intake(path, 'lab', 'health', '--json'));
    const both = ['--from', other.subject, '--into', one.subject, '--reason', 'both shown at the desk'];
    const alone = await issuer('merge', ...both, ...asOperator('operator-1'));
    expect(alone.stderr).toMatch(/\[approval-required\]\n$/);
    const signed = file('merge.approval');
    await answer(issuer('approve-merge', ...both, '--out', signed, ...asOperator('operator-2'), '--json'));
    await answer(issuer('merge', ...both, '--approval', signed, ...asOperator('operator-1'), '--json'));
    const seen = await record(other.code);
    expect(seen.subject).toBe(one.subject);
    expect(seen.facts).toMatchObject([{ id: 'lab-1', source: 'lab' }]);
    const health = seen.decisions.filter(({ scheme }: { scheme: string }) => scheme === 'health');
    expect(health.at(-1)).toMatchObject({ level: 'red' });
  });

  it('a printed card verifies from its page, and names initials only', async () => {
    const { subject } = await enrol('CARD-1');
    const order = [
      '--subject',
      subject,
      '--scheme',
      'health',
      '--out',
      file('card.html'),
      '--time-zone',
      'Asia/Shanghai',
    ];
    const proof = ['--receipt', file('card.tlog-proof')];
    const printed = await issuer('card', ...order, '--initials', 'WZ', ...proof, ...asOperator('operator-3'));
    expect([printed.code, printed.stdout]).toEqual([0, expect.stringContaining('valid until')]);
    const checked = await run(['audit', '--receipt', file('card.tlog-proof')]);
    expect([checked.code, checked.stdout]).toEqual([0, expect.stringContaining('health: green')]);
    const again = await issuer('card', ...order, '--initials', 'WZ', ...asOperator('operator-3'));
    expect([again.code, again.stderr]).toEqual([73, expect.stringContaining('[object-exists]')]);
    // A receipt that cannot be written keeps nobody from finding the card.
    const other = [...order.with(order.indexOf(file('card.html')), file('other.html')), '--initials', 'WZ'];
    const unkept = ['--receipt', file('nowhere/card.tlog-proof'), ...asOperator('operator-3')];
    const half = await issuer('card', ...other, ...unkept);
    expect([half.code === 0, half.stdout]).toEqual([false, expect.stringContaining('other.html')]);
    await network.publishNow();
    expect((await run(['trust', 'pull'])).code).toBe(0);
    await writeFile(file('card.png'), drawnCode(await readFile(file('card.html'), 'utf8')));
    const { stdout } = await run(['verify', file('card.png'), '--json']);
    const verdict = JSON.parse(stdout);
    expect(verdict).toMatchObject({ findings: [{ code: 'bearer' }] });
    expect(verdict.statuses).toMatchObject([
      { region: REGION, level: 'green', details: { initials: 'WZ' }, bearer: true },
    ]);
  });

  it('a road section gets a label with its name, from what its sensors say', async () => {
    const { subject, code } = await answer(
      issuer('enrol', '--asset', ASSET, ...asOperator('operator-1'), '--json'),
    );
    expect(code).toBe(undefined);
    const reading = {
      id: 'r-1',
      identifier: { kind: 'asset', value: ASSET },
      type: 'reading',
      at: hoursAgo(0),
      fields: { surface: 'dry', waterMillimetres: 0 },
    };
    await answer(intake(await lines('road.jsonl', [reading]), 'road-sensors', 'road-condition', '--json'));
    const order = ['--subject', subject, '--scheme', 'road-condition', '--out', file('label.html')];
    const printed = await issuer('card', ...order, ...asOperator('operator-1'));
    expect([printed.code, printed.stdout]).toEqual([0, expect.stringMatching(/^The label is in /)]);
    expect(printed.stderr).not.toMatch(/portrait|card/);
    const page = await readFile(file('label.html'), 'utf8');
    expect(page).toContain(ASSET);
    await network.publishNow();
    expect((await run(['trust', 'pull'])).code).toBe(0);
    await writeFile(file('label.png'), drawnCode(page));
    const words = (await run(['verify', file('label.png')])).stdout;
    expect([words.includes('compare the name with the thing'), words.includes('portrait')]).toEqual([
      true,
      false,
    ]);
    const { statuses } = JSON.parse((await run(['verify', file('label.png'), '--json'])).stdout);
    expect(statuses).toMatchObject([{ scheme: 'road-condition', level: 'green', details: { asset: ASSET } }]);
    // One printed credential, three verifiers, each with a policy and a region of its own.
    const verifiers = [
      { region: 'CN-BJ', purpose: 'patrol', accept: 'roadCondition.level != "red"' },
      { region: 'CN-HA', purpose: 'freight-dispatch', accept: 'roadCondition.level == "green"' },
      { region: 'CN-GD', purpose: 'road-maintenance', accept: 'roadCondition.level != "green"' },
    ];
    const codes = [];
    for (const verifier of verifiers) {
      const policy = { ...verifier, schemes: ['road-condition'], onBearer: 'accepted' };
      await writeFile(file('policy.json'), JSON.stringify(policy));
      codes.push((await run(['verify', file('label.png'), '--policy', file('policy.json')])).code);
    }
    expect(codes).toEqual([0, 0, 1]);
  });
});

describe('many adverse facts at once', () => {
  const contacts = (from: number) =>
    crowd.slice(from, from + CROWD).map((subject, index) => ({
      id: `contact-${from + index}`,
      subject,
      type: 'contact',
      at: hoursAgo(3),
      fields: { kind: 'close' },
    }));
  const admit = async (name: string, from: number) => {
    const path = await lines(name, contacts(from));
    const { held } = await answer(intake(path, 'contact-tracing', 'health', '--json'), 2);
    expect(held).toMatchObject([{ facts: CROWD, adverse: CROWD }]);
    const [{ id, digest }] = held;
    const order = ['--source', 'contact-tracing', '--batch', id, '--digest', digest, '--reason', 'confirmed'];
    return { order, settle: () => issuer('admit', ...order, ...asOperator('operator-2'), '--json') };
  };

  it('REQ-ISS-040 they wait for a second operator', async () => {
    const { order, settle } = await admit('first.jsonl', 0);
    const { held } = await answer(issuer('held', ...asOperator('operator-2'), '--json'));
    expect(held).toMatchObject([
      { source: 'contact-tracing', adverse: CROWD, submittedBy: { authority: 'cdc' } },
    ]);
    const same = await issuer('admit', ...order, ...asOperator('operator-1'));
    expect(same.stderr).toMatch(/\[forbidden\]\n$/);
    expect(await answer(settle())).toMatchObject({ state: 'done', added: CROWD, held: [] });
    const again = await settle();
    expect([again.code, again.stderr]).toEqual([65, expect.stringMatching(/\[batch-unknown\]\n$/)]);
  });

  it('REQ-ISS-031 beyond what a rule or an office may do in an hour they are held, and two overseers release them', async () => {
    const { settle } = await admit('second.jsonl', CROWD);
    const settled = await answer(settle(), 2);
    expect(settled).toMatchObject({ state: 'done', added: CROWD });
    const { held } = await answer(issuer('bursts', '--json'));
    const ids = held.map(({ id }: { id: string }) => id);
    expect(settled.held.toSorted()).toEqual(ids.toSorted());
    const told = await issuer('bursts');
    expect(told.stdout).toMatch(
      /^health, the (rule close-contact-7d@1|office cdc) \(.+\): all adverse decisions/,
    );
    // The office has decided about a few others before. Whichever of the two is noticed first is held.
    const causes = ['rule:close-contact-7d@1', 'authority:cdc'];
    expect(causes).toContain(held[0]?.cause);
    const overseers = ['overseer-1', 'overseer-2'];
    const wrong = async (burst: string, rule: string, name: string) => {
      const order = ['--burst', burst, '--rules', rule, '--reason', 'a true outbreak', '--yes'];
      const place = ['--key', key(name), '--out', file('wrong.release'), ...secret()];
      return (await issuer('release-statement', ...order, ...place)).stderr;
    };
    const [id] = ids;
    expect(await wrong(id, 'close-contact-7d@1', `${REGION}.operator-2`)).toMatch(
      /federation\.json lists the overseers\. \[release-refused\]\n$/,
    );
    expect(await wrong('health/rule:other@1/496880', 'close-contact-7d@1', 'overseer-1')).toMatch(
      /\[release-refused\]\n$/,
    );
    expect(await wrong('health', 'close-contact-7d@1', 'overseer-1')).toMatch(/\[burst-unknown\]\n$/);
    expect(await wrong(id, 'no-rule@1', 'overseer-1')).toMatch(/\(at --rules\) \[rule-unknown\]\n$/);
    for (const [index, { id }] of held.entries()) {
      const both = overseers.map((name) => file(`${name}.${index}.release`));
      for (const [at, name] of overseers.entries()) {
        const order = ['--burst', id, '--rules', 'close-contact-7d@1', '--reason', 'a true outbreak'];
        const place = ['--key', key(name), '--out', both[at] ?? '', ...secret()];
        expect((await issuer('release-statement', ...order, ...place)).code).toBe(64);
        const { code, stderr } = await issuer('release-statement', ...order, ...place, '--yes');
        expect([code, stderr]).toEqual([0, expect.stringMatching(/Release +close-contact-7d@1: red/)]);
      }
      const once = await issuer('release', both[0] ?? '', both[0] ?? '');
      expect([once.code, once.stderr]).toEqual([65, expect.stringMatching(/\[same-operator\]\n$/)]);
      const released = { id, state: 'released', rules: ['close-contact-7d@1'] };
      expect(await answer(issuer('release', ...both, '--json'))).toEqual(released);
    }
    expect((await answer(issuer('bursts', '--json'))).held).toEqual([]);
  });
});
