import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Mirror, serving, startMirror } from '../support/mirror.ts';
import { PYTHON_TUF, pythonTufFiles } from '../support/python-tuf.ts';

/**
 * The executable that TUF's public conformance suite drives (`npm run conformance:tuf`), on the repository that python-tuf made. It is started
 * as the suite starts it: by its path, with whatever Node the shell has.
 */

const CLIENT = fileURLToPath(new URL('../../packages/cli/bin/tuf-client', import.meta.url));

let folder: string;
let metadataDir: string;
let targetDir: string;
let mirror: Mirror;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'symbolon-tuf-client-'));
  [metadataDir, targetDir] = [join(folder, 'metadata'), join(folder, 'targets')];
  mirror = await startMirror(serving(await pythonTufFiles()));
});

afterEach(async () => {
  await mirror.close();
  await rm(folder, { recursive: true, force: true });
});

async function run(...argv: readonly string[]): Promise<{ code: number | null; errors: string }> {
  const child = spawn(CLIENT, argv, { stdio: ['ignore', 'inherit', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const code = await new Promise<number | null>((ended, failed) => {
    child.once('error', failed).once('close', ended);
  });
  return { code, errors };
}

const init = () => run('--metadata-dir', metadataDir, 'init', join(PYTHON_TUF, 'metadata', '1.root.json'));
const refresh = () =>
  run('--metadata-dir', metadataDir, '--metadata-url', `${mirror.url}/metadata/`, 'refresh');
const download = (...names: readonly string[]) =>
  run(
    ...['--metadata-dir', metadataDir, '--metadata-url', `${mirror.url}/metadata`],
    ...names.flatMap((name) => ['--target-name', name]),
    ...['--target-base-url', `${mirror.url}/targets/`, '--target-dir', targetDir, 'download'],
  );

const OK = { code: 0, errors: '' };

describe('tuf-client', () => {
  it('REQ-REG-001 asks nothing without a root, and nothing to begin with one', async () => {
    expect(await refresh()).toMatchObject({ code: 1, errors: expect.stringContaining('no-trust-anchor') });
    expect(await init()).toEqual(OK);
    expect(mirror.asked).toEqual([]);
    expect(await readdir(metadataDir)).toEqual(['root.json']);
  });

  it('REQ-REG-009 keeps the newest metadata under names without versions', async () => {
    await init();
    expect(await refresh()).toEqual(OK);
    const names = await readdir(metadataDir);
    expect(names.toSorted()).toEqual(['root.json', 'snapshot.json', 'targets.json', 'timestamp.json']);
    for (const name of names) {
      const published = name === 'timestamp.json' ? name : `${name === 'root.json' ? 3 : 2}.${name}`;
      expect(await readFile(join(metadataDir, name))).toEqual(
        await readFile(join(PYTHON_TUF, 'metadata', published)),
      );
    }
  });

  it('REQ-REG-011 downloads targets in the order given, once, and ends at the first that fails', async () => {
    await init();
    expect(await download('deep/file.txt', 'top.txt')).toEqual(OK);
    expect((await readdir(targetDir)).toSorted()).toEqual(['deep%2Ffile.txt', 'top.txt']);
    expect(await readFile(join(targetDir, 'deep%2Ffile.txt'), 'utf8')).toBe('four deep');
    mirror.asked.length = 0;
    expect(await download('top.txt')).toEqual(OK);
    expect(mirror.asked).toEqual(['metadata/4.root.json', 'metadata/timestamp.json']);
    expect(await download('closed/file.txt', 'open/1.txt')).toMatchObject({
      code: 1,
      errors: expect.stringContaining('target-unknown'),
    });
    expect(await readdir(targetDir)).toHaveLength(2);
  });

  it.each([
    ['the folder of the metadata', (dir: string) => dir],
    ['the same by another way', (dir: string) => join(dir, '..', 'link')],
    ['a folder in it', (dir: string) => join(dir, 'new', 'targets')],
    ['a folder in it by a link', (dir: string) => join(dir, '..', 'link', 'new')],
    ['a folder around it', (dir: string) => join(dir, '..')],
  ])('REQ-REG-001 takes no targets into %s, where one could replace the anchor', async (_what, folderOf) => {
    await init();
    await symlink(metadataDir, join(folder, 'link'));
    targetDir = folderOf(metadataDir);
    const { code, errors } = await download('top.txt');
    expect(code).toBe(1);
    expect(errors).toContain('--target-dir and --metadata-dir must be two folders');
    expect(errors).toContain('usage:');
    expect(mirror.asked).toEqual([]);
    expect(await readdir(metadataDir)).toEqual(['root.json']);
  });

  it.each([
    [[]],
    [['--metadata-dir', 'd', 'refresh']],
    [['--metadata-dir', 'd', 'init']],
    [['--metadata-dir', 'd', '--metadata-url', 'u', 'download']],
    [['--metadata-dir', 'd', '--unknown', 'u', 'refresh']],
    [['--metadata-dir', 'd', '--metadata-url', 'u', 'refresh', 'more']],
  ])('says how it is used: %j', async (argv) => {
    expect(await run(...argv)).toMatchObject({ code: 1, errors: expect.stringContaining('usage:') });
    expect(mirror.asked).toEqual([]);
  });
});
