import { type Bytes, concatBytes, utf8 } from '@symbolon/protocol/bytes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grow } from '../sequencer/grow.ts';
import { naiveRoot, naiveSubtrees } from '../testing/naive-tree.ts';
import { EMPTY_ROOT, leafHash, rootOf } from '../tree/hashes.ts';
import { packEntries, unpackEntries } from './entry-bundle.ts';
import { readEntries } from './entry-reader.ts';
import { edgeOf, tilePath, widthOf } from './tile-paths.ts';
import { tilesOf } from './tile-reader.ts';

const leavesOf = (size: number) => Array.from({ length: size }, (_, i) => utf8(`leaf ${i}`));

/** All files of a log of this size that was written in one round. */
function logOf(leaves: readonly Bytes[]): Map<string, Bytes> {
  return new Map(grow({ size: 0, levels: [], entries: [] }, leaves).files);
}

describe('C2SP tlog-tiles: paths', () => {
  it.each([
    [{ level: 0, index: 0, width: 256 }, 'tile/0/000'],
    [{ level: 0, index: 1_234_067, width: 256 }, 'tile/0/x001/x234/067'],
    [{ level: 3, index: 999, width: 5 }, 'tile/3/999.p/5'],
    [{ level: 1, index: 1000, width: 255 }, 'tile/1/x001/000.p/255'],
    [{ level: 'entries', index: 1000, width: 1 }, 'tile/entries/x001/000.p/1'],
  ] as const)('%j is %s', (ref, path) => {
    expect(tilePath(ref)).toBe(path);
  });

  it('a tree of 70,000 and one of 256 have the tiles that the specification says', () => {
    expect(edgeOf(70_000)).toEqual([
      { level: 0, index: 273, width: 112 },
      { level: 1, index: 1, width: 17 },
      { level: 2, index: 0, width: 1 },
    ]);
    expect([272, 273, 274].map((index) => widthOf(70_000, 0, index))).toEqual([256, 112, 0]);
    expect(edgeOf(256)).toEqual([{ level: 1, index: 0, width: 1 }]);
    expect(edgeOf(0)).toEqual([]);
  });

  it('a level in the middle may have nothing partial', () => {
    expect(edgeOf(65_537)).toEqual([
      { level: 0, index: 256, width: 1 },
      { level: 2, index: 0, width: 1 },
    ]);
  });
});

describe('tiles give the hash of every subtree', () => {
  it.each([1, 2, 255, 256, 257, 511, 512, 600, 767])('of a tree of %i', async (size) => {
    const leaves = leavesOf(size);
    const files = logOf(leaves);
    const tiles = tilesOf(async (path) => files.get(path), size);
    expect(await tiles.root()).toEqual(naiveRoot(leaves));
    const some = naiveSubtrees(0, size).filter(([, count], i) => count > 64 || i % 17 === 0);
    for (const [start, count] of some) {
      expect(await tiles.hashOf(start, count)).toEqual(naiveRoot(leaves.slice(start, start + count)));
    }
  });

  it('of a tree of three levels, where it is new and where it is old', async () => {
    const size = 2 * 65_536 + 256 + 3;
    const hashes = leavesOf(size).map(leafHash);
    const files = logOf(leavesOf(size));
    const tiles = tilesOf(async (path) => files.get(path), size);
    const parts = naiveSubtrees(0, size).filter(([start, count]) => count >= 4096 || start >= 131_000);
    for (const [start, count] of parts) {
      expect(await tiles.hashOf(start, count)).toEqual(rootOf(hashes.slice(start, start + count)));
    }
  });

  it('a tree without leaves needs no tile', async () => {
    const tiles = tilesOf(async () => undefined, 0);
    expect(await tiles.root()).toEqual(EMPTY_ROOT);
    expect(await tiles.hashOf(0, 0)).toEqual(EMPTY_ROOT);
  });
});

