import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { utf8 } from '@symbolon/protocol/bytes';
import { fileCache } from '@symbolon/registry/file-cache';
import { indexedDbCache } from '@symbolon/registry/indexed-db-cache';
import { memoryCache } from '@symbolon/registry/memory-cache';
import { openRegistry } from '@symbolon/registry/open-registry';
import { cacheFiles, refresh } from '@symbolon/registry/refresh';
import type { Cache, Repository } from '@symbolon/registry/updater-ports';
import { IDBFactory, IDBObjectStore } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildFederation, FIXTURE_NOW } from '../support/federation-fixture.ts';

/** What a later process, or the page when it is opened again, finds: each call of `open` shares nothing but what was kept. */
interface Kind {
  open(): Cache;
  /** Writes, and dies after the bytes have left this process's hands but before the write was finished. */
  writeAndCrash?(path: string, text: string): Promise<void>;
}

let folder: string;
let databases: IDBFactory;
let open: { close(): Promise<void> }[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'symbolon-cache-'));
  databases = new IDBFactory();
  open = [];
});

afterEach(async () => {
  for (const each of open) await each.close();
  await rm(folder, { recursive: true, force: true });
});

function kinds(): Record<string, Kind> {
  const memory = memoryCache();
  const browser = () => {
    const cache = indexedDbCache('registry', databases);
    open.push(cache);
    return cache;
  };
  return {
    'in memory': { open: () => memory },
    'in a folder': {
      open: () => fileCache(join(folder, 'cache')),
      writeAndCrash: killBeforeRename,
    },
    'in a browser': {
      open: browser,
      writeAndCrash: async (path, text) => {
        const { put } = IDBObjectStore.prototype;
        IDBObjectStore.prototype.put = function (value, key) {
          const request = put.call(this, value, key);
          this.transaction.abort();
          return request;
        };
        try {
          await expect(browser().write(path, utf8(text))).rejects.toMatchObject({ code: 'storage-failed' });
        } finally {
          IDBObjectStore.prototype.put = put;
        }
      },
    },
  };
}

/** Another process that writes, and gets SIGKILL where it would move the file into place. */
async function killBeforeRename(path: string, text: string): Promise<void> {
  const module = new URL('../../packages/registry/src/updater/file-cache.node.ts', import.meta.url).href;
  const script = `
    import { syncBuiltinESMExports } from 'node:module';
    import fs from 'node:fs/promises';
    fs.rename = () => process.kill(process.pid, 'SIGKILL');
    syncBuiltinESMExports();
    const { fileCache } = await import(${JSON.stringify(module)});
    const [folder, path, text] = process.argv.slice(1);
    await fileCache(folder).write(path, new TextEncoder().encode(text));
  `;
  const child = spawn(
    process.execPath,
    ['--input-type=module', '--eval', script, join(folder, 'cache'), path, text],
    { cwd: fileURLToPath(new URL('../..', import.meta.url)), stdio: 'inherit' },
  );
  const signal = await new Promise((ended) => child.once('close', (_code, by) => ended(by)));
  expect(signal).toBe('SIGKILL');
}

const NAMES = ['in memory', 'in a folder', 'in a browser'] as const;

function kindOf(name: string): Kind {
  return kinds()[name] ?? expect.unreachable();
}

describe.each(NAMES)('the cache port %s keeps its contract', (name) => {
  it('reads back what was written, whole, and nothing where nothing was', async () => {
    const kind = kindOf(name);
    const content = Uint8Array.from({ length: 70_000 }, (_, i) => i % 251);
    expect(await kind.open().read('metadata/1.root.json')).toBeUndefined();
    await kind.open().write('metadata/1.root.json', content);
    await kind.open().write('targets/regions/CN-HA/00.keys.json', new Uint8Array());
    expect(await kind.open().read('metadata/1.root.json')).toEqual(content);
    expect(await kind.open().read('targets/regions/CN-HA/00.keys.json')).toEqual(new Uint8Array());
    expect(await kind.open().read('metadata')).toBeUndefined();
    expect(await kind.open().read('metadata/1.root.json/x')).toBeUndefined();
  });

  it('replaces the old by the new', async () => {
    const kind = kindOf(name);
    await kind.open().write('metadata/timestamp.json', utf8('a long first one'));
    await kind.open().write('metadata/timestamp.json', utf8('short'));
    expect(await kind.open().read('metadata/timestamp.json')).toEqual(utf8('short'));
  });

  it('does not share memory with who writes or reads', async () => {
    const kind = kindOf(name);
    const given = utf8('given');
    await kind.open().write('a.json', given);
    const first = await kind.open().read('a.json');
    given.fill(0);
    expect(first).toEqual(utf8('given'));
    first?.fill(0);
    expect(await kind.open().read('a.json')).toEqual(utf8('given'));
  });

  it('forgets what is not to be retained, and keeps the rest', async () => {
    const kind = kindOf(name);
    for (const path of ['metadata/1.root.json', 'metadata/1.snapshot.json', 'targets/a/00.b.json']) {
      await kind.open().write(path, utf8(path));
    }
    await kind.open().retain(new Set(['metadata/1.root.json', 'targets/a/00.b.json', 'never/there.json']));
    expect(await kind.open().read('metadata/1.root.json')).toEqual(utf8('metadata/1.root.json'));
    expect(await kind.open().read('targets/a/00.b.json')).toEqual(utf8('targets/a/00.b.json'));
    expect(await kind.open().read('metadata/1.snapshot.json')).toBeUndefined();
    await kind.open().retain(new Set());
    expect(await kind.open().read('metadata/1.root.json')).toBeUndefined();
  });

  it('takes many writes at once', async () => {
    const cache = kindOf(name).open();
    const paths = Array.from({ length: 40 }, (_, i) => `targets/${i % 7}/${i}.json`);
    await Promise.all(paths.map((path) => cache.write(path, utf8(path))));
    expect(await Promise.all(paths.map((path) => cache.read(path)))).toEqual(paths.map((path) => utf8(path)));
  });

  it('REQ-REG-007 heals in an update when it was damaged, and then opens offline', async () => {
    const kind = kindOf(name);
    const { pinnedRoot, files } = await buildFederation();
    const asked: string[] = [];
    const repository: Repository = {
      fetch: async (path) => {
        asked.push(path);
        return files.get(path);
      },
    };
    const update = () => refresh({ repository, cache: kind.open(), pinnedRoot, now: FIXTURE_NOW });
    const first = await update();
    asked.length = 0;
    expect(await update()).toEqual(first);
    expect(asked).toEqual(['metadata/2.root.json', 'metadata/timestamp.json']);
    const damaged = [...files.keys()].filter((path) => /federation|CN-BJ|1\.snapshot|timestamp/.test(path));
    for (const path of damaged) await kind.open().write(path, utf8('{"damaged"'));
    asked.length = 0;
    expect(await update()).toEqual(first);
    expect(new Set(asked)).toEqual(new Set(['metadata/2.root.json', ...damaged]));
    const offline = {
      read: cacheFiles(kind.open()),
      pinnedRoot,
      now: FIXTURE_NOW,
      expiry: 'offline',
    } as const;
    expect((await openRegistry(offline)).view).toEqual(first.view);
  });
});

