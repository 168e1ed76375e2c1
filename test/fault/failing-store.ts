import type { Bytes } from '@symbolon/protocol/bytes';
import { type MemoryStore, memoryStore } from '@symbolon/registry/memory-store';
import type { ObjectStore } from '@symbolon/registry/object-store';

/** What a killed process leaves behind is what it had written. */
export class Killed extends Error {}

export interface Kill {
  /** Counts writes from 0. */
  readonly at: number;
  readonly when: 'before' | 'after';
}

/** Fails once, at one write, before or after it took place. */
export function killedStore(store: ObjectStore, { at, when }: Kill): ObjectStore {
  return onWrite(store, async (step, write) => {
    if (step === at && when === 'before') throw new Killed();
    await write();
    if (step === at) throw new Killed();
  });
}

/** Before one write, someone else comes in between. */
export function interruptedStore(store: ObjectStore, at: number, between: () => Promise<void>): ObjectStore {
  return onWrite(store, async (step, write) => {
    if (step === at) await between();
    await write();
  });
}

/** A store that asserts itself what the port promises of it: nothing is written over but by compare and swap, and nothing is lost. */
export function watchedStore(files: ReadonlyMap<string, Bytes>): MemoryStore & { readonly writes: string[] } {
  const store = memoryStore(files);
  const writes: string[] = [];
  const note = async (path: string, write: () => Promise<void>) => {
    const before = new Map(store.files);
    await write();
    writes.push(path);
    for (const [each, bytes] of before) {
      if (each !== path && store.files.get(each) !== bytes) throw new TypeError('a file was lost');
    }
  };
  return {
    files: store.files,
    writes,
    read: store.read,
    create: (path, bytes) => note(path, () => store.create(path, bytes)),
    replace: (path, bytes, previous) => note(path, () => store.replace(path, bytes, previous)),
  };
}

function onWrite(
  store: ObjectStore,
  act: (step: number, write: () => Promise<void>) => Promise<void>,
): ObjectStore {
  let step = 0;
  return {
    read: (path) => store.read(path),
    create: (path, bytes) => act(step++, () => store.create(path, bytes)),
    replace: (path, bytes, previous) => act(step++, () => store.replace(path, bytes, previous)),
  };
}
