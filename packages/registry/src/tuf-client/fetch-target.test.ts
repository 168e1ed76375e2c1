import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '@symbolon/keys/digest';
import { type Bytes, toHex, utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { JsonObject } from '@symbolon/protocol/strict-json';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  keysOf,
  type PlainRepository,
  plainRepository,
  roleOf,
  targetsOf,
} from '../testing/plain-repository.ts';
import { NOW, signer } from '../testing/small-registry.ts';
import { fileCache } from '../updater/file-cache.node.ts';
import { memoryCache } from '../updater/memory-cache.ts';
import { fetchTarget, findTargetInfo } from './fetch-target.ts';
import { updateMetadata } from './update-metadata.ts';

let repo: PlainRepository;
let kept: ReturnType<typeof memoryCache>;
/** Contents by published path. */
let contents: Map<string, Bytes>;
let asked: string[];

beforeEach(async () => {
  repo = await plainRepository();
  kept = memoryCache();
  contents = new Map();
  asked = [];
});

async function client() {
  const store = memoryCache(new Map([['root.json', repo.files.get('1.root.json') ?? expect.unreachable()]]));
  const metadata = await updateMetadata({ repository: repo.repository, store, now: NOW });
  const repository = {
    fetch: async (path: string, maxBytes: number) => {
      asked.push(path);
      const bytes = contents.get(path);
      if (bytes !== undefined && bytes.length > maxBytes) throw new SymbolonError('metadata-too-large');
      return bytes;
    },
  };
  repo.asked.length = 0;
  return {
    info: (path: string) => findTargetInfo(metadata, path),
    fetch: (path: string) => fetchTarget(metadata, { path, repository, kept }),
  };
}

/** Lists targets and delegations in a role, and publishes it. */
async function list(role: string, targets: JsonObject, delegations?: JsonObject): Promise<void> {
  const { signed } = repo;
  signed[role] = {
    ...(signed[role] ?? { ...signed['targets'], version: 0 }),
    targets,
    ...(delegations === undefined ? {} : { delegations }),
  };
  await repo.publish(role, 'snapshot', 'timestamp');
}

async function delegation(delegator: string, name: string, paths: readonly string[], more: JsonObject = {}) {
  const signers = [await signer(`${delegator} for ${name}`)];
  repo.signers[name] = [...(repo.signers[name] ?? []), ...signers];
  return { keys: keysOf(signers), role: { name, ...roleOf(signers), terminating: false, paths, ...more } };
}

function delegations(...each: readonly { keys: JsonObject; role: JsonObject }[]): JsonObject {
  return { keys: Object.assign({}, ...each.map(({ keys }) => keys)), roles: each.map(({ role }) => role) };
}

const HELLO = toHex(sha256(utf8('hello')));