describe.each(['in a folder', 'in a browser'])('a crash while a cache %s is written', (name) => {
  it('leaves the old file, or none, and does not stand in the way of the next write', async () => {
    const kind = kindOf(name);
    const crash = kind.writeAndCrash ?? expect.unreachable();
    await kind.open().write('metadata/timestamp.json', utf8('old'));
    await crash('metadata/timestamp.json', 'new, and longer');
    await crash('metadata/7.snapshot.json', 'never finished');
    expect(await kind.open().read('metadata/timestamp.json')).toEqual(utf8('old'));
    expect(await kind.open().read('metadata/7.snapshot.json')).toBeUndefined();
    await kind.open().write('metadata/timestamp.json', utf8('newer'));
    expect(await kind.open().read('metadata/timestamp.json')).toEqual(utf8('newer'));
  });
});

describe('a cache in a folder', () => {
  it('has the new bytes aside before it moves them, and clears away what a crash left', async () => {
    await killBeforeRename('timestamp.json', 'new');
    expect(await readdir(join(folder, 'cache'))).toEqual(['timestamp.json,0,aside']);
    const cache = fileCache(join(folder, 'cache'));
    await cache.write('timestamp.json', utf8('newer'));
    await cache.retain(new Set(['timestamp.json']));
    expect(await readdir(join(folder, 'cache'))).toEqual(['timestamp.json']);
  });

  it.each(['../out.json', 'a/../../out.json', '/etc/passwd', 'a//b', '', '.', 'a\\b', 'a,0,aside'])(
    'does not take the path %j',
    async (path) => {
      const cache = fileCache(join(folder, 'cache'));
      await expect(async () => cache.write(path, utf8('x'))).rejects.toMatchObject({ code: 'not-found' });
      await expect(async () => cache.read(path)).rejects.toMatchObject({ code: 'not-found' });
      expect(await readdir(folder)).toEqual([]);
    },
  );

  it('takes names of any length, and keeps the files of each to itself', async () => {
    const cache = fileCache(join(folder, 'cache'));
    const paths = [
      'n'.repeat(240),
      'n'.repeat(241),
      'n'.repeat(300),
      `${'文'.repeat(90)}/a.json`,
      'x',
      'x.0.aside',
    ];
    for (const path of paths) await cache.write(path, utf8(path));
    await cache.retain(new Set(paths.slice(1)));
    expect(await cache.read('n'.repeat(240))).toBeUndefined();
    for (const path of paths.slice(1)) expect(await cache.read(path)).toEqual(utf8(path));
    await cache.remove('n'.repeat(241));
    expect(await cache.read('n'.repeat(241))).toBeUndefined();
    expect(await cache.read('n'.repeat(300))).toEqual(utf8('n'.repeat(300)));
  });

  it('tells when it cannot write, and keeps what it had', async () => {
    const cache = fileCache(join(folder, 'cache'));
    await cache.write('a.json', utf8('kept'));
    await writeFile(join(folder, 'cache', 'file'), '');
    await expect(cache.write('file/b.json', utf8('x'))).rejects.toMatchObject({ code: 'EEXIST' });
    expect(await cache.read('a.json')).toEqual(utf8('kept'));
  });
});

describe('a cache in a browser', () => {
  it('opens again when its database was deleted from under it', async () => {
    const cache = indexedDbCache('registry', databases);
    open.push(cache);
    await cache.write('a.json', utf8('x'));
    await new Promise((done) => {
      databases.deleteDatabase('registry').onsuccess = done;
    });
    expect(await cache.read('a.json')).toBeUndefined();
    await cache.write('a.json', utf8('y'));
    expect(await cache.read('a.json')).toEqual(utf8('y'));
  });

  it('takes no value that is not bytes', async () => {
    const cache = indexedDbCache('registry', databases);
    open.push(cache);
    await cache.write('a.json', utf8('x'));
    await new Promise((done) => {
      const request = databases.open('registry');
      request.onsuccess = () => {
        request.result
          .transaction('files', 'readwrite')
          .objectStore('files')
          .put('text', 'a.json').onsuccess = done;
        request.result.onversionchange = () => request.result.close();
      };
    });
    expect(await cache.read('a.json')).toBeUndefined();
  });
});
