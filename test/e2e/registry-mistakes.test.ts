import { spawnSync } from 'node:child_process';
import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { algorithmOf } from '@symbolon/keys/algorithms';
import { kidOf } from '@symbolon/keys/kid';
import { publicPart } from '@symbolon/keys/private-key';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { parseInstant } from '@symbolon/protocol/instant';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  federationContent,
  PASSPHRASE,
  regionContent,
  writeContent,
  writeKeys,
} from '../support/ceremony-folder.ts';
import { LAUNCHER, runCli, temporaryFolder } from '../support/cli.ts';
import { ADMINS, foundRegistry } from '../support/founded-registry.ts';
import { writeFiles } from '../support/registry-folder.ts';

/** What goes wrong at an admin's shell, and what is said then. */

const CLOCK = '2026-09-15T10:00:00Z';
let home: Awaited<ReturnType<typeof temporaryFolder>>;
let environment: Record<string, string>;
let kids: Record<string, string>;
const file = (name: string) => join(home.path, name);
const run = (args: readonly string[], more: Record<string, string> = {}) =>
  runCli(['registry', ...args], { home: home.path, environment: { ...environment, ...more } });

beforeAll(async () => {
  home = await temporaryFolder();
  environment = {
    SYMBOLON_REGISTRY: file('registry'),
    SYMBOLON_ROOT: file('root.json'),
    SYMBOLON_TEST_CLOCK: CLOCK,
  };
  const { files } = await foundRegistry({ now: parseInstant('2026-09-07T08:00:00Z') });
  await writeFiles(home.path, files);
  kids = await writeKeys(home.path, [...ADMINS, 'issuing-1']);
  await writeFile(file('passphrase'), PASSPHRASE, { mode: 0o600 });
  await writeFile(file('root.json'), files.get('metadata/1.root.json') ?? '');
  await writeContent(file('CN-GD'), regionContent('CN-GD'));
  await writeContent(file('federation'), federationContent());
});
afterAll(() => home.remove());
afterEach(() => rm(file('event'), { recursive: true, force: true }));

/** In a shell, as it is typed. */
const shell = (command: string) =>
  spawnSync('sh', ['-c', command], {
    cwd: home.path,
    env: {
      PATH: process.env['PATH'],
      HOME: home.path,
      ...environment,
      SYMBOLON: LAUNCHER,
      NODE: process.execPath,
    },
    encoding: 'utf8',
  });
const SIGN = '"$NODE" "$SYMBOLON" registry sign event --key wang.jwe --passphrase-file passphrase --yes';

describe.runIf(process.platform !== 'win32')('an output that nobody reads', () => {
  it('cuts nothing short: the event is signed when the reader is gone', async () => {
    expect((await run(['rotate', 'targets', '--event', file('event')])).code).toBe(0);
    shell(`${SIGN} 2>/dev/null | head -0`);
    expect(await readdir(file('event'))).toContain('signatures');
  });

  it('is no success when the work failed', () => {
    const { stdout } = shell(`{ ${SIGN}; echo "$?" >code; } 2>/dev/null | head -0; cat code`);
    expect(stdout).toBe('73\n');
  });

  it.runIf(process.platform === 'linux')('that is full is told in a sentence', () => {
    const { status, stderr } = shell('"$NODE" "$SYMBOLON" registry status >/dev/full');
    expect([status, stderr]).toEqual([
      73,
      expect.stringContaining('Standard output cannot be written (ENOSPC)'),
    ]);
  });
});

describe('a kid that begins with "-"', () => {
  const jwks = Array.from({ length: 1000 }, (_, number) =>
    publicPart(insecurePrivateKeyFromSeed('EdDSA', `kid ${number}`)),
  );
  const jwk = jwks.find((each) => kidOf(each).startsWith('-'));

  it('can be removed, and asked to be revoked', async () => {
    if (jwk === undefined) return expect.unreachable();
    const kid = kidOf(jwk);
    await writeFile(file('dash.pub.json'), JSON.stringify({ kid, alg: algorithmOf(jwk).alg, jwk }));
    const event = ['--event', file('event')];
    expect((await run(['add-admin', file('dash.pub.json'), ...event])).code).toBe(0);
    const removed = await run(['remove-admin', kid, ...event]);
    expect([removed.code, removed.stderr]).toEqual([0, expect.not.stringContaining('option')]);
    const revoke = ['revoke-key', 'CN-BJ', kid, '--since', CLOCK, '--reason', 'leaked', ...event];
    const revoked = await run(revoke);
    expect([revoked.code, revoked.stderr]).toEqual([1, expect.stringContaining('[key-absent]')]);
  });
});

describe('a mistake is refused before anything is written', () => {
  it.each<[string, string[], number, string]>([
    ["files of a region as the federation's", ['propose', '--files', 'CN-GD'], 64, 'did you mean --region?'],
    [
      "the federation's files as a region's",
      ['add-region', 'CN-GD', '--admin', 'wang.pub.json', '--keys', 'li.pub.json', '--files', 'federation'],
      64,
      'not the folder of a region',
    ],
    ['a folder that is not there', ['propose', '--files', 'nowhere'], 73, '(ENOENT, --files)'],
    [
      'a theft in the future',
      ['revoke-key', 'CN-BJ', 'kid:issuing-1', '--since', '2026-09-15T10:00:01Z', '--reason', 'leaked'],
      64,
      '--since is in the future',
    ],
    [
      'a title for terminals',
      ['rotate', 'targets', '--title', 'red \u001b[31m'],
      64,
      'without control characters',
    ],
    [
      'a registry that is not there',
      ['rotate', 'targets', '--registry', '/nowhere/at/all'],
      73,
      '--registry',
    ],
    [
      'a root that is not there',
      ['rotate', 'targets', '--root', '/nowhere/root.json'],
      73,
      'no root at --root',
    ],
    ['a key that is not there', ['add-admin', 'nobody.pub.json'], 73, '(ENOENT, nobody.pub.json)'],
  ])('%s', async (_, typed, exitCode, says) => {
    const args = typed.map((arg) => {
      if (arg.startsWith('kid:')) return kids[arg.slice(4)] ?? '';
      return ['CN-GD', 'federation', 'nowhere'].includes(arg) && typed.at(-1) === arg ? file(arg) : arg;
    });
    const there = args.map((arg) => (arg.endsWith('.pub.json') ? file(arg) : arg));
    const { code, stderr } = await run([...there, '--event', file('event')]);
    expect([code, stderr]).toEqual([exitCode, expect.stringContaining(says)]);
    expect(await readdir(home.path)).not.toContain('event');
  });

  it('a registry that cannot be reached is no matter of verifiers', async () => {
    const { code, stderr } = await run(['history'], { SYMBOLON_REGISTRY: 'http://127.0.0.1:9/registry' });
    expect([code, stderr]).toEqual([
      69,
      expect.stringMatching(/check the address.*\[metadata-unreachable\]/),
    ]);
  });
});

it.runIf(process.platform !== 'win32')('others can read an event, whatever the umask', async () => {
  const { status } = shell(
    `umask 077 && "$NODE" "$SYMBOLON" registry rotate targets --event event && ${SIGN}`,
  );
  expect(status).toBe(0);
  const entries = await readdir(file('event'), { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const { mode } = await stat(join(entry.parentPath, entry.name));
    expect([entry.name, mode & 0o777]).toEqual([entry.name, entry.isDirectory() ? 0o755 : 0o644]);
  }
  expect((await stat(file('event'))).mode & 0o777).toBe(0o755);
});
