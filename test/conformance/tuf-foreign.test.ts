import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Bytes, fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { type Instant, parseInstant } from '@symbolon/protocol/instant';
import { httpRepository } from '@symbolon/registry/http-repository';
import { type MemoryCache, memoryCache } from '@symbolon/registry/memory-cache';
import { openRegistry } from '@symbolon/registry/open-registry';
import { fetchTarget, findTargetInfo } from '@symbolon/registry/tuf-client/fetch-target';
import { updateMetadata } from '@symbolon/registry/tuf-client/update-metadata';
import { build } from 'esbuild';
import { Updater } from 'tuf-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Mirror, serving, startMirror } from '../support/mirror.ts';
import { pythonTufFiles } from '../support/python-tuf.ts';
import { type TufjsContent, type TufjsRole, tufjsFiles, tufjsSigner } from '../support/tufjs-repository.ts';

/**
 * Repositories that others made, read by our trusted set and updater with the plain profile; and what the Symbolon profile says to them.
 * One is made here with `@tufjs/models`, the other was made with python-tuf (test/vectors/python-tuf/make.py).
 */

const NOW: Instant = parseInstant('2030-01-01T00:00:00Z');

let mirror: Mirror;
let folder: string;
/** What the server has, by path. */
let files: ReadonlyMap<string, Bytes>;
let store: MemoryCache;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'symbolon-foreign-'));
  store = memoryCache();
  // Paths come percent-encoded.
  mirror = await startMirror((path, response) => serving(files)(decodeURIComponent(path), response));
});

afterEach(async () => {
  await mirror.close();
  await rm(folder, { recursive: true, force: true });
});

const fileOf = (path: string): Bytes => files.get(path) ?? expect.unreachable();
const versionsKept = () =>
  Object.fromEntries(
    [...store.files].map(([name, bytes]) => [name, JSON.parse(fromUtf8(bytes)).signed.version]),
  );

/** A client process that starts: it has what earlier ones kept in `store`, and at first the root. */
async function ourClient() {
  if ((await store.read('root.json')) === undefined)
    await store.write('root.json', fileOf('metadata/1.root.json'));
  const repository = httpRepository({ baseUrl: `${mirror.url}/metadata` });
  const metadata = await updateMetadata({ repository, store, now: NOW });
  const targets = httpRepository({ baseUrl: `${mirror.url}/targets` });
  return {
    metadata,
    info: (path: string) => findTargetInfo(metadata, path),
    fetch: async (path: string) =>
      fromUtf8(await fetchTarget(metadata, { path, repository: targets, kept: memoryCache() })),
  };
}

const symbolon = (change: Partial<Parameters<typeof openRegistry>[0]> = {}) =>
  openRegistry({
    read: files,
    pinnedRoot: files.get('metadata/1.root.json'),
    now: NOW,
    expiry: 'online',
    ...change,
  });

const ROOT_SIGNERS = [tufjsSigner('admin a'), tufjsSigner('admin b', 'EdDSA', { 'x-owner': 'someone' })];
const ROLES: Readonly<Record<string, TufjsRole>> = {
  targets: {
    contents: { 'top.txt': 'at the top' },
    delegates: [
      { name: 'one', signer: tufjsSigner('one'), paths: ['deep/*', 'a?/*.txt'] },
      { name: 'closed', signer: tufjsSigner('closed', 'EdDSA'), paths: ['closed/*'], terminating: true },
      { name: 'late', signer: tufjsSigner('late'), paths: ['closed/*', 'a?/*'] },
      { name: 'low', signer: tufjsSigner('low'), pathHashPrefixes: ['0', '1', '2', '3', '4', '5', '6', '7'] },
      {
        name: 'high',
        signer: tufjsSigner('high'),
        pathHashPrefixes: ['8', '9', 'a', 'b', 'c', 'd', 'e', 'f'],
      },
    ],
  },
  one: {
    contents: { 'a1/x.txt': 'by one', 'out/of-reach.txt': 'listed where nothing leads to' },
    delegates: [{ name: 'two', signer: tufjsSigner('two', 'EdDSA'), paths: ['deep/*'] }],
  },
  two: { delegates: [{ name: 'three', signer: tufjsSigner('three'), paths: ['deep/*'] }] },
  three: { delegates: [{ name: 'four', signer: tufjsSigner('four', 'EdDSA'), paths: ['deep/*'] }] },
  four: { contents: { 'deep/down.txt': 'four deep', 'deep/er/still.txt': 'behind a slash' } },
  closed: {},
  late: { contents: { 'closed/x.txt': 'hidden', 'a1/x.txt': 'by late', 'a1/y.bin': 'only here' } },
  high: { contents: { 'bins/a': 'in high' }, hashes: ['sha512'] },
  low: { contents: { 'bins/d': 'in low', 'bins/a': 'in the wrong half' }, hashes: ['sha256', 'sha512'] },
};
const CONTENT: TufjsContent = {
  rootSigners: ROOT_SIGNERS,
  online: tufjsSigner('online'),
  targets: tufjsSigner('targets', 'EdDSA'),
  roles: ROLES,
  more: { root: { 'x-root': 'unknown' }, timestamp: { 'x-time': 'unknown' }, four: { 'x-four': 'unknown' } },
};

