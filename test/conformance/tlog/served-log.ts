import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import { sha256Hex } from '@symbolon/keys/digest';
import { kidOf } from '@symbolon/keys/kid';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { fileObjects } from '@symbolon/local/files/objects';
import { startHttpFront } from '@symbolon/local/http-front';
import { type LogTrust, openCheckpoint, type VerifiedCheckpoint } from '@symbolon/log/checkpoint';
import { encodeLeaf } from '@symbolon/log/leaf';
import { type LogStore, WITNESSED } from '@symbolon/log/log-store';
import { NOTE_TYPE, noteKey, parseVerifierKey } from '@symbolon/log/note-key';
import { runRound, type Sequencer, type WaitingLeaf } from '@symbolon/log/sequencer';
import { type Tiles, tilesOf } from '@symbolon/log/tile-reader';
import { gatherCosignatures } from '@symbolon/log/witness-client';
import type { Instant } from '@symbolon/protocol/instant';
import { hourFloor } from '@symbolon/protocol/instant';
import type { Witnesses } from '@symbolon/protocol/schemas/log';
import type { NoteSigner } from '../../../functions/runtime/note-signer.ts';
import { httpWitnesses } from '../../../functions/runtime/witness-http.ts';
import { loggedDecisions } from '../../support/decision-leaves.ts';

/** Leaves of each round: one at a time, to the end of a tile and over it, as many as a round takes, and none. */
const ROUNDS = [1, 1, 2, 251, 1, 0, 256, 3, 1000, 4096, 256, 7];

/** A log of decisions on files, each of its checkpoints cosigned over HTTP by all its witnesses. */
export interface MadeLog {
  readonly trust: LogTrust;
  readonly store: LogStore;
  readonly tiles: Tiles;
  readonly checkpoint: VerifiedCheckpoint;
  /** Of each round that added leaves. */
  readonly sizes: readonly number[];
}

/** @param folder that does not have a log yet @param witnesses all of them must cosign */
export async function makeLog(
  folder: string,
  own: NoteSigner,
  witnesses: Witnesses,
  now: Instant,
): Promise<MadeLog> {
  const store = fileObjects(pathToFileURL(`${folder}/public/`));
  const random = insecureRandomFromSeed('conformance');
  let waits: readonly WaitingLeaf[] = [];
  const log: Sequencer = {
    stores: { public: store, private: fileObjects(pathToFileURL(`${folder}/private/`), { secret: true }) },
    ...own,
    source: {
      pending: async (limit, memory) => ({ leaves: waits.slice(0, limit), memory }),
      settle: async (placed) => {
        waits = waits.slice(placed.length);
      },
    },
  };
  const trust = {
    origin: own.key.name,
    keys: [own.key],
    witnesses: witnesses.of.map(({ name, jwk }) => noteKey(name, NOTE_TYPE.witness, jwk)),
    threshold: witnesses.threshold,
  };
  const sizes: number[] = [];
  for (const count of ROUNDS) {
    waits = loggedDecisions(count, hourFloor(now), random).map(({ leaf }) => ({
      leaf: encodeLeaf(leaf),
      note: null,
    }));
    const { size, added } = await runRound(log);
    if (added !== count) throw new Error('a round did not take all that waits');
    if (count > 0) sizes.push(size);
    const { silent } = await gatherCosignatures({ store, trust, witnesses: httpWitnesses(witnesses) }, now);
    if (silent.length > 0) throw new Error(`${silent.join(', ')} gave no cosignature for ${size} leaves`);
  }
  const checkpoint = await openCheckpoint((await store.read(WITNESSED)) ?? '', trust);
  return { trust, store, checkpoint, sizes, tiles: tilesOf((path) => store.read(path), checkpoint.size) };
}

/** A witness by its verifier key, as a federation lists it. */
export function listedWitness(verifierKey: string, url: string): Witnesses['of'][number] {
  const { name, jwk } = parseVerifierKey(verifierKey);
  return { name, url, kid: kidOf(jwk), alg: 'EdDSA', jwk };
}

/** Serves a log's files on loopback. */
export async function serveFiles(
  store: Pick<LogStore, 'read'>,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const read = async (path: string) => {
    const bytes = await store.read(path);
    return bytes && { bytes, etag: `"${sha256Hex(bytes)}"` };
  };
  const server = await startHttpFront(0, new Map([['/log', { kind: 'files', read }]]));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/log`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
