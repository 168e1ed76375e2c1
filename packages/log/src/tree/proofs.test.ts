import { type Bytes, utf8 } from '@symbolon/protocol/bytes';
import { LIMITS } from '@symbolon/protocol/limits';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { naivePath, naiveProof, naiveRoot } from '../testing/naive-tree.ts';
import { EMPTY_ROOT, leafHash, rootOf, splitOf } from './hashes.ts';
import {
  checkConsistency,
  checkInclusion,
  consistencyProof,
  inclusionProof,
  type RangeHash,
  rootByInclusion,
} from './proofs.ts';

const RUNS = { seed: 6962, numRuns: 150 };
const leaves = Array.from({ length: 300 }, (_, i) => utf8(`leaf ${i}`));
const hashes = leaves.map(leafHash);
const hashOf: RangeHash = async (start, count) => rootOf(hashes.slice(start, start + count));
const rootAt = (size: number) => naiveRoot(leaves.slice(0, size));
const headAt = (size: number) => ({ size, root: rootAt(size) });
const sizes = fc.integer({ min: 1, max: leaves.length });
const leafAt = (index: number) => hashes[index] ?? EMPTY_ROOT;

/** Every way to spoil a proof by one byte, one hash too few, one too many, or two in each other's place. */
function* spoilt(proof: readonly Bytes[]): Generator<readonly Bytes[]> {
  for (const [i, hash] of proof.entries()) {
    for (let at = 0; at < hash.length; at++) {
      yield proof.with(
        i,
        Uint8Array.from(hash, (byte, j) => (j === at ? byte ^ 1 : byte)),
      );
    }
    yield proof.with(i, hash.slice(1));
    yield proof.toSpliced(i, 1);
    if (i > 0) yield proof.with(i, proof[i - 1] ?? hash).with(i - 1, hash);
  }
  yield [...proof, EMPTY_ROOT];
  yield [EMPTY_ROOT, ...proof];
}

describe('RFC 6962, section 2.1: the root', () => {
  it('is that of the recursion in the RFC', () => {
    for (let size = 0; size <= 70; size++) expect(rootOf(hashes.slice(0, size))).toEqual(rootAt(size));
    expect(rootOf(hashes)).toEqual(rootAt(leaves.length));
  });

  it('divides at the largest power of two below', () => {
    expect([2, 3, 4, 5, 8, 9, 2 ** 47 + 1].map(splitOf)).toEqual([1, 2, 2, 4, 4, 8, 2 ** 47]);
  });
});

describe('REQ-LOG-006 inclusion', () => {
  it('every leaf of every small tree has the proof of the RFC, and it leads to the root', async () => {
    for (let size = 1; size <= 40; size++) {
      for (let index = 0; index < size; index++) {
        const proof = await inclusionProof(index, size, hashOf);
        expect(proof).toEqual(naivePath(index, leaves.slice(0, size)));
        checkInclusion(leafAt(index), index, size, rootAt(size), proof);
      }
    }
  });

  it('a proof is good for its own leaf, index and size only', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), sizes, fc.nat(), async (size, at, otherSize, other) => {
        const [index, otherIndex] = [at % size, other % otherSize];
        const proof = await inclusionProof(index, size, hashOf);
        const root = rootAt(size);
        checkInclusion(leafAt(index), index, size, root, proof);
        const refused = expect.objectContaining({ code: 'inclusion-invalid' });
        const check = (i: number, j: number, n: number) => () => checkInclusion(leafAt(i), j, n, root, proof);
        if (otherIndex !== index) {
          expect(check(otherIndex, index, size)).toThrow(refused);
          expect(check(index, otherIndex, size)).toThrow(refused);
        }
        expect(check(index, index, size + leaves.length)).toThrow(refused);
        if (otherSize !== size) {
          const elsewhere = () => checkInclusion(leafAt(index), index, size, rootAt(otherSize), proof);
          expect(elsewhere).toThrow(refused);
        }
      }),
      RUNS,
    );
  });

  it('a proof that was tampered with at any byte, cut or lengthened is refused', async () => {
    for (const [index, size] of [
      [0, 1],
      [0, 2],
      [4, 5],
      [2, 7],
      [6, 7],
      [200, 300],
      [299, 300],
    ] as const) {
      const proof = await inclusionProof(index, size, hashOf);
      for (const bad of spoilt(proof)) {
        expect(() => checkInclusion(leafAt(index), index, size, rootAt(size), bad)).toThrow(
          expect.objectContaining({ code: 'inclusion-invalid' }),
        );
      }
    }
  });

  it.each([
    [-1, 4],
    [4, 4],
    [0.5, 4],
    [Number.NaN, 4],
    [0, 0],
    [0, LIMITS.logLeaves + 1],
    [0, Number.POSITIVE_INFINITY],
  ])('leaf %d of %d is in no tree', (index, size) => {
    expect(rootByInclusion(leafAt(0), index, size, [])).toBeUndefined();
  });

  it('the largest tree has proofs of 48 hashes, and more than `proofHashes` are not read', async () => {
    const proof = await inclusionProof(0, LIMITS.logLeaves, async () => EMPTY_ROOT);
    expect(proof).toHaveLength(48);
    expect(rootByInclusion(leafAt(0), 0, LIMITS.logLeaves, proof)).toBeDefined();
    const long = new Array<Bytes>(LIMITS.proofHashes + 1).fill(EMPTY_ROOT);
    expect(rootByInclusion(leafAt(0), 0, LIMITS.logLeaves, long)).toBeUndefined();
  });
});