describe('REQ-LOG-010, REQ-LOG-019 tiles that are not what they should be', () => {
  const leaves = leavesOf(300);

  it('a partial tile that is gone is cut from the full one; each is read once', async () => {
    const files = logOf(leavesOf(256));
    const asked: string[] = [];
    const read = async (path: string) => {
      asked.push(path);
      return files.get(path);
    };
    const tiles = tilesOf(read, 200);
    expect(await tiles.root()).toEqual(rootOf(leaves.slice(0, 200).map(leafHash)));
    expect(await readEntries(read, tiles, 0)).toEqual(leaves.slice(0, 200));
    expect(asked).toEqual(['tile/0/000.p/200', 'tile/0/000', 'tile/entries/000.p/200', 'tile/entries/000']);
  });

  it.each([
    ['a byte too short', (tile: Bytes) => tile.slice(1)],
    ['a byte too long', (tile: Bytes) => concatBytes(tile, Uint8Array.of(0))],
    ['a hash too long', (tile: Bytes) => concatBytes(tile, EMPTY_ROOT)],
    ['empty', () => new Uint8Array(0)],
  ])('REQ-LOG-010: one that is %s is `tile-malformed`', async (_what, change) => {
    for (const path of ['tile/0/000', 'tile/0/001.p/44', 'tile/1/000.p/1']) {
      const files = logOf(leaves);
      files.set(path, change(files.get(path) ?? EMPTY_ROOT));
      const tiles = tilesOf(async (each) => files.get(each), 300);
      const [level = 0, index = 0] = path.split('/').slice(1).map(Number.parseFloat);
      await expect(tiles.tile(level, index)).rejects.toMatchObject({ code: 'tile-malformed' });
    }
  });

  it('REQ-LOG-019: what is not there is `log-missing`, and asked for again', async () => {
    const files = logOf(leaves);
    const tile = files.get('tile/0/000');
    files.delete('tile/0/000');
    const tiles = tilesOf(async (path) => files.get(path), 300);
    await expect(tiles.hashOf(0, 128)).rejects.toMatchObject({ code: 'log-missing' });
    if (tile !== undefined) files.set('tile/0/000', tile);
    expect(await tiles.hashOf(0, 128)).toEqual(rootOf(leaves.slice(0, 128).map(leafHash)));
    await expect(tiles.tile(0, 2)).rejects.toMatchObject({ code: 'log-missing' });
    const read = async (path: string) => files.get(path);
    await expect(readEntries(read, tiles, 2)).rejects.toMatchObject({ code: 'log-missing' });
  });

  it('REQ-LOG-011 `leaf-rewritten`: an entry that is not what the tree has', async () => {
    for (const index of [0, 100, 255, 256, 299]) {
      const files = logOf(leaves);
      for (const [path, bytes] of logOf(leaves.with(index, utf8('rewritten')))) {
        if (path.startsWith('tile/entries')) files.set(path, bytes);
      }
      const read = async (path: string) => files.get(path);
      await expect(readEntries(read, tilesOf(read, 300), Math.floor(index / 256))).rejects.toMatchObject({
        code: 'leaf-rewritten',
        path: String(index),
      });
    }
  });
});

describe('entry bundles', () => {
  const entries = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 });

  it('what is packed comes out, of that number only', () => {
    fc.assert(
      fc.property(entries, (all) => {
        const packed = packEntries(all);
        expect(unpackEntries(packed, all.length)).toEqual(all.map((each) => new Uint8Array(each)));
        for (const count of [all.length - 1, all.length + 1]) {
          expect(() => unpackEntries(packed, count)).toThrow(
            expect.objectContaining({ code: 'tile-malformed' }),
          );
        }
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it('REQ-LOG-010: cut anywhere it is `tile-malformed`', () => {
    const packed = packEntries(leavesOf(3));
    for (let end = 0; end < packed.length; end++) {
      expect(() => unpackEntries(packed.subarray(0, end), 3)).toThrow(
        expect.objectContaining({ code: 'tile-malformed' }),
      );
    }
  });

  it('REQ-LOG-001 `leaf-malformed`: an entry that is too long', () => {
    expect(() => packEntries([new Uint8Array(60_001)])).toThrow(
      expect.objectContaining({ code: 'leaf-malformed', bound: 60_000 }),
    );
    expect(unpackEntries(packEntries([new Uint8Array(60_000)]), 1)).toHaveLength(1);
  });
});
