import { cp, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parseInstant } from '@symbolon/protocol/instant';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PASSPHRASE, regionContent, writeContent, writeKeys } from '../support/ceremony-folder.ts';
import { type CliResult, runCli, temporaryFolder } from '../support/cli.ts';
import { startFakeKms } from '../support/fake-kms.ts';
import { startFakeS3 } from '../support/fake-s3.ts';
import { ADMINS, BEIJING, foundRegistry, ONLINE } from '../support/founded-registry.ts';
import { writeFiles } from '../support/registry-folder.ts';

/** Ceremonies as admins run them: a process for each command, and folders that travel. */

const FOUNDED = parseInstant('2026-09-07T08:00:00Z');
const CLOCK = '2026-09-15T10:00:00Z';
const PUBLIC = ['chen', 'online-2', 'issuing-3', 'gd-a', 'gd-b', 'gd-c', 'CN-GD.keys', 'gd-issuing'];
const KEYS = [...ADMINS, ...BEIJING.admins, BEIJING.keys, ONLINE, 'issuing-1', 'issuing-2', ...PUBLIC];

let home: Awaited<ReturnType<typeof temporaryFolder>>;
let kids: Record<string, string>;
let pristine: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
const file = (name: string) => join(home.path, name);

beforeAll(async () => {
  home = await temporaryFolder();
  ({ files: pristine } = await foundRegistry({ now: FOUNDED }));
  kids = await writeKeys(home.path, KEYS);
  await writeFile(file('passphrase'), PASSPHRASE, { mode: 0o600 });
  await writeFile(file('root.json'), pristine.get('metadata/1.root.json') ?? '');
  await writeContent(file('CN-GD'), regionContent('CN-GD'));
});
afterAll(() => home.remove());

beforeEach(async () => {
  for (const name of await readdir(home.path)) {
    if (name === 'registry' || name.startsWith('event')) await rm(file(name), { recursive: true });
  }
  await writeFiles(home.path, pristine);
});

const ENVIRONMENT = () => ({
  SYMBOLON_REGISTRY: file('registry'),
  SYMBOLON_ROOT: file('root.json'),
  SYMBOLON_TEST_CLOCK: CLOCK,
  NODE_COMPILE_CACHE: file('compiled'),
});
const run = (args: readonly string[], environment: Record<string, string> = {}): Promise<CliResult> =>
  runCli(['registry', ...args], { home: home.path, environment: { ...ENVIRONMENT(), ...environment } });
const jwe = (...names: readonly string[]) => names.map((name) => file(`${name}.jwe`));
const pub = (...names: readonly string[]) => names.map((name) => file(`${name}.pub.json`));
const sign = (event: string, ...names: readonly string[]) =>
  run(['sign', event, '--key', ...jwe(...names), '--passphrase-file', file('passphrase'), '--yes']);
const publish = (event: string, ...more: readonly string[]) =>
  run(['publish', event, '--online-key', ...jwe('online'), '--passphrase-file', file('passphrase'), ...more]);
const lastLine = (text: string) => text.trim().split('\n').at(-1) ?? '';
const published = async () => JSON.parse((await run(['status', '--json'])).stdout);

/** `pub:wang` for Wang's public key file, `kid:wang` for its kid. */
const named = (args: readonly string[]) =>
  args.map((arg) => {
    const [, kind, name = ''] = /^(pub|kid):(.+)$/.exec(arg) ?? [];
    if (kind === undefined) return arg;
    return kind === 'pub' ? file(`${name}.pub.json`) : (kids[name] ?? '');
  });

/** What lies in a folder, by path. */
async function contents(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    await Promise.all(
      files.map(async (path) => [path.slice(folder.length + 1), await readFile(path, 'utf8')]),
    ),
  );
}

