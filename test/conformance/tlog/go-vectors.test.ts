import { readFileSync } from 'node:fs';
import { sha256Base64url } from '@symbolon/keys/digest';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { createLocalSigner } from '@symbolon/keys/signer';
import { checkpointText, type LogTrust, openCheckpoint, signCheckpoint } from '@symbolon/log/checkpoint';
import { cosign } from '@symbolon/log/cosignature';
import { leafHash, rootOf } from '@symbolon/log/hashes';
import { multiProof, rootByMultiProof } from '@symbolon/log/multi-proof';
import { formatVerifierKey, NOTE_TYPE, noteKey, parseVerifierKey } from '@symbolon/log/note-key';
import {
  checkConsistency,
  checkInclusion,
  consistencyProof,
  inclusionProof,
  type RangeHash,
} from '@symbolon/log/proofs';
import { decodeBase64, encodeBase64 } from '@symbolon/protocol/base64url';
import { type Bytes, utf8 } from '@symbolon/protocol/bytes';
import { instant } from '@symbolon/protocol/instant';
import { Ed25519Jwk } from '@symbolon/protocol/schemas/jwk';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';

/*
 * What Go's golang.org/x/mod/sumdb/{note,tlog} and transparency-dev/formats say of a log whose leaves are "leaf 0", "leaf 1" and so on. The file is what
 * `go run . vectors` in the folder `foreign` printed once; the times of the cosignatures are of that day.
 */

const Hash = z.pipe(z.string(), z.transform(decodeBase64));
/** Go writes an empty slice that was never made as null. */
const Proof = z.array(Hash);
const Vectors = z.strictObject({
  log: z.string(),
  witness: z.string(),
  notes: z.array(z.string()),
  cosigned: z.array(z.string()),
  roots: z.array(z.strictObject({ size: z.int(), root: Hash })),
  inclusion: z.array(z.strictObject({ index: z.int(), size: z.int(), proof: Proof })),
  consistency: z.array(z.strictObject({ old: z.int(), size: z.int(), proof: Proof })),
});

const GO = z.parse(
  Vectors,
  JSON.parse(readFileSync(new URL('../../vectors/tlog/go.json', import.meta.url), 'utf8')),
);
const LEAVES = Array.from({ length: 1000 }, (_, i) => leafHash(utf8(`leaf ${i}`)));
const hashOf: RangeHash = async (start, count) => rootOf(LEAVES.slice(start, start + count));
const roots = new Map(GO.roots.map(({ size, root }) => [size, root]));
const rootAt = (size: number): Bytes => {
  const root = roots.get(size);
  return root ?? rootOf(LEAVES.slice(0, size));
};
const key = parseVerifierKey(GO.log);
const witness = parseVerifierKey(GO.witness);
const trust: LogTrust = { origin: key.name, keys: [key], witnesses: [witness], threshold: 1 };

describe('the tree is that of golang.org/x/mod/sumdb/tlog', () => {
  it('there are roots and proofs enough', () => {
    expect(GO.roots.length).toBeGreaterThan(30);
    expect(GO.inclusion.length).toBeGreaterThan(100);
    expect(GO.consistency.length).toBeGreaterThan(100);
  });

  it.each(GO.roots)('root of $size leaves', ({ size, root }) => {
    expect(rootOf(LEAVES.slice(0, size))).toEqual(root);
  });

  it('REQ-LOG-006: every inclusion proof holds, and is the one that is made here', async () => {
    for (const { index, size, proof } of GO.inclusion) {
      checkInclusion(LEAVES[index] ?? utf8(''), index, size, rootAt(size), proof);
      expect(await inclusionProof(index, size, hashOf)).toEqual(proof);
      const many = await multiProof([index], size, hashOf);
      const root = rootByMultiProof([[index, LEAVES[index] ?? utf8('')]], size, many);
      expect(root).toEqual(rootAt(size));
    }
  });

  it('REQ-LOG-006: a proof of Go for another index is refused', () => {
    for (const { index, size, proof } of GO.inclusion.filter(({ size }) => size > 1)) {
      const wrong = (index + 1) % size;
      expect(() => checkInclusion(LEAVES[index] ?? utf8(''), wrong, size, rootAt(size), proof)).toThrow(
        expect.objectContaining({ code: 'inclusion-invalid' }),
      );
    }
  });

  it('REQ-LOG-007: every consistency proof holds, and is the one that is made here', async () => {
    for (const { old, size, proof } of GO.consistency) {
      const [older, newer] = [
        { size: old, root: rootAt(old) },
        { size, root: rootAt(size) },
      ];
      checkConsistency(older, newer, proof);
      expect(await consistencyProof(old, size, hashOf)).toEqual(proof);
      const forked = { size, root: leafHash(newer.root) };
      expect(() => checkConsistency(older, forked, proof)).toThrow(
        expect.objectContaining({ code: 'log-fork' }),
      );
    }
  });
});

describe('notes are those of golang.org/x/mod/sumdb/note and transparency-dev/formats', () => {
  it('verifier keys read and write the same', () => {
    expect([key, witness].map(formatVerifierKey)).toEqual([GO.log, GO.witness]);
    expect([key.type, witness.type]).toEqual([NOTE_TYPE.log, NOTE_TYPE.witness]);
  });

  it.each(GO.notes)('REQ-LOG-004: a checkpoint that Go signed %#', async (note) => {
    const { size, root, cosigned } = await openCheckpoint(note, trust);
    expect(root).toEqual(rootAt(size));
    expect(cosigned.size).toBe(0);
  });

  it.each(GO.cosigned)('REQ-LOG-016: a checkpoint that Go cosigned %#', async (note) => {
    const { cosigned } = await openCheckpoint(note, trust);
    expect(cosigned.get(witness.name)).toBeGreaterThan(instant(1_700_000_000));
    // One bit of the time, which is signed too.
    const lines = note.trimEnd().split('\n');
    const [mark, name, encoded = ''] = lines.at(-1)?.split(' ') ?? [];
    const bytes = decodeBase64(encoded);
    bytes[11] = (bytes[11] ?? 0) ^ 1;
    const bent = [...lines.slice(0, -1), `${mark} ${name} ${encodeBase64(bytes)}`, ''].join('\n');
    await expect(openCheckpoint(bent, trust)).rejects.toMatchObject({ code: 'cosignature-invalid' });
  });

  it('what is signed here with the same key is the same note: Ed25519 has one signature', async () => {
    const [note = ''] = GO.notes.slice(-1);
    const { size, root } = await openCheckpoint(note, trust);
    const signer = await createLocalSigner({ ...key.jwk, d: SEED });
    expect(await signCheckpoint(checkpointText(key.name, { size, root }), key, signer)).toBe(note);
  });

  it('a cosignature by another key of the same name is passed over', async () => {
    const [note = ''] = GO.notes;
    const signer = await createLocalSigner(insecurePrivateKeyFromSeed('EdDSA', 'impostor'));
    const impostor = noteKey(witness.name, NOTE_TYPE.witness, z.parse(Ed25519Jwk, signer.publicJwk));
    const { text } = (await openCheckpoint(note, trust)).note;
    const line = await cosign(text, impostor, signer, instant(1_800_000_000));
    expect((await openCheckpoint(note + line, trust)).cosigned.size).toBe(0);
  });
});

/** Of the log's key in `foreign/keys.go`. */
const SEED = sha256Base64url('foreign test key log');
