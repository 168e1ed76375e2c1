import { type Bytes, equalBytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { ObjectStore } from './object-store.ts';

export interface MemoryStore extends ObjectStore {
  readonly files: ReadonlyMap<string, Bytes>;
}

/** The object port in memory: for rehearsing a ceremony, and for tests. */
export function memoryStore(initial: ReadonlyMap<string, Bytes> = new Map()): MemoryStore {
  const files = new Map(initial);
  return {
    files,
    read: async (path) => files.get(path),
    create: async (path, bytes) => {
      if (files.has(path)) throw new SymbolonError('object-exists');
      files.set(path, bytes);
    },
    replace: async (path, bytes, previous) => {
      const current = files.get(path);
      if (current === undefined || !equalBytes(current, previous)) {
        throw new SymbolonError('publication-conflict');
      }
      files.set(path, bytes);
    },
  };
}
