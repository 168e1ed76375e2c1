import { inflateSync } from 'node:zlib';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { describe, expect, it } from 'vitest';
import { deflate as nodeDeflate } from './deflate.node.ts';
import { deflate as webDeflate } from './deflate.ts';

const random = insecureRandomFromSeed('deflate');

describe.each([
  { path: 'Node', deflate: nodeDeflate },
  { path: 'the web platform', deflate: webDeflate },
])('deflate by $path', ({ deflate }) => {
  it.each([0, 1, 70_000])('%i bytes come back as they were', async (length) => {
    const bytes = random(length);
    const compressed = await deflate(bytes);
    // The ZLIB format (RFC 1950, section 2.2), which a raw stream or gzip is not.
    expect(compressed[0]).toBe(0x78);
    expect(new Uint8Array(inflateSync(compressed))).toEqual(bytes);
  });
});
