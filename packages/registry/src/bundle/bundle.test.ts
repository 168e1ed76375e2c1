import { gunzipSync, gzipSync } from 'node:zlib';
import { type Bytes, concatBytes, fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBundle, writeBundle } from './bundle.ts';

const gzipOf = (text: string): Bytes => new Uint8Array(gzipSync(text));
const bundleOf = (files: object) => gzipOf(JSON.stringify({ symbolonBundle: 1, files }));

const path = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,8}(\/[a-z0-9][a-z0-9._-]{0,8}){0,2}$/);
const files = fc.dictionary(path, fc.string({ unit: 'grapheme' }), { noNullPrototype: true });

describe('trust bundle', () => {
  it('gives back what was put in, and is the same file whatever the order', async () => {
    await fc.assert(
      fc.asyncProperty(files, async (content) => {
        const entries = Object.entries(content).filter(([, text]) => text.isWellFormed());
        const bundle = await writeBundle(new Map(entries));
        const read = [...(await readBundle(bundle))].map(([name, bytes]) => [name, fromUtf8(bytes)]);
        expect(new Map(read as [string, string][])).toEqual(new Map(entries));
        expect(await writeBundle(new Map(entries.toReversed()))).toEqual(bundle);
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  it('is gzip of sorted JSON, with neither time nor machine in its header', async () => {
    const bundle = await writeBundle(
      new Map<string, string | Bytes>([
        ['b/c', 'two'],
        ['a', utf8('one')],
      ]),
    );
    expect(gunzipSync(bundle).toString()).toBe('{"symbolonBundle":1,"files":{"a":"one","b/c":"two"}}');
    expect([...bundle.subarray(0, 10)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
  });

  it.each([
    ['no gzip', utf8('{"symbolonBundle":1,"files":{}}')],
    ['something after the end', concatBytes(bundleOf({}), utf8('x'))],
    ['cut off', bundleOf({ a: 'b' }).slice(0, -5)],
    ['a wrong checksum', flipped(bundleOf({ a: 'b' }), -6)],
    ['no JSON', gzipOf('x')],
    ['a path twice', gzipOf('{"symbolonBundle":1,"files":{"a":"1","a":"2"}}')],
    ['another version', gzipOf('{"symbolonBundle":2,"files":{}}')],
    ['a path that climbs', bundleOf({ '../a': '' })],
    ['an absolute path', bundleOf({ '/a': '' })],
    ['__proto__', gzipOf('{"symbolonBundle":1,"files":{"__proto__":"x"}}')],
    ['a file that is no text', bundleOf({ a: 1 })],
    ['no files', gzipOf('{"symbolonBundle":1}')],
    ['nothing', new Uint8Array()],
  ])('REQ-BUN-001 refuses %s', async (_what, bytes) => {
    await expect(readBundle(bytes)).rejects.toMatchObject({ code: 'bundle-malformed' });
  });

  it('REQ-BUN-002 stops inflating at the bound: 128 MiB of spaces in 128 KiB', async () => {
    const bomb = gzipOf(' '.repeat(128 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(140_000);
    await expect(readBundle(bomb)).rejects.toMatchObject({
      code: 'bundle-too-large',
      bound: 64 * 1024 * 1024,
    });
  });

  it('REQ-BUN-002 refuses a file that is too large before it opens it', async () => {
    const huge = new Uint8Array(64 * 1024 * 1024 + 1);
    await expect(readBundle(huge)).rejects.toMatchObject({ code: 'bundle-too-large' });
  });

  it('REQ-BUN-002 bounds the number of files, read and written', async () => {
    const many = Array.from({ length: 16_385 }, (_, i) => [`f${i}`, ''] as const);
    const bundle = await writeBundle(new Map(many.slice(1)));
    expect((await readBundle(bundle)).size).toBe(16_384);
    await expect(readBundle(bundleOf(Object.fromEntries(many)))).rejects.toMatchObject({
      code: 'bundle-too-large',
      bound: 16_384,
    });
    await expect(writeBundle(new Map(many))).rejects.toMatchObject({ code: 'bundle-too-large' });
  });

  it('REQ-BUN-001 does not write what it would not read', async () => {
    await expect(writeBundle(new Map([['../a', '']]))).rejects.toMatchObject({ code: 'bundle-malformed' });
    await expect(writeBundle(new Map([['a', Uint8Array.of(0xff)]]))).rejects.toMatchObject({
      code: 'bundle-malformed',
    });
  });
});

function flipped(bytes: Bytes, at: number): Bytes {
  const copy = new Uint8Array(bytes);
  const index = copy.length + at;
  copy[index] = (copy[index] ?? 0) ^ 1;
  return copy;
}