describe('proposing', () => {
  it('shows what changes and who must sign, and writes a folder without a secret in it', async () => {
    const { code, stdout } = await run(['rotate', 'targets', '--event', file('event'), '--json']);
    expect([code, JSON.parse(stdout)]).toMatchObject([
      0,
      {
        event: file('event'),
        title: 'rotate targets',
        changes: [{ role: 'targets', mark: 'changed', subject: 'expires', after: '"2027-09-15T10:00:00Z"' }],
        roles: [{ role: 'targets', version: 2, by: [{ threshold: 2, missing: 2, signed: [] }] }],
      },
    ]);
    const files = await contents(file('event'));
    expect(Object.keys(files).toSorted()).toEqual(['DIFF.md', 'event.json', 'metadata/2.targets.json']);
    expect(Object.values(files).join()).not.toContain('"d"');
  });

  it.each<[string, string[]]>([
    ['add-region', ['CN-GD', '--admin', 'pub:gd-a', 'pub:gd-b', 'pub:gd-c', '--keys', 'pub:CN-GD.keys']],
    ['rotate', ['issuing', 'CN-BJ', '--new', 'pub:issuing-3']],
    ['rotate', ['venue', 'CN-BJ', '--new', 'pub:issuing-3']],
    ['rotate', ['online', '--online', 'pub:online-2']],
    ['rotate', ['region', 'CN-BJ', '--renew-keys']],
    ['revoke-key', ['CN-BJ', 'kid:issuing-1', '--since', CLOCK, '--reason', 'leaked']],
    ['add-admin', ['pub:chen']],
  ])('--dry-run of %s %j shows it and writes nothing', async (command, args) => {
    const before = await contents(file('registry'));
    const { code, stdout } = await run([command, ...named(args), '--event', file('event'), '--dry-run']);
    expect([code, lastLine(stdout)]).toEqual([0, 'Nothing was written (--dry-run).']);
    expect(stdout).toMatch(/^[+-] /m);
    expect(await readdir(home.path)).not.toContain('event');
    expect(await contents(file('registry'))).toEqual(before);
  });

  it('a second change is added to the event, and the same one again changes nothing', async () => {
    const add = ['add-admin', ...pub('chen'), '--event', file('event')];
    expect((await run(add)).code).toBe(0);
    // As a shell completes it.
    const remove = ['remove-admin', kids['zhao'] ?? '', '--event', `${file('event')}/`, '--json'];
    const both = JSON.parse((await run(remove)).stdout);
    expect(both.changes.map(({ subject }: { subject: string }) => subject)).toEqual(
      expect.arrayContaining([`key ${kids['chen']} of root`, `key ${kids['zhao']} of root`]),
    );
    const before = await contents(file('event'));
    const again = await run(add);
    expect([again.code, again.stderr]).toEqual([0, expect.stringContaining('in the event already')]);
    expect(await contents(file('event'))).toEqual(before);
  });

  it('when writing broke off between two renames, the former event is back with the next command', async () => {
    expect((await run(['rotate', 'targets', '--event', file('event')])).code).toBe(0);
    const before = await contents(file('event'));
    const former = file('event.symbolon-former-8d3f6e0a-1b2c-4d5e-8f90-a1b2c3d4e5f6.tmp');
    await rename(file('event'), former);
    expect((await run(['diff', file('event')])).code).toBe(0);
    expect(await contents(file('event'))).toEqual(before);
    // What a later break has left is removed by the next command that writes, and by none that reads.
    await cp(file('event'), former, { recursive: true });
    expect((await run(['diff', file('event')])).code).toBe(0);
    expect(await contents(former)).toEqual(before);
    expect((await run(['rotate', 'root', '--event', file('event')])).code).toBe(0);
    expect((await readdir(home.path)).filter((name) => name.includes('symbolon-'))).toEqual([]);
  });

  it('folders beside an event that are not the tool’s own stay as they are', async () => {
    const mine = ['event.former', 'event.tmp', 'event.symbolon-former-mine.tmp'];
    expect((await run(['rotate', 'targets', '--event', file('event')])).code).toBe(0);
    for (const name of mine) await mkdir(file(name));
    for (const name of mine) await writeFile(join(file(name), 'notes.txt'), 'mine');
    expect((await run(['diff', file('event')])).code).toBe(0);
    expect((await run(['rotate', 'root', '--event', file('event')])).code).toBe(0);
    for (const name of mine) expect(await contents(file(name))).toEqual({ 'notes.txt': 'mine' });
  });

  it('REQ-CER-001 what event.json says is no reason to leave a change out', async () => {
    const revoke = ['revoke-key', 'CN-BJ', kids['issuing-1'] ?? '', '--since', CLOCK, '--reason', 'leaked'];
    expect((await run([...revoke, '--event', file('honest')])).code).toBe(0);
    expect((await run(['rotate', 'region', 'CN-BJ', '--renew-keys', '--event', file('event')])).code).toBe(0);
    const { changes } = JSON.parse(await readFile(join(file('honest'), 'event.json'), 'utf8'));
    const lie = { ...JSON.parse(await readFile(join(file('event'), 'event.json'), 'utf8')), changes };
    await writeFile(join(file('event'), 'event.json'), JSON.stringify(lie));
    const { code, stderr } = await run([...revoke, '--event', file('event')]);
    expect([code, lastLine(stderr)]).toEqual([65, expect.stringMatching(/\[event-malformed\]$/)]);
    expect(stderr).not.toContain('in the event already');
  });

  it.each<[string, string, string[], string]>([
    [
      'REQ-CER-002',
      'an admin out, with two left of which three must sign',
      ['remove-admin', 'kid:zhao', '--threshold', '3'],
      'threshold-unreachable',
    ],
    ['REQ-CER-006', 'a region that is not there', ['remove-region', 'CN-HA'], 'region-unknown'],
    [
      'REQ-CER-007',
      'a region that is there',
      ['add-region', 'CN-BJ', '--admin', 'pub:gd-a', '--keys', 'pub:CN-GD.keys'],
      'region-exists',
    ],
    ['REQ-CER-013', 'an admin who is none', ['remove-admin', 'kid:chen'], 'key-absent'],
    ['REQ-KEY-011', 'the same key twice', ['add-admin', 'pub:li'], 'key-duplicate'],
    [
      'REQ-KEY-012',
      'a key without its lead',
      [
        'rotate',
        'issuing',
        'CN-BJ',
        '--new',
        'pub:issuing-3',
        '--not-before',
        '2026-09-16T10:00:00Z',
        '--not-after',
        '2026-10-04T10:00:00Z',
      ],
      'key-without-lead',
    ],
  ])('%s refuses %s: exit 1, says why, and writes nothing', async (_, __, args, refusal) => {
    const { code, stderr } = await run([...named(args), '--event', file('event')]);
    expect([code, lastLine(stderr)]).toEqual([1, expect.stringMatching(new RegExp(`\\[${refusal}\\]$`))]);
    expect(await readdir(home.path)).not.toContain('event');
  });

  it('REQ-CER-005 the last key is not revoked by the way: the event stays as it was', async () => {
    const revoke = (name: string, ...more: readonly string[]) =>
      run([
        ...['revoke-key', 'CN-BJ', kids[name] ?? '', '--since', CLOCK, '--reason', 'leaked'],
        ...['--event', file('event'), ...more],
      ]);
    expect((await revoke('issuing-1')).code).toBe(0);
    const before = await contents(file('event'));
    const { code, stderr } = await revoke('issuing-2');
    expect([code, lastLine(stderr)]).toEqual([1, expect.stringMatching(/\[no-key-left\]$/)]);
    expect(await contents(file('event'))).toEqual(before);
    expect((await revoke('issuing-2', '--stop-issuing')).code).toBe(0);
  });

  it.each([
    ['revoke-key', 'CN-BJ', 'AAAAAAAAAAA', '--reason', 'leaked'],
    ['revoke-key', 'CN-BJ', 'AAAAAAAAAAA', '--since', CLOCK],
    ['revoke-key', 'CN-BJ', 'AAAAAAAAAAA', '--since', CLOCK, '--reason', 'It leaked.'],
    ['rotate', 'issuing', 'CN-BJ'],
    ['add-region', 'CN GD'],
    ['propose'],
  ])('wrong usage: %s %s %s', async (...args) => {
    expect((await run(args)).code).toBe(64);
  });
});

