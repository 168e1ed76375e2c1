import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { createLocalSigner, type Signer } from '@symbolon/keys/signer';
import { openCheckpoint, parseCheckpoint } from '@symbolon/log/checkpoint';
import { readEntries } from '@symbolon/log/entry-reader';
import { leafHash, rootOf } from '@symbolon/log/hashes';
import { type MemoryLogStore, type MemoryQueue, memoryLogStore, memoryQueue } from '@symbolon/log/memory-log';
import { NOTE_TYPE, type NoteKey, type NoteType, noteKey } from '@symbolon/log/note-key';
import { tilesOf } from '@symbolon/log/tile-reader';
import { type Bytes, concatBytes, fromUtf8, toHex, utf8 } from '@symbolon/protocol/bytes';
import { Ed25519Jwk } from '@symbolon/protocol/schemas/jwk';
import { expect } from 'vitest';

export interface LogKey {
  readonly key: NoteKey;
  readonly signer: Signer;
}

export async function logKeyOf(name: string, type: NoteType = NOTE_TYPE.log): Promise<LogKey> {
  const signer = await createLocalSigner(insecurePrivateKeyFromSeed('EdDSA', name));
  return { key: noteKey(name, type, Ed25519Jwk.parse(signer.publicJwk)), signer };
}

/** A log in memory that remembers every tree that was ever signed, shown to anyone or not. */
export interface LogWorld extends LogKey {
  readonly stores: { readonly public: MemoryLogStore; readonly private: MemoryLogStore };
  readonly source: MemoryQueue;
  /** Text of each checkpoint that was signed. */
  readonly signed: Set<string>;
}

export function logWorld({ key, signer }: LogKey): LogWorld {
  const signed = new Set<string>();
  const sign = async (data: Uint8Array) => {
    signed.add(fromUtf8(data));
    return signer.sign(data);
  };
  return {
    key,
    signer: { ...signer, sign },
    stores: { public: memoryLogStore(), private: memoryLogStore() },
    source: restless(memoryQueue()),
    signed,
  };
}

/** Gives what waits in another order each time, as region logs do: so two rounds that were begun from one state are of two trees. */
function restless(queue: MemoryQueue): MemoryQueue {
  let calls = 0;
  return {
    ...queue,
    pending: async (limit, memory) => {
      const { leaves } = await queue.pending(limit, memory);
      const first = leaves.length === 0 ? 0 : calls++ % leaves.length;
      return { leaves: [...leaves.slice(first), ...leaves.slice(0, first)], memory };
    },
  };
}

/** Another log that has everything that this one has. */
export function copyOf(world: LogWorld, key: LogKey): LogWorld {
  const copy = logWorld(key);
  for (const place of ['public', 'private'] as const) {
    for (const [path, bytes] of world.stores[place].files) copy.stores[place].files.set(path, bytes);
  }
  for (const [leaf, index] of world.source.placed) copy.source.placed.set(leaf, index);
  for (const text of world.signed) copy.signed.add(text);
  return copy;
}

/**
 * Reads a log from its public files alone, and holds everything to everything: the tiles of all levels, the entries, the signed root; each leaf is there once, where its source was told;
 * and every tree that was ever signed is the beginning of this one.
 *
 * @param leaves all that were ever given to the log
 */
export async function expectWhole(world: LogWorld, leaves: readonly string[]): Promise<void> {
  const { key, stores, source, signed } = world;
  const read = async (path: string) => stores.public.files.get(path);
  const trust = { origin: key.name, keys: [key], witnesses: [], threshold: 0 };
  const { size, root } = await openCheckpoint((await read('checkpoint')) ?? '', trust);
  const tiles = tilesOf(read, size);
  const entries: string[] = [];
  for (let index = 0; index < Math.ceil(size / 256); index++) {
    entries.push(...(await readEntries(read, tiles, index)).map(fromUtf8));
  }
  expect(entries.toSorted()).toEqual(leaves.toSorted());
  expect([...source.placed].toSorted(byIndex)).toEqual(entries.map((leaf, index) => [leaf, index]));

  const hashes = entries.map((entry) => leafHash(utf8(entry)));
  expect(toHex(await tiles.root())).toBe(toHex(root));
  await expectLevels(world, size, hashes);
  for (const text of signed) {
    const checkpoint = parseCheckpoint(`${text}\n— any AAAAAAA=\n`);
    expect(checkpoint.size).toBeLessThanOrEqual(size);
    expect(toHex(checkpoint.root)).toBe(toHex(rootOf(hashes.slice(0, checkpoint.size))));
  }
}

const byIndex = ([, a]: readonly [string, number], [, b]: readonly [string, number]) => a - b;

/** Each tile is what the leaves give, level by level. */
async function expectLevels({ stores }: LogWorld, size: number, leaves: readonly Bytes[]): Promise<void> {
  const tiles = tilesOf(async (path) => stores.public.files.get(path), size);
  let hashes: readonly Bytes[] = leaves;
  for (let level = 0; hashes.length > 0; level++) {
    const above: Bytes[] = [];
    for (let first = 0; first < hashes.length; first += 256) {
      const part = hashes.slice(first, first + 256);
      expect(toHex(await tiles.tile(level, first / 256))).toBe(toHex(concatBytes(...part)));
      if (part.length === 256) above.push(rootOf(part));
    }
    hashes = above;
  }
}
