import { type Bytes, equalBytes, utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { LeafSource, WaitingLeaf } from '../sequencer/leaf-source.ts';
import type { LogStore } from '../sequencer/log-store.ts';

/** Files in memory that keep to the contract of the port, and count what is written. For tests. */
export interface MemoryLogStore extends LogStore {
  readonly files: Map<string, Bytes>;
  readonly writes: string[];
}

export function memoryLogStore(): MemoryLogStore {
  const files = new Map<string, Bytes>();
  const writes: string[] = [];
  return {
    files,
    writes,
    read: async (path) => files.get(path),
    create: async (path, bytes) => {
      if (files.has(path)) throw new SymbolonError('object-exists');
      files.set(path, bytes);
      writes.push(path);
    },
    replace: async (path, bytes, previous) => {
      const there = files.get(path);
      if (there === undefined || !equalBytes(there, previous))
        throw new SymbolonError('publication-conflict');
      files.set(path, bytes);
      writes.push(path);
    },
  };
}

/** A queue in memory: `waits` is what is not in the log yet, `placed` where the rest is. */
export interface MemoryQueue extends LeafSource {
  readonly placed: Map<string, number>;
  add(...leaves: readonly string[]): void;
}

/** Leaves are their own names. */
export function memoryQueue(): MemoryQueue {
  const waits = new Map<string, WaitingLeaf>();
  const placed = new Map<string, number>();
  return {
    placed,
    add: (...leaves) => {
      for (const note of leaves) waits.set(note, { leaf: utf8(note), note });
    },
    pending: async (limit, memory) => ({ leaves: [...waits.values()].slice(0, limit), memory }),
    settle: async (leaves) => {
      for (const { index, note } of leaves) {
        const before = placed.get(String(note));
        if (before !== undefined && before !== index) throw new TypeError('a leaf is in two places');
        placed.set(String(note), index);
        waits.delete(String(note));
      }
    },
  };
}
