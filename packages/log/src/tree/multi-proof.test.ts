import { type Bytes, utf8 } from '@symbolon/protocol/bytes';
import { LIMITS } from '@symbolon/protocol/limits';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { naiveRoot } from '../testing/naive-tree.ts';
import { EMPTY_ROOT, leafHash, rootOf } from './hashes.ts';
import { multiProof, rootByMultiProof } from './multi-proof.ts';
import { inclusionProof, type RangeHash } from './proofs.ts';

const leaves = Array.from({ length: 300 }, (_, i) => utf8(`leaf ${i}`));
const hashes = leaves.map(leafHash);
const hashOf: RangeHash = async (start, count) => rootOf(hashes.slice(start, start + count));
const known = (indices: readonly number[]) => indices.map((i) => [i, hashes[i] ?? EMPTY_ROOT] as const);
const refused = expect.objectContaining({ code: 'inclusion-invalid' });

const some = fc
  .tuple(fc.integer({ min: 1, max: leaves.length }), fc.uniqueArray(fc.nat({ max: 299 }), { maxLength: 20 }))
  .map(([size, all]) => ({ size, indices: all.filter((i) => i < size).toSorted((a, b) => a - b) }));

describe('REQ-LOG-006 one proof for many leaves', () => {
  it('gives the root of the RFC, for any of the leaves of any tree', async () => {
    await fc.assert(
      fc.asyncProperty(some, async ({ size, indices }) => {
        const proof = await multiProof(indices, size, hashOf);
        expect(rootByMultiProof(known(indices), size, proof)).toEqual(naiveRoot(leaves.slice(0, size)));
      }),
      { seed: 8, numRuns: 200 },
    );
  });

  it('for one leaf it has the hashes of an inclusion proof, for none the root, for all none', async () => {
    const one = await multiProof([77], 300, hashOf);
    const sorted = (all: readonly Bytes[]) => all.map(String).toSorted();
    expect(sorted(one)).toEqual(sorted(await inclusionProof(77, 300, hashOf)));
    expect(await multiProof([], 300, hashOf)).toEqual([rootOf(hashes)]);
    expect(await multiProof([...hashes.keys()], 300, hashOf)).toEqual([]);
    expect(await multiProof([], 0, hashOf)).toEqual([]);
    expect(rootByMultiProof([], 0, [])).toEqual(EMPTY_ROOT);
  });

  it('a byte changed anywhere gives another root', async () => {
    const indices = [3, 4, 130, 299];
    const proof = await multiProof(indices, 300, hashOf);
    for (const [i, hash] of proof.entries()) {
      for (let at = 0; at < hash.length; at++) {
        const bad = proof.with(
          i,
          Uint8Array.from(hash, (byte, j) => (j === at ? byte ^ 128 : byte)),
        );
        expect(rootByMultiProof(known(indices), 300, bad)).not.toEqual(rootOf(hashes));
      }
    }
  });

  it('too few, too many or misshapen hashes are refused', async () => {
    const indices = [3, 4, 130, 299];
    const proof = await multiProof(indices, 300, hashOf);
    const bad = [proof.slice(1), [...proof, EMPTY_ROOT], proof.with(0, EMPTY_ROOT.slice(1)), []];
    for (const each of bad) expect(() => rootByMultiProof(known(indices), 300, each)).toThrow(refused);
  });

  it.each([
    ['twice the same', [3, 3]],
    ['not increasing', [4, 3]],
    ['outside', [3, 300]],
    ['negative', [-1, 3]],
    ['between two', [0.5, 3]],
    ['no number', [Number.NaN, 3]],
  ])('leaves that are %s are refused, whatever the hashes', async (_what, indices) => {
    for (let count = 0; count < 40; count++) {
      const proof = new Array<Bytes>(count).fill(EMPTY_ROOT);
      expect(() => rootByMultiProof(known(indices), 300, proof)).toThrow(refused);
    }
  });

  it('what is no hash of a leaf, and no size, is refused', async () => {
    expect(() => rootByMultiProof([[0, utf8('short')]], 1, [])).toThrow(refused);
    for (const size of [-1, 0.5, LIMITS.logLeaves + 1]) {
      expect(() => rootByMultiProof([], size, [EMPTY_ROOT])).toThrow(refused);
    }
  });
});