describe('a repository made with @tufjs/models', () => {
  const FOUND: readonly (readonly [string, string])[] = [
    ['top.txt', 'at the top'],
    ['a1/x.txt', 'by one'],
    ['a1/y.bin', 'only here'],
    ['deep/down.txt', 'four deep'],
    ['bins/d', 'in low'],
    ['bins/a', 'in high'],
  ];
  const NOT_FOUND = ['closed/x.txt', 'out/of-reach.txt', 'deep/er/still.txt', 'a12/x.txt', 'TOP.TXT'];

  it.each([true, false])(
    'REQ-REG-011 is read as tuf-js reads it (consistent snapshots: %s)',
    async (consistent) => {
      files = tufjsFiles({ ...CONTENT, consistent });
      const ours = await ourClient();
      await writeFile(join(folder, 'root.json'), fileOf('metadata/1.root.json'));
      const theirs = new Updater({
        metadataDir: folder,
        metadataBaseUrl: `${mirror.url}/metadata`,
        targetDir: folder,
        targetBaseUrl: `${mirror.url}/targets`,
        config: { fetchRetry: 0 },
      });
      for (const [path, text] of FOUND) {
        expect(await ours.fetch(path)).toBe(text);
        const info = (await theirs.getTargetInfo(path)) ?? expect.unreachable(path);
        expect(await ours.info(path)).toEqual({ length: info.length, hashes: info.hashes });
      }
      for (const path of NOT_FOUND) {
        expect(await ours.info(path)).toBeUndefined();
        expect(await theirs.getTargetInfo(path)).toBeUndefined();
      }
    },
  );

  it('REQ-REG-004 keeps the fields that nobody knows: they are under the signature', async () => {
    files = tufjsFiles(CONTENT);
    const { metadata } = await ourClient();
    expect(metadata.trust.root.raw['x-root']).toBe('unknown');
    const changed = fromUtf8(fileOf('metadata/timestamp.json')).replace(
      '"x-time":"unknown"',
      '"x-time":"UNKNOWN"',
    );
    files = new Map([...files, ['metadata/timestamp.json', utf8(changed)]]);
    await expect(ourClient()).rejects.toMatchObject({ code: 'metadata-signatures' });
  });

  it('REQ-REG-005 refuses the publication of yesterday', async () => {
    const [first, second] = [tufjsFiles(CONTENT), tufjsFiles({ ...CONTENT, version: 2 })];
    // Roots go on from version to version, signed by the same here.
    files = new Map([...first, ...second]);
    await ourClient();
    expect(versionsKept()).toMatchObject({ 'root.json': 2, 'timestamp.json': 2, 'targets.json': 2 });
    files = first;
    await expect(ourClient()).rejects.toMatchObject({ code: 'metadata-rollback' });
  });

  describe('the Symbolon profile', () => {
    const onlyTop: Readonly<Record<string, TufjsRole>> = { targets: { contents: { 'top.txt': 'x' } } };
    const plain = { ...CONTENT, roles: onlyTop, more: { timestamp: { signedAt: '2029-12-31T00:00:00Z' } } };
    const delegating = (name: string, path: string): Readonly<Record<string, TufjsRole>> => ({
      targets: { delegates: [{ name, signer: tufjsSigner('one'), paths: [path] }] },
      [name]: {},
    });

    it('REQ-REG-002 takes what has its form, and misses the files of a federation', async () => {
      files = tufjsFiles(plain);
      await expect(symbolon()).rejects.toMatchObject({ code: 'metadata-missing' });
    });

    it.each<readonly [string, TufjsContent, string]>([
      ['a timestamp without signedAt', { ...plain, more: {} }, 'metadata-malformed'],
      ['no consistent snapshots', { ...plain, consistent: false }, 'metadata-malformed'],
      [
        'a role that is no region',
        { ...plain, roles: delegating('one.keys.keys', 'deep/*') },
        'role-overreach',
      ],
      [
        'a role name that is no file name',
        { ...plain, roles: delegating('../one', 'deep/*') },
        'metadata-malformed',
      ],
      [
        'a pattern of another language',
        { ...plain, roles: delegating('CN-HA', '[ab]/*') },
        'metadata-malformed',
      ],
      [
        'a path with a space',
        { ...plain, roles: { targets: { contents: { 'a b': 'x' } } } },
        'metadata-malformed',
      ],
      [
        'a target without SHA-256',
        { ...plain, roles: { targets: { contents: { a: 'x' }, hashes: ['sha512'] } } },
        'metadata-malformed',
      ],
    ])('REQ-REG-002 refuses %s, which the plain one takes', async (_what, content, code) => {
      files = tufjsFiles(content);
      await ourClient();
      await expect(symbolon()).rejects.toMatchObject({ code });
    });
  });
});

