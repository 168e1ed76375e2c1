import type { Bytes } from '@symbolon/protocol/bytes';
import type { Cache } from './ports.ts';

export interface MemoryCache extends Cache {
  readonly files: ReadonlyMap<string, Bytes>;
  remove(path: string): Promise<void>;
}

/** The cache port in memory: for a client that lives as long as its process. */
export function memoryCache(initial: ReadonlyMap<string, Bytes> = new Map()): MemoryCache {
  const files = new Map(initial);
  return {
    files,
    read: async (path) => files.get(path)?.slice(),
    write: async (path, bytes) => {
      files.set(path, bytes.slice());
    },
    remove: async (path) => {
      files.delete(path);
    },
    retain: async (paths) => {
      for (const path of files.keys()) if (!paths.has(path)) files.delete(path);
    },
  };
}
