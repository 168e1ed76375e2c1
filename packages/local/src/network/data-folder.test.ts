import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataFolderError, openDataFolder } from './data-folder.ts';

let path: string;
beforeEach(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'symbolon-data-')), 'data');
});
afterEach(() => rm(join(path, '..'), { recursive: true }));

describe('the data folder', () => {
  it('is for its owner only, remembers its port, and is locked while it is open', async () => {
    const first = await openDataFolder(path, false);
    expect((await stat(path)).mode & 0o777).toBe(0o700);
    await first.settle(4100);
    await expect(openDataFolder(path, false)).rejects.toThrow(DataFolderError);
    await first.release();
    const second = await openDataFolder(path, false);
    expect(second.port).toBe(4100);
    await second.release();
  });

  it('takes over the lock of a process that was killed', async () => {
    await (await openDataFolder(path, false)).release();
    // No process has this id: Linux ends at 2^22.
    await writeFile(join(path, 'lock'), '99999999');
    const folder = await openDataFolder(path, false);
    await folder.release();
    expect(await readdir(path)).not.toContain('lock');
  });

  it('makes anew what was left half made, and keeps what was settled', async () => {
    const broken = await openDataFolder(path, false);
    await writeFile(broken.file('half'), 'x');
    await broken.release();
    const again = await openDataFolder(path, false);
    expect(await readdir(path)).not.toContain('half');
    await writeFile(again.file('kept'), 'x');
    await again.settle(4100);
    await again.release();
    const third = await openDataFolder(path, false);
    expect(await readdir(path)).toContain('kept');
    await third.release();
  });
});
