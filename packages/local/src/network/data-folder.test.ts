import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
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
    await writeFile(join(path, 'symbolon.lock'), '99999999');
    const folder = await openDataFolder(path, false);
    await folder.release();
    expect(await readdir(path)).not.toContain('symbolon.lock');
  });

  it.each(['network.json', 'making', 'lock'])(
    'takes no folder for its own because of a file called %s',
    async (name) => {
      await mkdir(path);
      await writeFile(join(path, name), '{"nodes":3}');
      for (const reset of [false, true]) {
        await expect(openDataFolder(path, reset)).rejects.toThrow(/not a Symbolon network/);
        expect(await readdir(path)).toEqual([name]);
      }
    },
  );

  it('a reset leaves what is not of the network: a wallet, a pinned root, anything', async () => {
    await mkdir(join(path, 'trust'), { recursive: true });
    await writeFile(join(path, 'wallet.json'), 'keys');
    const first = await openDataFolder(path, false);
    await mkdir(first.file('keys'));
    await first.settle(4100);
    await writeFile(first.file('notes.txt'), 'mine');
    await first.release();
    const again = await openDataFolder(path, true);
    await again.release();
    expect((await readdir(path)).toSorted()).toEqual([
      'notes.txt',
      'symbolon-making',
      'trust',
      'wallet.json',
    ]);
  });

  it('makes anew what was left half made, and keeps what was settled', async () => {
    const broken = await openDataFolder(path, false);
    await mkdir(broken.file('keys'));
    await broken.release();
    const again = await openDataFolder(path, false);
    expect(await readdir(path)).not.toContain('keys');
    await writeFile(again.file('kept'), 'x');
    await again.settle(4100);
    await again.release();
    const third = await openDataFolder(path, false);
    expect(await readdir(path)).toContain('kept');
    await third.release();
  });

  it.each(['{"symbolonData":1,"port":4100}', '{"symbolonData":99,"port":4100,"more":{}}'])(
    'changes nothing in a folder of another version, and says what can be done: %s',
    async (marker) => {
      await mkdir(join(path, 'keys'), { recursive: true });
      await writeFile(join(path, 'keys', 'admin-1.jwe'), 'sealed');
      await writeFile(join(path, 'symbolon-network.json'), marker);
      for (let attempt = 0; attempt < 2; attempt++)
        await expect(openDataFolder(path, false)).rejects.toThrow(
          `The data folder ${path} was made by another version of Symbolon. Nothing was changed: start afresh with --reset, or give another folder with --data.`,
        );
      expect((await readdir(path)).toSorted()).toEqual(['keys', 'symbolon-network.json']);
      expect(await readFile(join(path, 'symbolon-network.json'), 'utf8')).toBe(marker);
      expect(await readFile(join(path, 'keys', 'admin-1.jwe'), 'utf8')).toBe('sealed');

      const afresh = await openDataFolder(path, true);
      expect(afresh.port).toBeUndefined();
      expect(await readdir(path)).not.toContain('keys');
      await afresh.release();
    },
  );

  it.each(['', '{', '[]', '{"symbolonData":"1"}'])(
    'says that a marker is damaged where it is, and changes nothing: %s',
    async (marker) => {
      await mkdir(join(path, 'keys'), { recursive: true });
      await writeFile(join(path, 'symbolon-network.json'), marker);
      await expect(openDataFolder(path, false)).rejects.toThrow(/is damaged .*--reset/);
      expect((await readdir(path)).toSorted()).toEqual(['keys', 'symbolon-network.json']);
    },
  );
});
