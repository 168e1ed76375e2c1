import { parseCheckpoint } from '@symbolon/log/checkpoint';
import { readEntries } from '@symbolon/log/entry-reader';
import { decodeLeaf } from '@symbolon/log/leaf';
import { WITNESSED } from '@symbolon/log/log-store';
import { type MemoryLogStore, memoryLogStore } from '@symbolon/log/memory-log';
import { NOTE_TYPE } from '@symbolon/log/note-key';
import { CHECKPOINT } from '@symbolon/log/tile-paths';
import { tilesOf } from '@symbolon/log/tile-reader';
import { addSeconds, type Instant } from '@symbolon/protocol/instant';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { httpWitnesses } from '../runtime/witness-http.ts';
import type { Answer } from '../testing/issuer-desk.ts';
import { issuerSuite } from '../testing/issuer-suite.ts';
import { seededNoteSigner } from '../testing/note-signers.ts';
import { freshNonce, holderKey, proof, wanted } from '../testing/wallet-requests.ts';
import { startWitnesses, type WitnessFront } from '../testing/witness-front.ts';
import type { LogSequence } from './dependencies.ts';
import { keepLog } from './handler.ts';

const suite = issuerSuite();
const NAMES = ['witness-1.symbolon.test', 'witness-2.symbolon.test', 'witness-3.symbolon.test'];

/** The witnesses are the function itself, over HTTP. */
let front: WitnessFront;
/** What the run slept through. */
let paused: number[];
let sequence: LogSequence;
let published: MemoryLogStore;
let state: MemoryLogStore;
beforeEach(async () => {
  const { world } = suite;
  const own = await seededNoteSigner('cn-bj.symbolon.test/log', NOTE_TYPE.log);
  front = await startWitnesses(NAMES, 2, [own.key], world.now);
  const { federation } = world.publication;
  world.publication = { ...world.publication, federation: { ...federation, witnesses: front.witnesses } };
  paused = [];
  published = memoryLogStore();
  state = memoryLogStore();
  sequence = {
    ...world.decisionLog.sequence,
    stores: { public: published, private: state },
    witnessesOf: httpWitnesses,
    runSeconds: 3,
    witnessSeconds: 3,
    pause: async (milliseconds) => {
      paused.push(milliseconds);
      at(addSeconds(world.now, milliseconds / 1000));
    },
  };
});
afterEach(() => front.stop());

function at(now: Instant): void {
  suite.world.now = now;
  front.now = now;
}
const run = (more: Partial<LogSequence> = {}) => keepLog({ ...sequence, ...more }, suite.world.now);
const told = (name: string) =>
  suite.world.record.lines.filter(({ event }) => event === name).map(({ fields }) => fields);

/** Every leaf of the log, in order. */
async function leaves() {
  const read = (path: string) => sequence.stores.public.read(path);
  const { size } = parseCheckpoint((await read(CHECKPOINT)) ?? expect.unreachable());
  const bundles = Array.from({ length: Math.ceil(size / 256) }, (_, i) =>
    readEntries(read, tilesOf(read, size), i),
  );
  return (await Promise.all(bundles)).flat().map(decodeLeaf);
}
const sizeOf = async (path: string) => {
  const bytes = await sequence.stores.public.read(path);
  return bytes === undefined ? 0 : parseCheckpoint(bytes).size;
};