describe('signing', () => {
  const proposed = async () => {
    expect((await run(['rotate', 'targets', '--event', file('event')])).code).toBe(0);
  };

  it('copies of one folder, signed in two places, are merged by copying files', async () => {
    await proposed();
    await cp(file('event'), file('event-stick'), { recursive: true });
    await sign(file('event'), 'wang');
    await sign(file('event-stick'), 'zhao');
    await cp(file('event-stick'), file('event'), { recursive: true });
    const { stdout } = await run(['diff', file('event'), '--json']);
    expect(JSON.parse(stdout).roles[0].by[0]).toMatchObject({ missing: 0 });
    expect((await publish(file('event'))).code).toBe(0);
  });

  it('REQ-CER-009 a key that may sign nothing changes nothing', async () => {
    await proposed();
    const before = await contents(file('event'));
    const { code, stderr } = await sign(file('event'), 'bj-wu');
    expect([code, lastLine(stderr)]).toEqual([1, expect.stringMatching(/\[signer-unknown\]$/)]);
    expect(await contents(file('event'))).toEqual(before);
  });

  it('without a terminal nothing is signed unless it is said that someone looked', async () => {
    await proposed();
    const args = ['sign', file('event'), '--key', ...jwe('wang'), '--passphrase-file', file('passphrase')];
    const { code, stderr } = await run(args);
    expect([code, stderr]).toEqual([64, expect.stringContaining('--yes')]);
    expect(Object.keys(await contents(file('event')))).not.toContain('signatures');
  });

  it('what the folder says of itself is not what is shown', async () => {
    await proposed();
    await writeFile(join(file('event'), 'DIFF.md'), 'Nothing to see here.\n');
    const { stdout } = await run(['diff', file('event')]);
    expect(stdout).toMatch(/^\+ expires/m);
    expect(stdout).not.toContain('Nothing to see here');
  });

  it('REQ-CER-001 a damaged event is refused: exit 65', async () => {
    await proposed();
    await writeFile(join(file('event'), 'metadata', '2.targets.json'), '{}');
    const { code, stderr } = await sign(file('event'), 'wang');
    expect([code, lastLine(stderr)]).toEqual([65, expect.stringMatching(/\[event-malformed\]$/)]);
  });

  it('REQ-CER-001 signatures are not written through a link', async () => {
    await proposed();
    await mkdir(file('elsewhere'));
    await symlink(file('elsewhere'), join(file('event'), 'signatures'));
    const { code, stderr } = await sign(file('event'), 'wang');
    expect([code, lastLine(stderr)]).toEqual([65, expect.stringMatching(/\[event-malformed\]$/)]);
    expect(await readdir(file('elsewhere'))).toEqual([]);
  });

  it('what systems leave on a stick does no harm', async () => {
    await proposed();
    await writeFile(join(file('event'), '.DS_Store'), 'x');
    await writeFile(join(file('event'), 'Thumbs.db'), 'x');
    expect((await sign(file('event'), 'wang', 'li')).code).toBe(0);
  });

  it('an admin whose key is in KMS', async () => {
    const kms = await startFakeKms();
    const aws = {
      AWS_ENDPOINT_URL_KMS: kms.endpoint,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    };
    const address = 'awskms:///alias/chen';
    const admin = ['rotate', 'targets', '--admin', address, ...pub('wang'), '--threshold', '2'];
    expect((await run([...admin, '--event', file('event')], aws)).code).toBe(0);
    expect((await sign(file('event'), 'wang', 'li')).code).toBe(0);
    const { code } = await run(['sign', file('event'), '--key', address, '--yes'], aws);
    expect([code, (await publish(file('event'))).code]).toEqual([0, 0]);
    expect(kms.calls).toContain('Sign');
    await kms.stop();
  });
});