/** The repository in the folder, as it was after its first publication, or as it is now. */
async function pythonFiles(publication: 'first' | 'second'): Promise<ReadonlyMap<string, Bytes>> {
  const found = await pythonTufFiles();
  if (publication === 'second') return found;
  const timestamp = found.get('metadata/1.timestamp.json') ?? expect.unreachable();
  const later = ['metadata/2.root.json', 'metadata/3.root.json', 'metadata/2.targets.json'];
  return new Map(
    [...found, ['metadata/timestamp.json', timestamp] as const].filter(([path]) => !later.includes(path)),
  );
}

describe('a repository made with python-tuf', () => {
  it('REQ-REG-005 is followed through two rotations, RSA keys among them', async () => {
    files = await pythonFiles('first');
    expect(await (await ourClient()).fetch('top.txt')).toBe('first');
    expect(versionsKept()).toEqual({
      'root.json': 1,
      'timestamp.json': 1,
      'snapshot.json': 1,
      'targets.json': 1,
    });
    files = await pythonFiles('second');
    expect(await (await ourClient()).fetch('top.txt')).toBe('second');
    expect(versionsKept()).toEqual({
      'root.json': 3,
      'timestamp.json': 2,
      'snapshot.json': 2,
      'targets.json': 2,
    });
    // The first publication again: its keys are gone, and its versions are older.
    const { 'metadata/1.timestamp.json': old } = Object.fromEntries(files);
    files = new Map([...files, ['metadata/timestamp.json', old ?? expect.unreachable()]]);
    await expect(ourClient()).rejects.toMatchObject({ code: 'metadata-signatures' });
  });

  it.each([
    ['deep/file.txt', 'four deep', ['level-1', 'level-2', 'level-3', 'level-4']],
    ['open/1.txt', 'found', ['late']],
    ['bins/a', 'bins/a', ['bin-high']],
    ['bins/d', 'bins/d', ['bin-low']],
  ])('REQ-REG-011 finds %s by the roles that lead to it', async (path, text, roles) => {
    files = await pythonFiles('second');
    expect(await (await ourClient()).fetch(path)).toBe(text);
    const delegated = Object.keys(versionsKept()).filter(
      (name) => !/^(root|timestamp|snapshot|targets)\./.test(name),
    );
    expect(delegated.toSorted()).toEqual(roles.map((role) => `${role}.json`));
  });

  it('REQ-REG-011 finds nothing behind a terminating delegation, though a later role lists it', async () => {
    files = await pythonFiles('second');
    const { info } = await ourClient();
    expect(await info('closed/file.txt')).toBeUndefined();
    expect(versionsKept()).not.toHaveProperty(['late.json']);
  });

  it('REQ-REG-004 keeps the fields that nobody knows', async () => {
    files = await pythonFiles('second');
    const { metadata } = await ourClient();
    expect(metadata.trust.root.raw['x-note']).toEqual({ words: ['not', 'of', 'TUF'], number: 7 });
    const path = 'metadata/1.level-4.json';
    const changed = fromUtf8(fileOf(path)).replace('"number": 7', '"number": 8');
    files = new Map([...files, [path, utf8(changed)]]);
    const { info } = await ourClient();
    await expect(info('deep/file.txt')).rejects.toMatchObject({ code: 'metadata-mismatch' });
  });

  it('REQ-REG-002 the Symbolon profile knows no RSA key, and no timestamp without signedAt', async () => {
    files = await pythonFiles('second');
    await expect(symbolon()).rejects.toMatchObject({ code: 'metadata-malformed' });
    // Root 3 has no RSA key any more.
    await expect(symbolon({ pinnedRoot: files.get('metadata/3.root.json') })).rejects.toMatchObject({
      code: 'metadata-malformed',
      path: 'signedAt',
    });
  });
});

describe('the plain profile', () => {
  it('REQ-REG-002 is out of reach for all that reads a Symbolon registry, and not in a browser', async () => {
    const entries = [
      'registry/open-registry',
      'registry/refresh',
      'registry/open-bundle',
      'verifier/open-trust',
    ];
    const built = await build({
      stdin: {
        contents: entries.map((name, i) => `export * as e${i} from '@symbolon/${name}';`).join('\n'),
        resolveDir: fileURLToPath(new URL('../..', import.meta.url)),
      },
      bundle: true,
      write: false,
      metafile: true,
      format: 'esm',
      platform: 'browser',
      target: 'es2024',
    });
    const inputs = Object.keys(built.metafile.inputs);
    expect(inputs.filter((path) => path.includes('metadata/trusted-set.ts'))).toHaveLength(1);
    expect(inputs.filter((path) => path.includes('tuf-client/'))).toEqual([]);
  });
});
