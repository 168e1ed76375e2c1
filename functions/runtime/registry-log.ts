import type { Signer } from '@symbolon/keys/signer';
import { type LogTrust, logTrust } from '@symbolon/log/checkpoint';
import type { LogStore, LogStores } from '@symbolon/log/log-store';
import { NOTE_TYPE, type NoteKey, noteKey } from '@symbolon/log/note-key';
import { runRound } from '@symbolon/log/sequencer';
import { gatherCosignatures, seenByWitnesses, type WitnessPort } from '@symbolon/log/witness-client';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type { LogPlace, Witnesses } from '@symbolon/protocol/schemas/log';
import type { ObjectStore } from '@symbolon/registry/object-store';
import { systemPause } from './pause.ts';
import { keepAnchor, newestWitnessed } from './registry-log-anchors.ts';
import { LOG_FILE } from './registry-log-file.ts';
import { proveRegistry } from './registry-log-proof.ts';
import { type PublishedRegistry, registryLeaves } from './registry-log-source.ts';
import { isOvertaken, whileOvertaken, writeOver } from './write-over.ts';

/** What is needed to write the log of a registry. */
export interface RegistryLog {
  readonly stores: LogStores;
  /** Its key, Ed25519. It signs checkpoints only. */
  readonly signer: Signer;
  readonly witnesses: (witnesses: Witnesses | undefined) => readonly WitnessPort[];
}

export interface LoggedRegistry {
  readonly size: number;
  /** Leaves that this run added. */
  readonly added: number;
  /** Of the newest checkpoint that enough witnesses have cosigned. */
  readonly witnessed: number;
  /** Witnesses that were asked and gave nothing that counts. */
  readonly silent: number;
}

/** Others write the log at the same time. */
const TRIES = 4;
/** A log that was out for long catches up in so many rounds at a time. */
const ROUNDS = 16;

/** Where the public files of the log lie beside a registry. */
export const LOG_FOLDER = 'log';

/** A folder of an object store, as a log sees it. */
export function logFolder(objects: ObjectStore, folder: string = LOG_FOLDER): LogStore {
  return {
    read: (path) => objects.read(`${folder}/${path}`),
    create: (path, bytes) => objects.create(`${folder}/${path}`, bytes),
    replace: (path, bytes, previous) => objects.replace(`${folder}/${path}`, bytes, previous),
  };
}

/**
 * REQ-LOG-017: logs what is published and is not in the log yet, has it cosigned, and writes what bundles carry of it. Whatever a crash leaves, the next run
 * finishes. Witnesses that are silent are no failure: the next run asks them again.
 *
 * @param current what is published now
 * @returns nothing, where the federation names no log
 * @throws SymbolonError `log-signature` when the federation does not name this key, `log-fork`, `log-damaged`, `checkpoint-conflict` when others were faster each
 *   time; what stores and signer throw
 */
export async function writeRegistryLog(
  log: RegistryLog,
  current: () => Promise<PublishedRegistry>,
  now: Instant,
): Promise<LoggedRegistry | undefined> {
  return whileOvertaken(TRIES, () => writeOnce(log, current, now), isLostRace);
}

async function writeOnce(
  log: RegistryLog,
  current: () => Promise<PublishedRegistry>,
  now: Instant,
): Promise<LoggedRegistry | undefined> {
  const { log: place, witnesses } = (await current()).view.federation;
  if (place === undefined) return undefined;
  const { stores, signer } = log;
  const trust = logTrust(place, witnesses);
  const asked = log.witnesses(witnesses);
  let seen: ReturnType<typeof seenByWitnesses> | undefined;
  const sequencer = {
    stores,
    signer,
    key: keyIn(place, signer),
    source: registryLeaves(current),
    // REQ-LOG-007: once a run, before its first new tree.
    seenByOthers: () => (seen ??= seenByWitnesses(asked, trust, systemPause)),
  };
  let round = await runRound(sequencer);
  let { added } = round;
  for (let rounds = 1; round.added > 0 && rounds < ROUNDS; rounds++) {
    round = await runRound(sequencer);
    added += round.added;
  }
  const published = await current();
  const store = stores.public;
  const witnessing = { store, trust, witnesses: asked };
  const { size: witnessed, silent } = await gatherCosignatures(witnessing, now);
  await writeProof(store, trust, published);
  return { size: round.size, added, witnessed, silent: silent.length };
}

async function writeProof(store: LogStore, trust: LogTrust, published: PublishedRegistry): Promise<void> {
  const newest = await newestWitnessed(store, trust);
  if (newest === undefined) return;
  await keepAnchor(store, trust, newest);
  const before = await store.read(LOG_FILE);
  const file = await proveRegistry(store, trust, published, before);
  if (file !== undefined) await writeOver(store, LOG_FILE, file, before);
}

/** A checkpoint by any other key would be nobody's. */
function keyIn({ origin, keys }: LogPlace, { publicJwk }: Signer): NoteKey {
  // REQ-LOG-004
  if (publicJwk.kty !== 'OKP' || !keys.some(({ jwk }) => jwk.x === publicJwk.x))
    throw new SymbolonError('log-signature');
  return noteKey(origin, NOTE_TYPE.log, publicJwk);
}

function isLostRace(error: unknown): boolean {
  return isOvertaken(error) || (isSymbolonError(error) && error.code === 'checkpoint-conflict');
}