describe('publishing', () => {
  it('REQ-CER-011 too few signatures: exit 2, and who must sign still', async () => {
    await run(['rotate', 'targets', '--event', file('event')]);
    await sign(file('event'), 'li');
    const { code, stderr } = await publish(file('event'));
    expect(code).toBe(2);
    expect(stderr).toContain(`signed by ${kids['li']}; 1 of ${kids['wang']}, ${kids['zhao']} must sign`);
    expect((await published()).version).toBe(1);
  });

  it('REQ-CER-012 a second time it says so and exits with 0', async () => {
    await run(['rotate', 'targets', '--event', file('event')]);
    await sign(file('event'), 'li', 'wang');
    expect((await publish(file('event'), '--dry-run')).stdout).toContain('Nothing was written');
    expect((await published()).version).toBe(1);
    expect((await publish(file('event'))).stdout).toContain('version 2');
    const again = await publish(file('event'), '--json');
    expect([again.code, JSON.parse(again.stdout)]).toEqual([0, { published: false, version: 2 }]);
    const { stdout } = await run(['history', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      end: 'first',
      publications: [
        {
          version: 2,
          title: 'rotate targets',
          roles: [
            { role: 'targets', version: 2, threshold: 2, signed: expect.arrayContaining([kids['li']]) },
          ],
        },
        { version: 1, title: 'create' },
      ],
    });
  });

  it('REQ-REG-020 of two events on one role the second is proposed and signed again', async () => {
    await run(['rotate', 'targets', '--event', file('event-a')]);
    const add = [
      'add-region',
      'CN-GD',
      '--admin',
      ...pub('gd-a', 'gd-b', 'gd-c'),
      '--keys',
      ...pub('CN-GD.keys'),
    ];
    await run([...add, '--event', file('event-b')]);
    for (const event of ['event-a', 'event-b']) await sign(file(event), 'wang', 'zhao');
    expect((await publish(file('event-a'))).code).toBe(0);
    const late = await publish(file('event-b'));
    expect([late.code, lastLine(late.stderr)]).toEqual([
      1,
      expect.stringMatching(/\[publication-conflict\]$/),
    ]);
    expect((await run(['propose', '--event', file('event-b')])).code).toBe(0);
    expect((await publish(file('event-b'))).code).toBe(2);
    await sign(file('event-b'), 'wang', 'zhao');
    expect((await publish(file('event-b'))).code).toBe(0);
    expect((await published()).unusable).toEqual({ 'CN-GD': 'metadata-missing' });
  });

  it('a part that is signed enough can be published by itself, and whoever publishes the rest is told', async () => {
    await run(['rotate', 'targets', '--event', file('event')]);
    await run(['rotate', 'region', 'CN-BJ', '--event', file('event')]);
    await sign(file('event'), 'wang', 'zhao', 'bj-wu', 'bj-ma');
    const part = file('event-part');
    await cp(file('event'), part, { recursive: true });
    for (const path of Object.keys(await contents(part))) {
      if (path.includes('2.targets.')) await rm(join(part, path));
    }
    const json = JSON.parse(await readFile(join(part, 'event.json'), 'utf8'));
    await writeFile(
      join(part, 'event.json'),
      JSON.stringify({ ...json, roles: [{ role: 'CN-BJ', version: 2 }] }),
    );
    expect((await publish(part)).code).toBe(0);
    const { code, stderr } = await publish(file('event'));
    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining('A part of this event was published before: CN-BJ 2.'),
    ]);
  });

  it('two events on different roles do not disturb each other', async () => {
    await run(['rotate', 'targets', '--event', file('event-a')]);
    await run(['rotate', 'region', 'CN-BJ', '--event', file('event-b')]);
    await sign(file('event-a'), 'wang', 'zhao');
    await sign(file('event-b'), 'bj-wu', 'bj-ma');
    expect([(await publish(file('event-b'))).code, (await publish(file('event-a'))).code]).toEqual([0, 0]);
    expect((await published()).version).toBe(3);
  });

  it('an online key that is none publishes nothing', async () => {
    await run(['rotate', 'targets', '--event', file('event')]);
    await sign(file('event'), 'li', 'wang');
    const keys = ['--online-key', ...jwe('online-2'), '--passphrase-file', file('passphrase')];
    const { code, stderr } = await run(['publish', file('event'), ...keys]);
    expect([code, stderr]).toEqual([64, expect.stringContaining('may not sign snapshot and timestamp')]);
    expect((await published()).version).toBe(1);
  });

  it('new files of a region: propose, and what is the same is not proposed', async () => {
    await writeContent(file('event-files'), regionContent('CN-BJ'));
    const propose = ['propose', '--region', 'CN-BJ', '--files', file('event-files')];
    const same = await run([...propose, '--event', file('event')]);
    expect([same.code, lastLine(same.stderr)]).toEqual([1, expect.stringMatching(/\[change-empty\]$/)]);
    const recognition = { region: 'CN-BJ', schemes: {} };
    await writeFile(join(file('event-files'), 'recognition.json'), JSON.stringify(recognition));
    expect((await run([...propose, '--event', file('event')])).code).toBe(0);
    await sign(file('event'), 'bj-sun', 'bj-ma');
    expect((await publish(file('event'))).code).toBe(0);
  });
});

