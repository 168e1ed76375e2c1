import { gzipSync } from 'node:zlib';
import { type Bytes, concatBytes, utf8 } from '@symbolon/protocol/bytes';
import { describe, expect, it, vi } from 'vitest';
import { readBundle, writeBundle } from './bundle.ts';
import { ByteSink } from './byte-sink.ts';
import { MAGIC, OP } from './form.ts';
import { gunzip as nodeGunzip } from './gzip.node.ts';
import { gunzip as portableGunzip } from './gzip.ts';

const MIB = 1024 * 1024;

const gzipOf = (bytes: Uint8Array | string): Bytes => new Uint8Array(gzipSync(bytes));

interface Parts {
  readonly textBytes: number;
  readonly files: number;
  /** Numbers, in their shortest form. */
  readonly operations: readonly number[];
  readonly literals?: string;
  readonly binary?: Uint8Array;
}

function inflated({ textBytes, files, operations, literals = '', binary = new Uint8Array() }: Parts): Bytes {
  const numbers = new ByteSink();
  for (const number of operations) numbers.appendNumber(number);
  const head = new ByteSink();
  for (const number of [textBytes, files, numbers.length, literals.length]) head.appendNumber(number);
  return concatBytes(MAGIC, head.collected(), numbers.collected(), utf8(literals), binary);
}

const op = (operation: number, n: number) => n * 8 + operation;
const bundle = (parts: Parts) => gzipOf(inflated(parts));

/** One file `a` that holds `b`. */
const GOOD: Parts = {
  textBytes: 3,
  files: 1,
  operations: [op(OP.literal, 1), op(OP.end, 0), op(OP.literal, 2)],
  literals: 'ba\n',
};

describe('REQ-BUN-001 a bundle has one form, and what has another is refused', () => {
  it('reads the one that the others are changes of', async () => {
    expect([...(await readBundle(bundle(GOOD)))]).toEqual([['a', utf8('b')]]);
  });

  const withIndex = (index: string, files = 1): Parts => ({
    textBytes: files + index.length,
    files,
    operations: [
      ...Array.from({ length: files }, () => [op(OP.literal, 1), op(OP.end, 0)]).flat(),
      op(OP.literal, index.length),
    ],
    literals: 'b'.repeat(files) + index,
  });

  it.each<[string, Parts]>([
    ['text that is stated and does not come', { ...GOOD, textBytes: 4 }],
    ['text beyond what is stated', { ...GOOD, textBytes: 2 }],
    ['a file too few', { ...GOOD, files: 2 }],
    ['a file too many', { ...GOOD, files: 0 }],
    ['literals left over', { ...GOOD, literals: 'ba\n\n' }],
    ['literals that are not there', { ...GOOD, literals: 'b' }],
    ['binary left over', { ...GOOD, binary: Uint8Array.of(1) }],
    ['no index', { ...GOOD, textBytes: 1, operations: GOOD.operations.slice(0, 2), literals: 'b' }],
    ['an end with a number', { ...GOOD, operations: [op(OP.literal, 1), op(OP.end, 1), op(OP.literal, 2)] }],
    ['an operation that is none', { ...GOOD, operations: [op(7, 1), ...GOOD.operations.slice(1)] }],
    ['nothing, told as a literal', { ...GOOD, operations: [op(OP.literal, 0), ...GOOD.operations] }],
    ['an index without its last line end', withIndex('a')],
    ['a path twice', withIndex('a\na\n', 2)],
    ['a path that climbs', withIndex('../a\n')],
    ['an absolute path', withIndex('/a\n')],
    ['no path', withIndex('\n')],
    ['a path too many', withIndex('a\nb\n')],
    ['an index that is no text', { ...withIndex('a\n'), literals: 'bÿ' }],
    ['a copy of nothing', { ...GOOD, operations: [op(OP.copy, 1), 2, ...GOOD.operations.slice(1)] }],
    [
      'a copy from before the beginning',
      {
        ...GOOD,
        textBytes: 4,
        operations: [GOOD.operations[0] ?? 0, op(OP.copy, 1), 4, ...GOOD.operations.slice(1)],
      },
    ],
    [
      'a copy from where it goes',
      {
        ...GOOD,
        textBytes: 4,
        operations: [GOOD.operations[0] ?? 0, op(OP.copy, 1), 0, ...GOOD.operations.slice(1)],
      },
    ],
    [
      'the digest of a file that comes later',
      {
        ...GOOD,
        textBytes: 66,
        operations: [op(OP.digest, 0), ...GOOD.operations.slice(1)],
        literals: 'a\n',
      },
    ],
    [
      'bytes that are not there',
      { ...GOOD, textBytes: 4, operations: [op(OP.hex, 1), ...GOOD.operations.slice(1)], literals: 'a\n' },
    ],
  ])('%s', async (_, parts) => {
    await expect(readBundle(bundle(parts))).rejects.toMatchObject({ code: 'bundle-malformed' });
  });

  it.each<[string, Bytes]>([
    ['a number in a longer form', Uint8Array.of(0x83, 0, 1, 3, 3)],
    ['a number that does not end', Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff)],
    ['a number beyond 2^31', Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x08)],
    ['nothing behind the first line', new Uint8Array()],
    ['parts longer than all of it', Uint8Array.of(3, 1, 100, 100)],
  ])('%s', async (_, head) => {
    await expect(readBundle(gzipOf(concatBytes(MAGIC, head)))).rejects.toMatchObject({
      code: 'bundle-malformed',
    });
  });

  it.each<[string, Bytes | string]>([
    ['the form before this one', '{"symbolonBundle":1,"files":{"a":"b"}}'],
    ['another version', 'symbolon bundle 3\n\x03\x01\x03\x03'],
    ['nothing', ''],
  ])('%s', async (_, text) => {
    await expect(readBundle(gzipOf(text))).rejects.toMatchObject({ code: 'bundle-malformed' });
  });
});