describe('REQ-LOG-007 consistency', () => {
  it('every two small trees have the proof of the RFC', async () => {
    for (let size = 1; size <= 34; size++) {
      for (let old = 0; old <= size; old++) {
        const proof = await consistencyProof(old, size, hashOf);
        expect(proof).toEqual(old === 0 || old === size ? [] : naiveProof(old, leaves.slice(0, size)));
        checkConsistency(headAt(old), headAt(size), proof);
      }
    }
  });

  it('REQ-LOG-007 `log-fork`: a tree that does not begin with the old one has none', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), fc.nat(), async (size, at, changed) => {
        const old = 1 + (at % size);
        const proof = await consistencyProof(old, size, hashOf);
        checkConsistency(headAt(old), headAt(size), proof);
        const rewritten = leaves.slice(0, old).with(changed % old, utf8('rewritten'));
        const other = { size: old, root: naiveRoot(rewritten) };
        const fork = expect.objectContaining({ code: 'log-fork' });
        expect(() => checkConsistency(other, headAt(size), proof)).toThrow(fork);
        const root = naiveRoot([...rewritten, ...leaves.slice(old, size)]);
        expect(() => checkConsistency(headAt(old), { size, root }, proof)).toThrow(fork);
      }),
      RUNS,
    );
  });

  it('a proof that was tampered with at any byte, cut or lengthened is refused', async () => {
    for (const [old, size] of [
      [0, 3],
      [1, 2],
      [3, 3],
      [3, 7],
      [4, 7],
      [6, 8],
      [256, 300],
      [255, 300],
    ] as const) {
      const proof = await consistencyProof(old, size, hashOf);
      for (const bad of spoilt(proof)) {
        expect(() => checkConsistency(headAt(old), headAt(size), bad)).toThrow(
          expect.objectContaining({ code: 'log-fork' }),
        );
      }
    }
  });

  it('REQ-LOG-008 `log-truncated`: a smaller tree is no successor, and there is no proof of it', async () => {
    const truncated = expect.objectContaining({ code: 'log-truncated' });
    expect(() => checkConsistency(headAt(5), headAt(4), [])).toThrow(truncated);
    await expect(consistencyProof(5, 4, hashOf)).rejects.toMatchObject({ code: 'log-truncated' });
  });

  it('a tree without leaves has the root of the empty tree, whichever of the two it is', () => {
    const fork = expect.objectContaining({ code: 'log-fork' });
    const wrong = { size: 0, root: leafAt(0) };
    checkConsistency(headAt(0), headAt(0), []);
    expect(() => checkConsistency(headAt(0), wrong, [])).toThrow(fork);
    expect(() => checkConsistency(wrong, headAt(3), [])).toThrow(fork);
    expect(() => checkConsistency(wrong, wrong, [])).toThrow(fork);
  });

  it('sizes that are none are refused', () => {
    const fork = expect.objectContaining({ code: 'log-fork' });
    for (const size of [-1, 1.5, Number.NaN, LIMITS.logLeaves + 1]) {
      const head = { size, root: EMPTY_ROOT };
      expect(() => checkConsistency(head, head, [])).toThrow(fork);
    }
  });
});
