import { deflate as nodeDeflate } from 'node:zlib';
import type { Bytes } from '@symbolon/protocol/bytes';

/** The function of deflate.ts. The web platform has no level: a sparse list takes a third more there than at the highest. */
export function deflate(bytes: Uint8Array): Promise<Bytes> {
  // Not `promisify`: to load node:util takes longer than all else that a verifier does with a list, which it never deflates.
  return new Promise((resolve, reject) => {
    nodeDeflate(bytes, { level: 9, memLevel: 9 }, (error, compressed) =>
      error === null ? resolve(new Uint8Array(compressed)) : reject(error),
    );
  });
}