describe('REQ-BUN-002 a hostile bundle costs no more than the bound', () => {
  it('a copy that fills more than was stated is refused before it is made', async () => {
    const copies = { ...GOOD, operations: [op(OP.literal, 1), op(OP.copy, 60 * MIB), 2] };
    await expect(readBundle(bundle(copies))).rejects.toMatchObject({ code: 'bundle-malformed' });
  });

  it('an index that is longer than its paths can be is not taken apart', async () => {
    const textBytes = 1 + MIB;
    const lineEnds = [op(OP.literal, 1), op(OP.copy, MIB - 1), 2];
    const operations = [op(OP.literal, 1), op(OP.end, 0), ...lineEnds];
    const split = vi.spyOn(String.prototype, 'split');
    try {
      await expect(
        readBundle(bundle({ textBytes, files: 1, operations, literals: 'b\n' })),
      ).rejects.toMatchObject({
        code: 'bundle-malformed',
      });
      expect(split.mock.contexts.filter((text) => String(text).length > 1024)).toEqual([]);
    } finally {
      split.mockRestore();
    }
  });

  it('what is stated is bounded', async () => {
    await expect(readBundle(bundle({ ...GOOD, textBytes: 64 * MIB + 1 }))).rejects.toMatchObject({
      code: 'bundle-too-large',
      bound: 64 * MIB,
    });
    await expect(readBundle(bundle({ ...GOOD, files: 16_385 }))).rejects.toMatchObject({
      code: 'bundle-too-large',
      bound: 16_384,
    });
  });

  it('64 MiB out of 60 bytes are 64 MiB, and a hash of them is made once, however often it is told', async () => {
    const length = 32 * MIB;
    const digests = 1000;
    const file = [op(OP.literal, 1), op(OP.copy, length - 1), 2, op(OP.end, 0)];
    const telling = Array.from({ length: digests }, (_, i) => op(OP.digest, i === 0 ? 0 : 1));
    const read = await readBundle(
      bundle({
        textBytes: length + 64 * digests + 4,
        files: 2,
        operations: [...file, ...telling, op(OP.end, 0), op(OP.literal, 4)],
        literals: 'ba\nc\n',
      }),
    );
    expect([...read].map(([path, { length: bytes }]) => [path, bytes])).toEqual([
      ['a', length],
      ['c', 64 * digests],
    ]);
  });
});

describe.each([
  ['streams', portableGunzip],
  ['Node', nodeGunzip],
])('gzip by %s', (_, gunzip) => {
  const whole = gzipOf('a text');

  it('gives back what was put in', async () => {
    expect(await gunzip(whole, 6)).toEqual(utf8('a text'));
    expect(await gunzip(gzipOf(''), 6)).toEqual(new Uint8Array());
  });

  it.each<[string, Bytes]>([
    ['no gzip', utf8('symbolon bundle 2\n a text')],
    ['something after the end', concatBytes(whole, utf8('x'))],
    ['another member after the end', concatBytes(whole, whole)],
    ['something before the checksum', concatBytes(whole.subarray(0, -8), utf8('x'), whole.subarray(-8))],
    ['cut off', whole.slice(0, -5)],
    ['a wrong checksum', flipped(whole, -6)],
    ['a wrong length', flipped(whole, -1)],
    ['a header with a name', flipped(whole, 3, 8)],
    ['another method', flipped(whole, 2, 15)],
    ['nothing', new Uint8Array()],
  ])('REQ-BUN-001 refuses %s', async (_what, bytes) => {
    await expect(gunzip(bytes, 1000)).rejects.toMatchObject({ code: 'bundle-malformed' });
  });

  it('REQ-BUN-002 stops at the bound: 128 MiB of spaces in 128 KiB', async () => {
    const bomb = gzipOf(' '.repeat(128 * MIB));
    expect(bomb.length).toBeLessThan(140_000);
    await expect(gunzip(bomb, 64 * MIB)).rejects.toMatchObject({ code: 'bundle-too-large', bound: 64 * MIB });
  });
});

it('both gzips agree on what is written', async () => {
  const files = new Map([['a', 'b']]);
  expect(await portableGunzip(await writeBundle(files), 1000)).toEqual(inflated(GOOD));
  expect(await nodeGunzip(await writeBundle(files), 1000)).toEqual(inflated(GOOD));
});

function flipped(bytes: Bytes, at: number, bits = 1): Bytes {
  const copy = new Uint8Array(bytes);
  const index = at < 0 ? copy.length + at : at;
  copy[index] = (copy[index] ?? 0) ^ bits;
  return copy;
}
