import { type Bytes, concatBytes, fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { describe, expect, it } from 'vitest';
import { checkpointText, openCheckpoint, signCheckpoint } from '../note/checkpoint.ts';
import { type MemoryLogStore, memoryLogStore, memoryQueue } from '../testing/memory-log.ts';
import { logKey } from '../testing/note-keys.ts';
import { CHECKPOINT } from '../tiles/tile-paths.ts';
import { leafHash } from '../tree/hashes.ts';
import type { LogStore } from './log-store.ts';
import { runRound } from './sequencer.ts';
import { STATE } from './sequencer-state.ts';

const [log, other] = [await logKey(), await logKey('other')];

async function world(leaves = 300) {
  const [stores, source] = [{ public: memoryLogStore(), private: memoryLogStore() }, memoryQueue()];
  source.add(...Array.from({ length: leaves }, (_, i) => `leaf ${i}`));
  const sequencer = { stores, source, ...log };
  await runRound(sequencer);
  source.add('more');
  return { stores, source, sequencer };
}

function change(store: MemoryLogStore, path: string, edit: (bytes: Bytes) => Bytes | undefined): void {
  const bytes = store.files.get(path);
  if (bytes === undefined) throw new TypeError(`no ${path}`);
  const edited = edit(bytes);
  if (edited === undefined) store.files.delete(path);
  else store.files.set(path, edited);
}

const flip = (bytes: Bytes) =>
  Uint8Array.from(bytes, (byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte));
const DAMAGED = expect.objectContaining({ code: 'log-damaged' });

describe('REQ-LOG-015 a log that is not what was signed is not signed again', () => {
  const edits: readonly (readonly [string, (bytes: Bytes) => Bytes | undefined])[] = [
    ['changed', flip],
    ['gone', () => undefined],
    ['cut', (bytes) => bytes.slice(0, -1)],
    ['longer', (bytes) => concatBytes(bytes, bytes)],
  ];
  const files = ['tile/0/001.p/44', 'tile/1/000.p/1', 'tile/entries/001.p/44'];
  it.each(files.flatMap((path) => edits.map(([what, edit]) => [path, what, edit] as const)))(
    '%s %s',
    async (path, _what, edit) => {
      const { stores, source, sequencer } = await world();
      change(stores.public, path, edit);
      const before = [new Map(stores.public.files), new Map(stores.private.files)];
      await expect(runRound(sequencer)).rejects.toThrow(DAMAGED);
      expect([stores.public.files, stores.private.files]).toEqual(before);
      expect(source.placed.has('more')).toBe(false);
    },
  );

  it.each([
    ['no JSON', () => utf8('{')],
    ['no UTF-8', () => Uint8Array.of(0xff)],
    ['no state', () => utf8('{}')],
    ['empty', () => new Uint8Array(0)],
    ['a root that is no base64', (bytes: Bytes) => utf8(fromUtf8(bytes).replace(/"root":"./, '"root":"!'))],
    ['another root', (bytes: Bytes) => utf8(fromUtf8(bytes).replace(/"root":"../, '"root":"AA'))],
    ['a size too large', (bytes: Bytes) => utf8(fromUtf8(bytes).replace('"size":300', '"size":301'))],
  ])('its state: %s', async (_what, edit) => {
    const { stores, sequencer } = await world();
    change(stores.private, STATE, edit);
    await expect(runRound(sequencer)).rejects.toThrow(DAMAGED);
    expect((await openCheckpoint(stores.public.files.get(CHECKPOINT) ?? '', trust)).size).toBe(300);
  });

  const trust = { origin: log.key.name, keys: [log.key], witnesses: [], threshold: 0 };

  it('its state is lost: it does not begin anew beside what it signed', async () => {
    const { stores, sequencer } = await world();
    change(stores.private, STATE, () => undefined);
    await expect(runRound(sequencer)).rejects.toThrow(DAMAGED);
    expect(stores.private.files.size).toBe(0);
  });

  it('an old state was put back: it does not sign another tree of the size that it signed', async () => {
    const { stores, sequencer } = await world();
    const old = stores.private.files.get(STATE);
    await runRound(sequencer);
    change(stores.private, STATE, () => old);
    sequencer.source.add('others');
    await expect(runRound(sequencer)).rejects.toThrow(DAMAGED);
    expect((await openCheckpoint(stores.public.files.get(CHECKPOINT) ?? '', trust)).size).toBe(301);
  });

  it('an open round whose tree is not the one that the state names', async () => {
    const { stores, sequencer } = await world();
    const killed: LogStore = { ...stores.public, create: () => Promise.reject(new RangeError()) };
    await expect(runRound({ ...sequencer, stores: { ...stores, public: killed } })).rejects.toThrow(
      RangeError,
    );
    change(stores.private, STATE, (bytes) => utf8(fromUtf8(bytes).replace('"leaf":"more"', '"leaf":"less"')));
    await expect(runRound(sequencer)).rejects.toThrow(DAMAGED);
  });

  it('a file of the next round is there already, with something else in it', async () => {
    const { stores, sequencer } = await world();
    stores.public.files.set('tile/0/001.p/45', utf8('squatter'));
    await expect(runRound(sequencer)).rejects.toThrow(DAMAGED);
    expect((await openCheckpoint(stores.public.files.get(CHECKPOINT) ?? '', trust)).size).toBe(300);
  });

  it.each([
    ['no checkpoint', async () => 'nonsense'],
    [
      'one of another log',
      () => signCheckpoint(checkpointText('log.example/b', head(300)), log.key, log.signer),
    ],
    [
      'another root of that size',
      () => signCheckpoint(checkpointText(log.key.name, head(300)), log.key, log.signer),
    ],
    ['a larger tree', () => signCheckpoint(checkpointText(log.key.name, head(900)), log.key, log.signer)],
  ])('where everyone reads its checkpoint there is %s', async (_what, note) => {
    const { stores, sequencer } = await world();
    stores.public.files.set(CHECKPOINT, utf8(await note()));
    const before = new Map(stores.private.files);
    await expect(runRound(sequencer)).rejects.toThrow(DAMAGED);
    expect(stores.private.files).toEqual(before);
  });

  const head = (size: number) => ({ size, root: leafHash(utf8('another')) });

  it('where it is gone, or an older one, the next round puts the newest one there', async () => {
    for (const put of [undefined, 'older'] as const) {
      const { stores, sequencer } = await world(3);
      const older = stores.public.files.get(CHECKPOINT);
      await runRound(sequencer);
      change(stores.public, CHECKPOINT, () => (put === undefined ? undefined : older));
      sequencer.source.add('again');
      expect(await runRound(sequencer)).toEqual({ size: 5, added: 1 });
      expect((await openCheckpoint(stores.public.files.get(CHECKPOINT) ?? '', trust)).size).toBe(5);
    }
  });

  it('REQ-LOG-004: what a signer with another key signed is shown to nobody, and the leaves are not lost', async () => {
    const { stores, source, sequencer } = await world();
    const wrong = { ...sequencer, signer: other.signer };
    await expect(runRound(wrong)).rejects.toMatchObject({ code: 'log-signature' });
    expect((await openCheckpoint(stores.public.files.get(CHECKPOINT) ?? '', trust)).size).toBe(300);
    expect(await runRound(sequencer)).toEqual({ size: 301, added: 0 });
    expect(source.placed.get('more')).toBe(300);
  });

  it('a leaf that cannot be stored changes nothing', async () => {
    const { stores, sequencer } = await world();
    const before = [new Map(stores.public.files), new Map(stores.private.files)];
    for (const leaf of [Uint8Array.of(0xff), new Uint8Array(60_001)]) {
      const source = {
        ...sequencer.source,
        pending: async () => ({ leaves: [{ leaf, note: null }], memory: null }),
      };
      await expect(runRound({ ...sequencer, source })).rejects.toMatchObject({
        code: leaf.length === 1 ? 'utf8-malformed' : 'leaf-malformed',
      });
    }
    expect([stores.public.files, stores.private.files]).toEqual(before);
  });
});

describe('cosignatures are added while a round replaces the checkpoint', () => {
  const touched = (store: MemoryLogStore, times: number): LogStore => {
    let left = times;
    return {
      ...store,
      replace: async (path, bytes, previous) => {
        if (left-- > 0) change(store, path, (there) => concatBytes(there, utf8(`— w${left} AAAAAAA=\n`)));
        await store.replace(path, bytes, previous);
      },
    };
  };

  it('it is replaced all the same', async () => {
    const { stores, sequencer } = await world(3);
    const busy = { ...sequencer, stores: { ...stores, public: touched(stores.public, 2) } };
    expect(await runRound(busy)).toEqual({ size: 4, added: 1 });
  });

  it('REQ-LOG-021: if it is touched again and again, the next round finishes', async () => {
    const { stores, source, sequencer } = await world(3);
    const busy = { ...sequencer, stores: { ...stores, public: touched(stores.public, 9) } };
    await expect(runRound(busy)).rejects.toMatchObject({ code: 'checkpoint-conflict' });
    expect(await runRound(sequencer)).toEqual({ size: 4, added: 0 });
    expect([...source.placed.values()]).toEqual([0, 1, 2, 3]);
  });
});