describe('where a registry is', () => {
  it('a bucket: the same commands, and no test clock where others read', async () => {
    const s3 = await startFakeS3();
    for (const [path, bytes] of pristine) s3.objects.set(`/hub/registry/${path}`, Buffer.from(bytes));
    const bucket = {
      SYMBOLON_REGISTRY: 's3://hub/registry/',
      AWS_ENDPOINT_URL_S3: s3.endpoint,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    };
    await run(['rotate', 'targets', '--event', file('event')], bucket);
    await sign(file('event'), 'wang', 'li');
    const keys = ['--online-key', ...jwe('online'), '--passphrase-file', file('passphrase')];
    const refused = await run(['publish', file('event'), ...keys], bucket);
    expect([refused.code, refused.stderr]).toEqual([64, expect.stringContaining('SYMBOLON_TEST_CLOCK')]);
    const { SYMBOLON_TEST_CLOCK: _, ...environment } = ENVIRONMENT();
    const done = await runCli(['registry', 'publish', file('event'), ...keys], {
      home: home.path,
      environment: { ...environment, ...bucket },
    });
    expect([done.code, done.stderr]).toEqual([0, '']);
    expect([...s3.objects.keys()]).toContain('/hub/registry/metadata/2.targets.json');
    await s3.stop();
  });

  it('a web address is read only: its function gets the files of the event, and its refusal comes back', async () => {
    const posted: { url: string | undefined; files: Record<string, string> }[] = [];
    const answers = [
      { status: 422, body: { code: 'event-unsigned' } },
      { status: 201, body: { snapshotVersion: 7 } },
    ];
    const server = createServer(async (request, response) => {
      if (request.method === 'GET') {
        const bytes = pristine.get((request.url ?? '').slice('/registry/'.length));
        response.statusCode = bytes === undefined ? 404 : 200;
        response.end(bytes);
        return;
      }
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      posted.push({ url: request.url, ...JSON.parse(Buffer.concat(chunks).toString()) });
      const { status, body } = answers.shift() ?? { status: 500, body: {} };
      response.statusCode = status;
      response.end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { SYMBOLON_TEST_CLOCK: _, ...environment } = ENVIRONMENT();
    const online = (args: readonly string[]) =>
      runCli(['registry', ...args], {
        home: home.path,
        environment: { ...environment, SYMBOLON_REGISTRY: `${base}/registry` },
      });
    await online(['rotate', 'targets', '--event', file('event')]);
    await sign(file('event'), 'wang', 'li');
    const readOnly = await online(['publish', file('event'), '--online-key', ...jwe('online')]);
    expect([readOnly.code, readOnly.stderr]).toEqual([64, expect.stringContaining('--publish-url')]);
    const refused = await online(['publish', file('event'), '--publish-url', base]);
    expect([refused.code, lastLine(refused.stderr)]).toEqual([
      2,
      expect.stringMatching(/\[event-unsigned\]$/),
    ]);
    const done = await online(['publish', file('event'), '--publish-url', base]);
    expect([done.code, done.stdout]).toEqual([0, 'Published: the registry has version 7.\n']);
    expect(posted.map(({ url }) => url)).toEqual(['/publications', '/publications']);
    expect(posted[1]?.files).toEqual(await contents(file('event')));
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it.each(['ftp://example.org/registry', 'http://example.org/registry', 's3:///x'])(
    'not at %s',
    async (address) => {
      expect((await run(['history', '--registry', address])).code).toBe(64);
    },
  );

  it('REQ-REG-013 another root than that of the registry is told apart', async () => {
    const other = await foundRegistry({ now: parseInstant('2026-09-07T09:00:00Z') });
    await writeFile(file('event-root.json'), other.files.get('metadata/1.root.json') ?? '');
    const { code, stderr } = await run(['status', '--root', file('event-root.json')]);
    expect([code, lastLine(stderr)]).toEqual([65, expect.stringMatching(/\[root-mismatch\]$/)]);
  });
});

describe('help', () => {
  const commands = [
    ...['status', 'history', 'doctor', 'create', 'add-region', 'remove-region', 'add-admin', 'remove-admin'],
    ...['root', 'targets', 'region', 'issuing', 'status', 'venue', 'online'].map((each) => `rotate ${each}`),
    ...['revoke-key', 'propose', 'diff', 'sign', 'publish'],
  ];
  it.each(commands)('registry %s has an example', async (command) => {
    const { code, stdout } = await run([...command.split(' '), '--help']);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/Examples?[^\n]*:\n {2}(out=\$\()?symbolon registry /),
    ]);
  });
});
