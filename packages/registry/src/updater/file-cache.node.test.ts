import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { utf8 } from '@symbolon/protocol/bytes';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FileCache, fileCache } from './file-cache.node.ts';

let folder: string;
let cache: FileCache;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'symbolon-cache-'));
  cache = fileCache(join(folder, 'cache'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a cache in a folder that is not there yet', () => {
  it('is empty: there is nothing to read, to remove or to forget', async () => {
    expect(await cache.read('metadata/timestamp.json')).toBeUndefined();
    await cache.remove('metadata/timestamp.json');
    await cache.retain(new Set(['metadata/timestamp.json']));
    await cache.write('metadata/timestamp.json', utf8('first'));
    expect(await cache.read('metadata/timestamp.json')).toEqual(utf8('first'));
  });
});

describe('a fault of the file system is told, and never taken for an empty cache', () => {
  it('a file where the folder should be', async () => {
    await writeFile(join(folder, 'cache'), '');
    await expect(cache.retain(new Set())).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  it('a link that leads to itself', async () => {
    await mkdir(join(folder, 'cache'));
    await symlink('timestamp.json', join(folder, 'cache', 'timestamp.json'));
    await expect(cache.read('timestamp.json')).rejects.toMatchObject({ code: 'ELOOP' });
  });

  it('a path that is longer than the system takes, though none of its names is', async () => {
    // Room for the folders, and none for a file in them.
    const names = Math.floor((4094 - join(folder, 'cache').length) / 201);
    const path = `${'n'.repeat(200)}/`.repeat(names);
    await expect(cache.write(`${path}${'f'.repeat(220)}`, utf8('x'))).rejects.toMatchObject({
      code: 'ENAMETOOLONG',
    });
  });

  it('as many half-written files as other writers may have left, and one more', async () => {
    await mkdir(join(folder, 'cache'));
    for (let i = 0; i < 64; i++) await writeFile(join(folder, 'cache', `a.json,${i},aside`), '');
    await expect(cache.write('a.json', utf8('x'))).rejects.toMatchObject({
      code: 'storage-failed',
      bound: 64,
    });
    await cache.retain(new Set());
    await cache.write('a.json', utf8('x'));
    expect(await cache.read('a.json')).toEqual(utf8('x'));
  });
});
