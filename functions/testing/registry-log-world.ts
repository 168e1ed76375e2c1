import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { createLocalSigner, type Signer } from '@symbolon/keys/signer';
import { type LogTrust, logTrust, openCheckpoint, requireWitnesses } from '@symbolon/log/checkpoint';
import { readEntries } from '@symbolon/log/entry-reader';
import { leafHash } from '@symbolon/log/hashes';
import { decodeLeaf } from '@symbolon/log/leaf';
import { type MemoryLogStore, memoryLogStore } from '@symbolon/log/memory-log';
import { rootByMultiProof } from '@symbolon/log/multi-proof';
import { NOTE_TYPE, noteKey } from '@symbolon/log/note-key';
import { checkConsistency } from '@symbolon/log/proofs';
import { TILE_WIDTH } from '@symbolon/log/tile-paths';
import { tilesOf } from '@symbolon/log/tile-reader';
import { addCheckpoint } from '@symbolon/log/witness';
import type { WitnessPort } from '@symbolon/log/witness-client';
import { decodeBase64 } from '@symbolon/protocol/base64url';
import { fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { addHours, type Instant } from '@symbolon/protocol/instant';
import type { Ed25519Jwk } from '@symbolon/protocol/schemas/jwk';
import type { PublicationLeaf } from '@symbolon/protocol/schemas/leaf';
import type { LogPlace, Witnesses } from '@symbolon/protocol/schemas/log';
import { openDraft } from '@symbolon/registry/ceremony/draft';
import { publish } from '@symbolon/registry/ceremony/publish';
import { seal } from '@symbolon/registry/ceremony/seal';
import { updateRole } from '@symbolon/registry/ceremony/update-role';
import { jsonFile } from '@symbolon/registry/json-file';
import type { ObjectStore } from '@symbolon/registry/object-store';
import { logFolder, type RegistryLog } from '../runtime/registry-log.ts';

/** A log for a registry, with three witnesses of whom two are needed, as they run at their own places. */
export interface RegistryLogWorld {
  readonly log: RegistryLog;
  readonly state: MemoryLogStore;
  readonly place: LogPlace;
  readonly witnesses: Witnesses;
  readonly trust: LogTrust;
  /** Names of witnesses that do not answer. */
  readonly down: Set<string>;
  now: Instant;
}

const ORIGIN = 'hub.symbolon.test/registry-log';

async function noteSigner(seed: string): Promise<{ signer: Signer; jwk: Ed25519Jwk }> {
  const signer = await createLocalSigner(insecurePrivateKeyFromSeed('EdDSA', seed));
  if (signer.publicJwk.kty !== 'OKP') throw new TypeError('an Ed25519 key');
  return { signer, jwk: signer.publicJwk };
}

/** @param objects the registry's */
export async function registryLogWorld(objects: ObjectStore, now: Instant): Promise<RegistryLogWorld> {
  const { signer, jwk } = await noteSigner('registry log');
  const url = 'https://hub.symbolon.test/log';
  const place: LogPlace = { origin: ORIGIN, url, keys: [{ kid: signer.kid, alg: 'EdDSA', jwk }] };
  const key = noteKey(ORIGIN, NOTE_TYPE.log, jwk);
  const down = new Set<string>();
  const names = ['w.symbolon.test/1', 'w.symbolon.test/2', 'w.symbolon.test/3'];
  const of: Witnesses['of'] = [];
  const ports: WitnessPort[] = [];
  for (const name of names) {
    const own = await noteSigner(name);
    of.push({ name, url: `https://${name}`, kid: own.signer.kid, alg: 'EdDSA', jwk: own.jwk });
    const witness = {
      key: noteKey(name, NOTE_TYPE.witness, own.jwk),
      signer: own.signer,
      logs: new Map([[ORIGIN, [key]]]),
      store: memoryLogStore(),
    };
    ports.push({
      name,
      addCheckpoint: async (body) => {
        if (down.has(name)) throw new Error('down');
        const answer = await addCheckpoint(witness, body, world.now);
        return answer.is === 'cosigned'
          ? { status: 200, text: answer.line }
          : { status: 409, text: `${answer.size}\n` };
      },
    });
  }
  const witnesses = { threshold: 2, of };
  const state = memoryLogStore();
  const stores = { public: logFolder(objects), private: state };
  const world: RegistryLogWorld = {
    log: { stores, signer, witnesses: () => ports },
    state,
    place,
    witnesses,
    trust: logTrust(place, witnesses),
    down,
    now,
  };
  return world;
}

/** The federation names the log and its witnesses from now on. Published as it is, by the keys of two admins. */
export async function nameLog(
  objects: ObjectStore,
  pinnedRoot: Uint8Array<ArrayBuffer>,
  { place, witnesses }: Pick<RegistryLogWorld, 'place' | 'witnesses'>,
  now: Instant,
): Promise<void> {
  const draft = await openDraft({ read: (path) => objects.read(path), pinnedRoot, now });
  const file = [...(draft.base?.files ?? [])].find(([path]) => path.endsWith('.federation.json'));
  if (file === undefined) throw new TypeError('a federation');
  const federation = { ...JSON.parse(fromUtf8(file[1])), log: place, witnesses };
  const ec = (seed: string) => createLocalSigner(insecurePrivateKeyFromSeed('ES256', seed));
  const admins = [await ec('admin a'), await ec('admin b')];
  const put = new Map([['federation.json', jsonFile(federation)]]);
  const online = [await ec('online')];
  const next = await updateRole(draft, { role: 'targets', put }, admins, now);
  await publish(objects, await seal(next, { snapshot: online, timestamp: online }, now, 'a log'));
}

/** Every leaf of the log, once its tiles, entries and checkpoint were held to one another. */
export async function readLog(objects: ObjectStore, trust: LogTrust): Promise<readonly PublicationLeaf[]> {
  const store = logFolder(objects);
  const read = (path: string) => store.read(path);
  const checkpoint = await openCheckpoint((await read('checkpoint')) ?? '', trust);
  const tiles = tilesOf(read, checkpoint.size);
  checkConsistency(checkpoint, { size: checkpoint.size, root: await tiles.root() }, []);
  const leaves: PublicationLeaf[] = [];
  for (let bundle = 0; bundle * TILE_WIDTH < checkpoint.size; bundle++) {
    for (const entry of await readEntries(read, tiles, bundle)) {
      const leaf = decodeLeaf(entry);
      if (leaf.kind !== 'publication') throw new TypeError('a publication');
      leaves.push(leaf);
    }
  }
  return leaves;
}

export interface ProvenPart {
  readonly size: number;
  readonly leaves: readonly PublicationLeaf[];
  readonly anchors: readonly number[];
}

/** What bundles carry of the log, verified as a verifier does it: from the federation's keys on. */
export async function openLogFile(file: Uint8Array, trust: LogTrust): Promise<ProvenPart> {
  const { checkpoint: note, leaves, hashes, anchors } = JSON.parse(fromUtf8(file));
  const checkpoint = await openCheckpoint(note, trust);
  requireWitnesses(checkpoint, trust);
  const texts: [number, string][] = leaves;
  const hashed = texts.map(([index, text]) => [index, leafHash(utf8(text))] as const);
  const root = rootByMultiProof(hashed, checkpoint.size, hashes.map(decodeBase64));
  checkConsistency(checkpoint, { size: checkpoint.size, root }, []);
  const sizes: number[] = [];
  for (const anchor of anchors) {
    const older = await openCheckpoint(anchor.checkpoint, trust);
    requireWitnesses(older, trust);
    checkConsistency(older, checkpoint, anchor.hashes.map(decodeBase64));
    sizes.push(older.size);
  }
  return {
    size: checkpoint.size,
    leaves: texts.map(([, text]) => {
      const leaf = decodeLeaf(utf8(text));
      if (leaf.kind !== 'publication') throw new TypeError('a publication');
      return leaf;
    }),
    anchors: sizes,
  };
}

export function hoursLater(world: RegistryLogWorld, hours: number): Instant {
  world.now = addHours(world.now, hours);
  return world.now;
}