describe('the sequencer of a region', () => {
  it('makes a round each second until the next run starts; what waits goes in once, and is seen by witnesses', async () => {
    const { world, desk } = suite;
    const { subject } = await desk.enrolled('P-8101');
    await desk.report('s1', [desk.pcr('f1', subject, 'negative')]);
    await run();
    expect(paused).toEqual([1000, 1000]);
    const all = await leaves();
    const decided = all.filter(({ kind }) => kind === 'decision');
    expect(decided.length).toBeGreaterThan(0);
    expect(new Set(all.map(({ kind }) => kind))).toEqual(new Set(['key', 'rule', 'decision']));
    expect(await sizeOf(WITNESSED)).toBe(all.length);
    expect(told('log.round')).toEqual([
      { size: all.length, added: all.length, witnessed: all.length, settled: 0 },
    ]);
    expect(told('log.witness-silent')).toEqual([]);
    // What the issuer keeps is in no leaf.
    expect(JSON.stringify(all)).not.toContain(subject);
    expect(await world.api.decisions.pending(100)).toEqual([]);
    const writes = published.writes.length;
    await run();
    expect(published.writes.length).toBe(writes);
  });

  it('REQ-ISS-037 goes on while witnesses are down: a worse decision waits, a better one does not, and it is told once a run', async () => {
    const { world, desk } = suite;
    const [ill, well] = [await desk.enrolled('P-8102'), await desk.enrolled('P-8103')];
    await desk.report('s2', [
      desk.pcr('f1', ill.subject, 'negative'),
      desk.pcr('f1', well.subject, 'negative'),
    ]);
    await run();
    front.down.add('witness-1.symbolon.test').add('witness-2.symbolon.test');
    const seen = await sizeOf(WITNESSED);
    await desk.report('s3', [desk.pcr('f2', ill.subject, 'positive', 0)]);
    world.record.lines.length = 0;
    await run();
    expect(
      told('log.witness-silent').toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))),
    ).toEqual([{ witness: 'witness-1.symbolon.test' }, { witness: 'witness-2.symbolon.test' }]);
    const size = await sizeOf(CHECKPOINT);
    expect(told('log.witnesses-too-few')).toEqual([{ waiting: size - seen, cosigned: 1 }]);
    expect(await sizeOf(WITNESSED)).toBe(seen);
    expect((await world.api.decisions.unwitnessed(10)).map(({ subject }) => subject)).toContain(ill.subject);

    front.down.clear();
    world.record.lines.length = 0;
    await run();
    expect(await sizeOf(WITNESSED)).toBe(size);
    expect(await world.api.decisions.unwitnessed(10)).toEqual([]);
    expect(told('log.round')).toMatchObject([{ added: 0, witnessed: size }]);
    expect(told('log.witnesses-too-few')).toEqual([]);
  });

  it('a round that fails is finished by the next one, and thrown at the end, so that somebody sees it', async () => {
    const { world, desk } = suite;
    const { subject } = await desk.enrolled('P-8104');
    await desk.report('s4', [desk.pcr('f1', subject, 'negative')]);
    let left = 1;
    const { decisions } = sequence.own.stores;
    const own = {
      ...sequence.own,
      stores: {
        ...sequence.own.stores,
        decisions: {
          ...decisions,
          markLogged: async (...args: Parameters<typeof decisions.markLogged>) => {
            if (left-- > 0) throw new Error('the network is gone');
            await decisions.markLogged(...args);
          },
        },
      },
    };
    await expect(run({ own })).rejects.toThrow('the network is gone');
    expect(await world.api.decisions.pending(100)).toEqual([]);
    const all = await leaves();
    expect(new Set(all.map((leaf) => JSON.stringify(leaf))).size).toBe(all.length);
    expect(await sizeOf(WITNESSED)).toBe(all.length);
  });

  it('REQ-LOG-015 a log that is damaged gets no round more, and somebody is told', async () => {
    const { desk } = suite;
    const { subject } = await desk.enrolled('P-8105');
    await desk.report('s5', [desk.pcr('f1', subject, 'negative')]);
    await run();
    const { files } = published;
    const [path, bytes] = [...files].find(([name]) => name.startsWith('tile/0/')) ?? expect.unreachable();
    files.set(
      path,
      bytes.map((byte) => byte ^ 1),
    );
    await desk.report('s6', [desk.pcr('f2', subject, 'positive', 0)]);
    paused.length = 0;
    await expect(run()).rejects.toMatchObject({ code: 'log-damaged' });
    expect(paused).toEqual([]);
    expect(told('log.damaged')).toEqual([{ code: 'log-damaged', path: 'tile' }]);
  });

  it('REQ-LOG-007 a log whose files were all put back signs nothing, as witnesses have seen more', async () => {
    const { desk } = suite;
    const { subject } = await desk.enrolled('P-8108');
    await desk.report('s8', [desk.pcr('f1', subject, 'negative')]);
    await run();
    const backup = [new Map(published.files), new Map(state.files)];
    await desk.report('s9', [desk.pcr('f2', subject, 'positive', 0)]);
    await run();
    for (const [i, store] of [published, state].entries()) {
      store.files.clear();
      for (const [path, bytes] of backup[i] ?? []) store.files.set(path, bytes);
    }
    const other = await desk.enrolled('P-8109');
    await desk.report('s10', [desk.pcr('f3', other.subject, 'negative')]);
    await expect(run()).rejects.toMatchObject({ code: 'log-fork' });
    expect(told('log.damaged')).toEqual([{ code: 'log-fork', path: 'sequencer.json' }]);
    expect(state.files).toEqual(backup[1]);
    expect(published.files).toEqual(backup[0]);
  });

  it('signs nothing by a key that the registry does not name for the log, and nothing where it names no log', async () => {
    const { world } = suite;
    const other = await seededNoteSigner('another', NOTE_TYPE.log);
    await expect(run({ signer: other.signer })).rejects.toMatchObject({
      code: 'configuration-malformed',
      path: 'LOG_KEY',
    });
    const { log: _, ...region } = world.publication.region;
    world.publication = { ...world.publication, region };
    await expect(run()).rejects.toMatchObject({ code: 'configuration-malformed', path: 'REGION' });
    expect(await sequence.stores.private.read('sequencer.json')).toBeUndefined();
  });

  it('takes in small regions below: one that cannot be read keeps nobody else out, and its turn comes', async () => {
    const { world, desk } = suite;
    const { subject } = await desk.enrolled('P-8106');
    await desk.report('s7', [desk.pcr('f1', subject, 'negative')]);
    const { own } = sequence;
    const district = { ...world.publication.region, region: 'CN-BJ.haidian' };
    let isAway = true;
    const below = {
      region: 'CN-BJ.haidian',
      stores: { ...own.stores, decisions: { ...own.stores.decisions, pending: async () => [] } },
      publication: async () => {
        if (isAway) throw new Error('the district is away');
        return { ...world.publication, region: district };
      },
    };
    // Settling is its own, too: what is away is told when everything else is done.
    await expect(run({ below: [below], runSeconds: 1 })).rejects.toThrow('the district is away');
    expect(told('log.region-left-out')).toEqual([{ region: 'CN-BJ.haidian', code: 'internal-error' }]);
    const regions = async () => new Set((await leaves()).map((leaf) => 'region' in leaf && leaf.region));
    expect(await regions()).toEqual(new Set(['CN-BJ']));
    isAway = false;
    await run({ below: [below], runSeconds: 1 });
    expect(await regions()).toEqual(new Set(['CN-BJ', 'CN-BJ.haidian']));
  });
});

describe('a wallet that waits', () => {
  it('REQ-LOG-022 gets its batch with a receipt as soon as a round has taken the decision in', async () => {
    const { world, desk } = suite;
    const { subject, code } = await desk.enrolled('P-8107');
    await desk.report('s8', [desk.pcr('f1', subject, 'negative')]);
    const nonce = await freshNonce(desk);
    const body = wanted([await proof(holderKey('receipt'), nonce, world.now)]);
    const answer: Answer = await desk.call('/credentials', body, code);
    expect(answer.status).toBe(200);
    expect(answer.body['receipt']).toMatch(/^c2sp\.org\/tlog-proof@v1\n/);
  });
});
