import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { createLocalSigner, type Signer } from '@symbolon/keys/signer';
import type { LogTrust } from '@symbolon/log/checkpoint';
import { readEntries } from '@symbolon/log/entry-reader';
import { decodeLeaf } from '@symbolon/log/leaf';
import { type MemoryLogStore, memoryLogStore } from '@symbolon/log/memory-log';
import { NOTE_TYPE, type NoteKey, noteKey } from '@symbolon/log/note-key';
import { runRound, type Sequencer } from '@symbolon/log/sequencer';
import { type Tiles, tilesOf } from '@symbolon/log/tile-reader';
import { addCheckpoint, type Witness } from '@symbolon/log/witness';
import { gatherCosignatures, type WitnessPort } from '@symbolon/log/witness-client';
import { addSeconds, type Instant } from '@symbolon/protocol/instant';
import type { RandomBytes } from '@symbolon/protocol/random';
import type { Leaf } from '@symbolon/protocol/schemas/leaf';
import { regionLeaves } from '../log/region-leaves.ts';
import type { RegionLog } from '../log/region-log.ts';
import { regionLog } from '../log/region-log.ts';
import { settleWitnessed } from '../log/settle-witnessed.ts';
import type { Publication } from '../publication.ts';
import type { MemoryStores } from './memory-stores.ts';
import { NOW } from './sample-publication.ts';

const ORIGIN = 'log.symbolon.test/cn-bj';
const WITNESSES = ['witness.test/1', 'witness.test/2', 'witness.test/3'];
const THRESHOLD = 2;
const AT_ONCE = 1000;

/** A real log of the sample region in memory, with three witnesses of whom two must have seen a checkpoint. It runs a round whenever somebody waits for a leaf. */
export interface SampleLog {
  readonly decisionLog: RegionLog;
  readonly trust: LogTrust;
  readonly stores: { readonly public: MemoryLogStore; readonly private: MemoryLogStore };
  /** Witnesses that do not answer now, by name. */
  readonly down: Set<string>;
  readonly witnesses: readonly string[];
  /** A round as `log-sequence` runs it: leaves, cosignatures, and what takes effect by them. Time goes on by a second with each, unless it is given. */
  readonly round: (now?: Instant, publication?: Publication) => Promise<SampleRound>;
  readonly leaves: () => Promise<readonly Leaf[]>;
}

export interface SampleRound {
  readonly added: number;
  readonly size: number;
  /** Of the newest tree that enough witnesses have seen. */
  readonly witnessed: number;
  readonly settled: number;
}

/**
 * @param ports the region's stores. Put `decisionLog` of what is answered in the place of theirs
 * @param origin another one is another log, with a key of its own
 */
export async function sampleLog(
  ports: MemoryStores,
  publication: Publication,
  random: RandomBytes = insecureRandomFromSeed('sample log'),
  origin: string = ORIGIN,
): Promise<SampleLog> {
  const { key, signer } = await named(origin, NOTE_TYPE.log);
  const stores = { public: memoryLogStore(), private: memoryLogStore() };
  const down = new Set<string>();
  const witnesses = await Promise.all(WITNESSES.map((name) => witnessOf(name, key)));
  const trust: LogTrust = {
    origin,
    keys: [key],
    witnesses: witnesses.map((each) => each.key),
    threshold: THRESHOLD,
  };
  let clock = NOW;
  const round = async (now = addSeconds(clock, 1), published = publication): Promise<SampleRound> => {
    clock = now;
    const source = regionLeaves({ ...ports, random, origin }, published, now);
    const sequencer: Sequencer = { stores, key, signer, source };
    const { added, size } = await runRound(sequencer);
    const asked = witnesses.map((each) => portOf(each, down, now));
    const { size: witnessed } = await gatherCosignatures(
      { store: stores.public, trust, witnesses: asked },
      now,
    );
    const bounds = { limit: AT_ONCE, origin, witnessed };
    const told = await settleWitnessed({ ...ports, decisionLog }, published, bounds, now);
    if (told.failure !== undefined) throw told.failure;
    const { settled } = told;
    return { added, size, witnessed, settled };
  };
  const decisionLog = regionLog({
    decisions: ports.decisions,
    store: stores.public,
    trust,
    pause: async () => {
      await round();
    },
    pauses: 1,
  });
  const leaves = async () => {
    const { size } = await round();
    return leavesOf(
      stores.public,
      tilesOf((path) => stores.public.read(path), size),
    );
  };
  return { decisionLog, trust, stores, down, witnesses: WITNESSES, round, leaves };
}

async function leavesOf(store: MemoryLogStore, tiles: Tiles): Promise<readonly Leaf[]> {
  const leaves: Leaf[] = [];
  for (let bundle = 0; leaves.length < tiles.size; bundle++)
    leaves.push(...(await readEntries((path) => store.read(path), tiles, bundle)).map(decodeLeaf));
  return leaves;
}

async function named(
  name: string,
  type: NoteKey['type'],
): Promise<{ readonly key: NoteKey; readonly signer: Signer }> {
  const signer = await createLocalSigner(insecurePrivateKeyFromSeed('EdDSA', name));
  if (signer.publicJwk.kty !== 'OKP') throw new TypeError('no Ed25519 key');
  return { key: noteKey(name, type, signer.publicJwk), signer };
}

async function witnessOf(name: string, log: NoteKey): Promise<Witness> {
  const logs = new Map([[log.name, [log]]]);
  return { ...(await named(name, NOTE_TYPE.witness)), logs, store: memoryLogStore() };
}

function portOf(witness: Witness, down: ReadonlySet<string>, now: Instant): WitnessPort {
  const { name } = witness.key;
  return {
    name,
    addCheckpoint: async (body) => {
      if (down.has(name)) throw new Error('the witness does not answer');
      const answer = await addCheckpoint(witness, body, now);
      return answer.is === 'cosigned'
        ? { status: 200, text: answer.line }
        : { status: 409, text: `${answer.size}\n` };
    },
  };
}
