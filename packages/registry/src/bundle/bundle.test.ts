import { gunzipSync, gzipSync } from 'node:zlib';
import { type Bytes, fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keysJson } from '../testing/small-registry.ts';
import { readBundle, writeBundle } from './bundle.ts';

const path = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,8}(\/[a-z0-9][a-z0-9._-]{0,8}){0,2}$/);
/** What is looked for in a file when it is packed, and what only looks like it. */
const fragment = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.stringMatching(/^[0-9a-f]{60,70}$/),
  fc.stringMatching(/^"[A-Za-z0-9_-]{42,45}"$/),
  fc.stringMatching(/^"kid": "[A-Za-z0-9_-]{11}"$/),
  fc
    .stringMatching(/^[A-Za-z0-9+/]{28}\\n[A-Za-z0-9+/]{58}==$/)
    .map((point) => `MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE${point}`),
  fc.constantFrom('\n      "notBefore": "2026-09-07T08:00:00Z",\n', 'a'.repeat(100), '{"signed": {', '\0'),
);
const content = fc.array(fragment, { maxLength: 6 }).map((parts) => utf8(parts.join('')));
const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => new Uint8Array(array));
const files = fc.dictionary(path, fc.oneof(content, bytes), { noNullPrototype: true });

describe('trust bundle', () => {
  it('gives back what was put in, byte for byte, and is the same file whatever the order', async () => {
    await fc.assert(
      fc.asyncProperty(files, async (entries) => {
        const written = new Map(Object.entries(entries));
        const bundle = await writeBundle(written);
        expect(await readBundle(bundle)).toEqual(written);
        expect(await writeBundle(new Map([...written].toReversed()))).toEqual(bundle);
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  it('gives back what says much over and over: hashes of other files, keys, and texts that differ in a word', async () => {
    const regions = Array.from({ length: 40 }, (_, i) => `CN-BJ.r${i}`);
    const written = new Map<string, string>();
    for (const region of regions)
      written.set(`targets/${region}/keys.json`, JSON.stringify(keysJson(region, ['1', '2']), null, 2));
    const hashes = await Promise.all([...written.values()].map((text) => sha256Of(text)));
    written.set('metadata/1.snapshot.json', JSON.stringify(hashes, null, 2));
    const bundle = await writeBundle(written);
    const read = [...(await readBundle(bundle))].map(([name, file]) => [name, fromUtf8(file)] as const);
    expect(new Map(read)).toEqual(written);
    // Two keys of 64 bytes and two kids of 8 bytes for each region are new. All else was said before, or follows from it.
    expect(bundle.length).toBeLessThan(regions.length * (2 * 72 + 32) + 1000);
    expect(gzippedJson(written)).toBeGreaterThan(1.3 * bundle.length);
  });

  it('is gzip with neither time nor machine in its header, and says in its first line what it is', async () => {
    const bundle = await writeBundle(
      new Map<string, string | Bytes>([
        ['b/c', 'two'],
        ['a', utf8('one')],
      ]),
    );
    expect([...bundle.subarray(0, 10)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
    const inflated = gunzipSync(bundle).toString('latin1');
    // 12 bytes in 2 files, told by 5 operations of one byte each, with 12 literals: 3 and end, 3 and end, and the index.
    expect(inflated).toBe('symbolon bundle 2\n\x0c\x02\x05\x0c\x19\x00\x19\x00\x31onetwoa\nb/c\n');
  });

  it('REQ-BUN-002 bounds the number of files, read and written', async () => {
    const many = Array.from({ length: 16_385 }, (_, i) => [`f${i}`, ''] as const);
    const bundle = await writeBundle(new Map(many.slice(1)));
    expect((await readBundle(bundle)).size).toBe(16_384);
    await expect(writeBundle(new Map(many))).rejects.toMatchObject({
      code: 'bundle-too-large',
      bound: 16_384,
    });
  });

  it('REQ-BUN-002 refuses a file that is too large before it opens it, and writes none that is', async () => {
    const huge = new Uint8Array(64 * 1024 * 1024 + 1);
    await expect(readBundle(huge)).rejects.toMatchObject({ code: 'bundle-too-large' });
    await expect(writeBundle(new Map([['a', huge]]))).rejects.toMatchObject({ code: 'bundle-too-large' });
  });

  it('REQ-BUN-001 does not write what it would not read', async () => {
    await expect(writeBundle(new Map([['../a', '']]))).rejects.toMatchObject({ code: 'bundle-malformed' });
  });
});

async function sha256Of(text: string): Promise<string> {
  return Buffer.from(await crypto.subtle.digest('SHA-256', utf8(text))).toString('hex');
}

function gzippedJson(content: ReadonlyMap<string, string>): number {
  return gzipSync(JSON.stringify(Object.fromEntries(content)), { level: 9 }).length;
}
