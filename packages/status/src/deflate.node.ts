import { promisify } from 'node:util';
import { deflate as nodeDeflate } from 'node:zlib';
import type { Bytes } from '@symbolon/protocol/bytes';

const deflateAsync = promisify<Uint8Array, { level: number; memLevel: number }, Buffer>(nodeDeflate);

/** The function of deflate.ts. The web platform has no level: a sparse list takes a third more there than at the highest. */
export async function deflate(bytes: Uint8Array): Promise<Bytes> {
  return new Uint8Array(await deflateAsync(bytes, { level: 9, memLevel: 9 }));
}
