import { readFileSync } from 'node:fs';
import { verifySignature } from '@symbolon/keys/signature';
import { openCheckpoint, parseCheckpoint } from '@symbolon/log/checkpoint';
import { verifyCosignature } from '@symbolon/log/cosignature';
import { readEntries } from '@symbolon/log/entry-reader';
import { leafHash } from '@symbolon/log/hashes';
import { parseNote } from '@symbolon/log/note';
import { formatVerifierKey, isSignedBy, NOTE_TYPE, parseVerifierKey } from '@symbolon/log/note-key';
import { checkConsistency, checkInclusion, consistencyProof, inclusionProof } from '@symbolon/log/proofs';
import { tilesOf } from '@symbolon/log/tile-reader';
import { type Bytes, fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { describe, expect, it } from 'vitest';

/** The vectors of test/vectors/tlog, as its README says. */
const FOLDER = new URL('../vectors/tlog/', import.meta.url);
const bytesOf = (path: string): Bytes => new Uint8Array(readFileSync(new URL(path, FOLDER)));
const textOf = (path: string) => fromUtf8(bytesOf(path));
const trusting = (origin: string, keys: readonly string[], witnesses: readonly string[] = []) => ({
  origin,
  keys: keys.map(parseVerifierKey),
  witnesses: witnesses.map(parseVerifierKey),
  threshold: witnesses.length,
});

describe('C2SP signed-note', () => {
  const EXAMPLE = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';

  it('its key verifies its note, and no changed one', async () => {
    const key = parseVerifierKey(EXAMPLE);
    const { text, signatures } = parseNote(textOf('signed-note.txt'));
    expect(text).toBe('This is an example message.\n');
    expect(signatures.map((each) => isSignedBy(key, each))).toEqual([true]);
    const signature = signatures[0]?.signature ?? utf8('');
    expect(await verifySignature(key.jwk, utf8(text), signature)).toBe(true);
    expect(await verifySignature(key.jwk, utf8(`${text}\n`), signature)).toBe(false);
    expect(formatVerifierKey(key)).toBe(EXAMPLE);
  });

  it('the text of a note goes to its last empty line', () => {
    const { text, signatures } = parseNote(bytesOf('signed-note-poem.txt'));
    expect(text).toMatch(/^Ognuno .*\n.*\n\ned è subito sera\.\n$/);
    expect(signatures.map(({ name }) => name)).toEqual(['quasimodo.example/salvatore']);
  });
});

describe('C2SP tlog-checkpoint and tlog-cosignature', () => {
  it.each([
    ['checkpoint.txt', 1],
    ['cosignature.txt', 2],
  ])('%s is a checkpoint', (file, signatures) => {
    const checkpoint = parseCheckpoint(bytesOf(file));
    expect(checkpoint).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20_852_163 });
    expect(checkpoint.note.signatures).toHaveLength(signatures);
  });

  it('what a cosignature signs is the message of the specification', () => {
    const { note } = parseCheckpoint(bytesOf('cosignature.txt'));
    const [, cosignature] = note.signatures;
    const { signature, name } = cosignature ?? { signature: utf8(''), name: '' };
    const time = new DataView(signature.buffer).getBigUint64(0);
    expect([name, signature.length]).toEqual(['witness.example.com/w1', 72]);
    expect(`cosignature/v1\ntime ${time}\n${note.text}`).toBe(textOf('cosignature-message.txt'));
  });
});

describe('checkpoints that other programs cosigned', () => {
  const WITNESS = 'witness.example.org+b8a2cf20+BFLN3yikSfFkVAJtrnh/CiY3Zozkoy7clp+P7XB28qUN';
  const MIRROR = 'mirror.example.org+3fb148ef+BAAjjch9GyYz0sJsJx7ALhbdAtz2ov0unbzSl1vMp94O';

  it.each([
    ['sunlight/witnessed-checkpoint', WITNESS],
    ['sunlight/checkpoint', MIRROR],
  ])('%s: its cosignature is right, for its own text only', async (file, vkey) => {
    const key = parseVerifierKey(vkey);
    expect(key.type).toBe(NOTE_TYPE.witness);
    const { text, signatures } = parseCheckpoint(bytesOf(file)).note;
    const cosignature = signatures.find((each) => isSignedBy(key, each));
    if (cosignature === undefined) throw new TypeError('no cosignature');
    expect(await verifyCosignature(text, key, cosignature)).toBe(1_767_139_200);
    expect(await verifyCosignature(text.replace('300', '301'), key, cosignature)).toBeUndefined();
  });

  it('the tiles of its mirror give its root, across full and partial tiles', async () => {
    const { size, root } = parseCheckpoint(bytesOf('sunlight/checkpoint'));
    const tiles = tilesOf(async (path) => bytesOf(`sunlight/${path}`), size);
    expect(await tiles.root()).toEqual(root);
  });
});

describe('a log that another program wrote', () => {
  const KEY = 'example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx';
  const trust = trusting('example.com/log/testdata', [KEY]);
  const read = async (path: string) => bytesOf(`tessera/${path}`);
  const SIZES = Array.from({ length: 16 }, (_, size) => size);

  it.each(SIZES)('at size %i: signature, root, entries, and every proof', async (size) => {
    const head = await openCheckpoint(bytesOf(`tessera/checkpoint.${size}`), trust);
    expect(head.size).toBe(size);
    const tiles = tilesOf(read, size);
    expect(await tiles.root()).toEqual(head.root);
    const entries = size === 0 ? [] : await readEntries(read, tiles, 0);
    expect(entries.map(fromUtf8)).toEqual(WORDS.slice(0, size));
    for (const [index, entry] of entries.entries()) {
      const proof = await inclusionProof(index, size, tiles.hashOf);
      checkInclusion(leafHash(entry), index, size, head.root, proof);
    }
    for (const older of SIZES.slice(0, size)) {
      const before = await openCheckpoint(bytesOf(`tessera/checkpoint.${older}`), trust);
      checkConsistency(before, head, await consistencyProof(older, size, tiles.hashOf));
    }
  });
});

const WORDS = 'one two three four five six seven eit nain ten ileven twelf threeten fourten fivten'.split(
  ' ',
);