describe('targets (TUF 1.0, section 5.7)', () => {
  it('REQ-REG-007 are fetched by hash, checked, kept, and not fetched again', async () => {
    await list('targets', targetsOf({ 'a/b c.txt': 'hello' }));
    contents.set(`a/${HELLO}.b%20c.txt`, utf8('hello'));
    const { fetch } = await client();
    expect(await fetch('a/b c.txt')).toEqual(utf8('hello'));
    expect(await fetch('a/b c.txt')).toEqual(utf8('hello'));
    expect(asked).toEqual([`a/${HELLO}.b%20c.txt`]);
    expect([...kept.files.keys()]).toEqual(['a%2Fb%20c.txt']);
    await kept.write('a%2Fb%20c.txt', utf8('changed on the disk'));
    expect(await fetch('a/b c.txt')).toEqual(utf8('hello'));
    expect(asked).toHaveLength(2);
  });

  it.each([
    ['other content', utf8('jello'), 'metadata-mismatch'],
    ['less', utf8('hell'), 'metadata-mismatch'],
    ['more than was described', utf8('hello and much more'), 'metadata-too-large'],
    ['nothing', undefined, 'metadata-missing'],
  ])('REQ-REG-007 refuses %s, and keeps nothing of it', async (_what, content, code) => {
    await list('targets', targetsOf({ 'a.txt': 'hello' }));
    if (content !== undefined) contents.set(`${HELLO}.a.txt`, content);
    const { fetch } = await client();
    await expect(fetch('a.txt')).rejects.toMatchObject({ code });
    expect(kept.files.size).toBe(0);
  });

  it.each([
    ['SHA-512', ['sha512'], true],
    ['both', ['sha256', 'sha512'], true],
    ['both, one of them wrong', ['sha256', 'wrong'], false],
    ['one that nobody knows', ['unknown'], false],
    ['none', [], false],
  ])('REQ-REG-007 knows hashes: %s', async (_what, names, isAccepted) => {
    const sha512 = toHex(new Uint8Array(await crypto.subtle.digest('SHA-512', utf8('hello'))));
    const hashes = Object.fromEntries(
      names.map((name) => [
        name === 'wrong' ? 'sha512' : name,
        { sha256: HELLO, sha512, wrong: '0'.repeat(128) }[name] ?? HELLO,
      ]),
    );
    await list('targets', { 'a.txt': { length: 5, hashes } });
    for (const name of ['a.txt', ...Object.values(hashes).map((hash) => `${hash}.a.txt`)]) {
      contents.set(name, utf8('hello'));
    }
    const fetched = (await client()).fetch('a.txt');
    if (isAccepted) expect(await fetched).toEqual(utf8('hello'));
    else await expect(fetched).rejects.toMatchObject({ code: 'metadata-mismatch' });
  });

  it.each(['../a.txt', 'x/../a.txt', './a.txt', '/a.txt', 'x//a.txt'])(
    'REQ-REG-011 asks for no path that a URL would read as another: %s',
    async (path) => {
      await list('targets', targetsOf({ [path]: 'hello' }));
      const { fetch } = await client();
      await expect(fetch(path)).rejects.toMatchObject({ code: 'target-unknown' });
      expect(asked).toEqual([]);
    },
  );

  it('REQ-REG-011 and roles are kept in a folder whatever their names, each in a file of its own', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'symbolon-names-'));
    try {
      const role = '文'.repeat(30);
      const names = [
        'n'.repeat(249),
        `${'x'.repeat(120)}/${'y'.repeat(120)}`,
        'foo',
        'foo.0.aside',
        'a,b',
        'root.json',
      ];
      const listed = Object.fromEntries(names.map((name) => [name, `content of ${name}`]));
      await list('targets', targetsOf(listed), delegations(await delegation('targets', role, ['far/*'])));
      await list(role, targetsOf({ 'far/x': 'far' }));
      const root = repo.files.get('1.root.json') ?? expect.unreachable();
      const [store, targets] = [fileCache(join(folder, 'metadata')), fileCache(join(folder, 'targets'))];
      await store.write('root.json', root);
      const metadata = await updateMetadata({ repository: repo.repository, store, now: NOW });
      const all = { ...listed, 'far/x': 'far' };
      const byHash = new Map(Object.values(all).map((text) => [toHex(sha256(utf8(text))), utf8(text)]));
      const repository = { fetch: async (path: string) => byHash.get(/[0-9a-f]{64}/.exec(path)?.[0] ?? '') };
      for (const path of Object.keys(all)) await fetchTarget(metadata, { path, repository, kept: targets });
      byHash.clear();
      repo.asked.length = 0;
      for (const [path, text] of Object.entries(all)) {
        expect(await fetchTarget(metadata, { path, repository, kept: targets })).toEqual(utf8(text));
      }
      expect(repo.asked).toEqual([]);
      expect(await store.read('root.json')).toEqual(root);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('REQ-REG-003 refuses what is listed as longer than anything may be, before it asks for it', async () => {
    const length = 64 * 1024 * 1024 + 1;
    await list('targets', { 'a.txt': { length, hashes: { sha256: HELLO } } });
    const { fetch } = await client();
    await expect(fetch('a.txt')).rejects.toMatchObject({ code: 'metadata-too-large', bound: length - 1 });
    expect(asked).toEqual([]);
  });

  it('REQ-REG-011 says so when no role lists it', async () => {
    const { fetch } = await client();
    await expect(fetch('constructor')).rejects.toMatchObject({ code: 'target-unknown' });
  });
});

describe('delegated roles (5.6.7)', () => {
  it('are loaded as the search comes to them, whatever their names', async () => {
    const far = await delegation('targets', '../far', ['x/*']);
    const near = await delegation('targets', 'near?', ['x/*']);
    await list('targets', {}, delegations(far, near));
    await list('../far', {});
    await list('near?', targetsOf({ 'x/a': 'hello' }));
    const { info } = await client();
    expect(await info('x/a')).toMatchObject({ length: 5 });
    expect(repo.asked).toEqual(['1...%2Ffar.json', '1.near%3F.json']);
    expect(await info('y/a')).toBeUndefined();
    expect(await info('x/a')).toMatchObject({ length: 5 });
    expect(repo.asked).toHaveLength(2);
  });

  it('REQ-REG-004 a role that two others delegate counts under the keys of the one that the search came from', async () => {
    const [a, b] = [await delegation('targets', 'a', ['a/*']), await delegation('targets', 'b', ['b/*'])];
    const underA = await delegation('a', 'shared', ['a/*']);
    const underB = await delegation('b', 'shared', ['b/*']);
    repo.signers['shared'] = (repo.signers['shared'] ?? []).slice(0, 1);
    await list('targets', {}, delegations(a, b));
    await list('a', {}, delegations(underA));
    await list('b', {}, delegations(underB));
    await list('shared', targetsOf({ 'a/x': 'hello', 'b/x': 'hello' }));
    const { info } = await client();
    expect(await info('a/x')).toMatchObject({ length: 5 });
    await expect(info('b/x')).rejects.toMatchObject({ code: 'metadata-signatures' });
  });

  it('REQ-REG-008 one that the snapshot does not list is not asked for', async () => {
    const lost = await delegation('targets', 'lost', ['*']);
    await list('targets', {}, delegations(lost));
    const { info } = await client();
    await expect(info('a')).rejects.toMatchObject({ code: 'metadata-missing' });
    expect(repo.asked).toEqual([]);
  });

  it('REQ-REG-010 a search is bounded', async () => {
    const each = await Promise.all(
      Array.from({ length: 64 }, (_, i) => delegation('targets', `r${i}`, ['*'])),
    );
    await list('targets', {}, delegations(...each));
    await repo.publish(...each.map(({ role }) => String(role.name)), 'snapshot', 'timestamp');
    const { info } = await client();
    await expect(info('a')).rejects.toMatchObject({ code: 'delegation-bounds', bound: 64 });
  });
});
