import { type Bytes, utf8 } from '@symbolon/protocol/bytes';
import { parseInstant } from '@symbolon/protocol/instant';
import { writeBundle } from '@symbolon/registry/bundle';
import { type MemoryStore, memoryStore } from '@symbolon/registry/memory-store';
import { openRegistry } from '@symbolon/registry/open-registry';
import { beforeAll, describe, expect, it } from 'vitest';
import { foundedRegistry } from '../testing/founded-registry.ts';
import { over } from '../testing/hub.ts';
import { readThroughItsBundle } from './registry-files.ts';
import { writeTrustBundle } from './trust-bundle.ts';

const NOW = parseInstant('2026-09-07T08:20:30Z');
let root: Bytes;
let files: ReadonlyMap<string, Bytes>;

beforeAll(async () => {
  const founded = await foundedRegistry(NOW);
  ({ root } = founded);
  files = founded.store.files;
  await writeTrustBundle(founded.store, root, undefined, NOW);
});

/** Opens the registry of these files, and tells which of them were read one by one. */
async function opened(store: MemoryStore): Promise<{ regions: number; asked: readonly string[] }> {
  const asked: string[] = [];
  const read = await readThroughItsBundle(async (path) => {
    asked.push(path);
    return store.read(path);
  });
  const { view } = await openRegistry({ read, pinnedRoot: root, now: NOW, expiry: 'offline' });
  return { regions: Object.keys(view.regions).length, asked };
}
const withBundle = (bundle: Bytes) => memoryStore(new Map([...files, ['trust.bundle', bundle]]));

describe('reading a registry through its bundle', () => {
  it('takes one large file in place of many; roots and the timestamp come from the registry itself', async () => {
    const { regions, asked } = await opened(memoryStore(files));
    expect(regions).toBe(3);
    expect(asked.toSorted()).toEqual([
      'metadata/1.root.json',
      'metadata/2.root.json',
      'metadata/timestamp.json',
      'trust.bundle',
    ]);
  });

  it('REQ-REG-007 believes nothing for being in the bundle: a file that is not the one described is read from the registry', async () => {
    const forged = new Map([...files].map(([path]) => [path, utf8('{}')]));
    forged.delete('trust.bundle');
    const { regions, asked } = await opened(withBundle(await writeBundle(forged)));
    expect([regions, asked.length > 30]).toEqual([3, true]);
  });

  it.each(['no bundle', ''])(
    'goes on without one that is damaged (%j), and the next run writes it anew',
    async (text) => {
      const store = withBundle(utf8(text));
      expect((await opened(store)).regions).toBe(3);
      await writeTrustBundle(store, root, undefined, NOW);
      expect((await opened(store)).asked).toHaveLength(4);
    },
  );

  it('asks few files when it writes the bundle of a registry that has not changed', async () => {
    let reads = 0;
    const store = memoryStore(files);
    const read = (path: string) => {
      reads++;
      return store.read(path);
    };
    await writeTrustBundle(over(store, { read }), root, undefined, NOW);
    expect(reads).toBeLessThan(12);
  });
});
