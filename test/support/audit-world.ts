import { sha256Hex } from '@symbolon/keys/digest';
import type { Signer } from '@symbolon/keys/signer';
import { SAMPLE_FEDERATION } from '@symbolon/local/sample/federation';
import { sampleRegion } from '@symbolon/local/sample/regions';
import type { LogTrust } from '@symbolon/log/checkpoint';
import { encodeLeaf } from '@symbolon/log/leaf';
import { type MemoryLogStore, memoryLogStore } from '@symbolon/log/memory-log';
import { NOTE_TYPE, type NoteKey, noteKey } from '@symbolon/log/note-key';
import { type LeafSource, runRound, type Sequencer, type WaitingLeaf } from '@symbolon/log/sequencer';
import { addCheckpoint, type Witness } from '@symbolon/log/witness';
import { gatherCosignatures } from '@symbolon/log/witness-client';
import type { Bytes } from '@symbolon/protocol/bytes';
import { addHours, hourFloor, type Instant, instant, parseInstant } from '@symbolon/protocol/instant';
import type { Federation } from '@symbolon/protocol/schemas/federation';
import { Ed25519Jwk } from '@symbolon/protocol/schemas/jwk';
import type { DecisionLeaf, Leaf, PublishedItem } from '@symbolon/protocol/schemas/leaf';
import type { LogPlace } from '@symbolon/protocol/schemas/log';
import { updateRole } from '@symbolon/registry/ceremony/update-role';
import { publicationsSince } from '@symbolon/registry/history/publications-since';
import { jsonFile } from '@symbolon/registry/json-file';
import { loadFromAnchor } from '@symbolon/registry/open-registry';
import { readFrom } from '@symbolon/registry/source';
import type * as z from 'zod/mini';
import {
  buildFederation,
  type FederationFixture,
  publishUpdate,
  seededSigner,
} from './federation-fixture.ts';

/**
 * What an auditor looks at: the sample federation with logs, by the real ceremony, the real sequencer and real witnesses, with keys from fixed seeds. What is decided, and when, the
 * test says.
 */

export const REGION = 'CN-HA';
/** The founding of the federation, unless a test says otherwise. Logs are named an hour later. */
export const FOUNDED: Instant = parseInstant('2026-09-01T00:00:00Z');
export const CLEAR = { level: 'green', rule: 'clear@1', authority: 'cdc', mode: 'automatic' } as const;
export const POSITIVE = {
  level: 'red',
  rule: 'positive-test-7d@1',
  authority: 'cdc',
  mode: 'automatic',
} as const;

/** A log that tests add leaves to. */
export interface TestLog {
  readonly place: LogPlace;
  readonly store: MemoryLogStore;
  /** One round with these leaves. */
  add(leaves: readonly Leaf[]): Promise<void>;
  /** The same with entries of any form. */
  addBytes(entries: readonly Bytes[]): Promise<void>;
  /** The witnesses see it. */
  witness(at: Instant, silent?: readonly string[]): Promise<void>;
  readonly key: NoteKey;
  readonly signer: Signer;
}

export interface AuditWorld {
  readonly fixture: FederationFixture;
  /** Of decisions, and of publications. */
  readonly decisions: TestLog;
  readonly registry: TestLog;
  /** Key ids: who proposes, who approves, both of cdc; and who releases. */
  readonly people: {
    readonly proposer: string;
    readonly approver: string;
    readonly overseers: readonly string[];
  };
  /** Logs what was published since the last time, `bend` says how. */
  logPublications(
    at: Instant,
    bend?: (items: readonly PublishedItem[]) => readonly PublishedItem[],
  ): Promise<void>;
  publish(at: Instant, federation: Partial<z.input<typeof Federation>>): Promise<void>;
}

export interface WorldOptions {
  readonly founded?: Instant;
  /** Where logs are served: `<base>/<last part of the origin>`. */
  readonly base?: string;
  readonly burst?: z.input<typeof Federation>['burst'];
}

export async function auditWorld(options: WorldOptions = {}): Promise<AuditWorld> {
  const {
    founded = FOUNDED,
    base = 'https://logs.example',
    burst = { perHour: 50, perDay: 200, perWeek: 600 },
  } = options;
  const fixture = await buildFederation({ now: founded });
  const witnesses = await Promise.all(['w.example/1', 'w.example/2', 'w.example/3'].map(witnessOf));
  const logs = await Promise.all(
    ['registry', 'cn-ha'].map((name) => logOf(`log.example/${name}`, base, witnesses)),
  );
  const [registry, decisions] = logs;
  if (registry === undefined || decisions === undefined) throw new TypeError('no log');
  const signers = await Promise.all(
    ['proposer', 'approver', 'overseer a', 'overseer b'].map((seed) => seededSigner(`audit ${seed}`)),
  );
  const [proposer, approver, ...overseers] = signers;
  if (proposer === undefined || approver === undefined) throw new TypeError('no people');
  const person = ({ kid, alg, publicJwk }: Signer) => ({ kid, alg, jwk: publicJwk });
  const federation: z.input<typeof Federation> = {
    ...SAMPLE_FEDERATION,
    ...(burst !== undefined && { burst }),
    overseers: overseers.map(person),
    log: registry.place,
    witnesses: {
      threshold: 2,
      of: witnesses.map(({ key, signer }) => ({
        name: key.name,
        url: 'https://witness.example',
        kid: signer.kid,
        alg: 'EdDSA' as const,
        jwk: Ed25519Jwk.parse(signer.publicJwk),
      })),
    },
  };
  const publish = async (at: Instant, changes: Partial<z.input<typeof Federation>>) => {
    const put = new Map([['federation.json', jsonFile({ ...federation, ...changes })]]);
    await publishUpdate(fixture, at, (draft) =>
      updateRole(draft, { role: 'targets', put }, fixture.admins.slice(1), at),
    );
  };
  const named = addHours(founded, 1);
  await publish(named, {});
  const operators = {
    cdc: [
      { ...person(proposer), roles: ['propose'] },
      { ...person(approver), roles: ['approve'] },
    ],
  };
  const region = {
    ...sampleRegion(REGION, { endpoint: 'https://cn-ha.symbolon.test/api', operators }),
    log: decisions.place,
  };
  const put = new Map([[`regions/${REGION}/region.json`, jsonFile(region)]]);
  await publishUpdate(fixture, named, (draft) =>
    updateRole(draft, { role: REGION, put }, fixture.regions[REGION].admins.slice(1), named),
  );
  let known: { version: number; sha256: string; root: number } | undefined;
  return {
    fixture,
    decisions,
    registry,
    publish,
    people: { proposer: proposer.kid, approver: approver.kid, overseers: overseers.map(({ kid }) => kid) },
    logPublications: async (now, bend = (items) => items) => {
      const read = readFrom(fixture.files);
      const { trust } = await loadFromAnchor({
        read,
        pinnedRoot: fixture.pinnedRoot,
        now,
        expiry: 'offline',
      });
      const news = await publicationsSince(read, trust, known, 1000);
      const leaves = news.map(
        ({ items, ...each }): Leaf => ({
          v: 1,
          kind: 'publication',
          ...each,
          part: 1,
          parts: 1,
          items: [...bend(items)],
        }),
      );
      if (leaves.length > 0) await registry.add(leaves);
      known = news.at(-1) ?? known;
      await registry.witness(now);
    },
  };
}

/** A decision's leaf; `name` tells two of one class apart. */
export function decision(
  at: Instant,
  name: string | number,
  of: Partial<DecisionLeaf> & Pick<DecisionLeaf, 'level' | 'rule' | 'authority' | 'mode'> = CLEAR,
): DecisionLeaf {
  const commitment = Buffer.from(sha256Hex(`${name} ${at}`), 'hex').toString('base64url');
  return {
    v: 1,
    kind: 'decision',
    region: REGION,
    scheme: 'health',
    per: 'hour',
    at: hourFloor(at),
    commitment,
    ...of,
  };
}

/** So many of one class. */
export function decisions(
  count: number,
  at: Instant,
  of?: Parameters<typeof decision>[2],
): readonly DecisionLeaf[] {
  return Array.from({ length: count }, (_, i) => decision(at, `${of?.rule} ${i}`, of));
}

/** Everything that is served: the registry below `registry/`, and each log below the last part of its origin. */
export function served({ fixture, decisions: own, registry }: AuditWorld): ReadonlyMap<string, Bytes> {
  const files = new Map<string, Bytes>();
  for (const [path, bytes] of fixture.files) files.set(`registry/${path}`, bytes);
  for (const { place, store } of [own, registry])
    for (const [path, bytes] of store.files) files.set(`${lastPart(place.origin)}/${path}`, bytes);
  return files;
}

async function logOf(origin: string, base: string, witnesses: readonly Witness[]): Promise<TestLog> {
  const signer = await seededSigner(origin, 'EdDSA');
  const jwk = Ed25519Jwk.parse(signer.publicJwk);
  const key = noteKey(origin, NOTE_TYPE.log, jwk);
  for (const { logs } of witnesses) if (logs instanceof Map) logs.set(origin, [key]);
  const stores = { public: memoryLogStore(), private: memoryLogStore() };
  const trust: LogTrust = { origin, keys: [key], witnesses: witnesses.map((each) => each.key), threshold: 2 };
  let waiting: readonly WaitingLeaf[] = [];
  const source: LeafSource = {
    pending: async (limit, memory) => ({ leaves: waiting.slice(0, limit), memory }),
    settle: async (placed) => {
      waiting = waiting.slice(placed.length);
    },
  };
  const log: Sequencer = { stores, key, signer, source };
  const addBytes = async (entries: readonly Bytes[]) => {
    waiting = entries.map((leaf) => ({ leaf, note: null }));
    await runRound(log, entries.length);
  };
  return {
    place: {
      origin,
      url: `${base}/${lastPart(origin)}`,
      keys: [{ kid: signer.kid, alg: 'EdDSA', jwk }],
    },
    store: stores.public,
    key,
    signer,
    add: (leaves) => addBytes(leaves.map(encodeLeaf)),
    addBytes,
    witness: async (at, silent = []) => {
      const ports = witnesses
        .filter(({ key: { name } }) => !silent.includes(name))
        .map((witness) => ({
          name: witness.key.name,
          addCheckpoint: async (body: string) => {
            const answer = await addCheckpoint(witness, body, at);
            return answer.is === 'cosigned'
              ? { status: 200, text: answer.line }
              : { status: 409, text: `${answer.size}\n` };
          },
        }));
      await gatherCosignatures({ store: stores.public, trust, witnesses: ports }, at);
    },
  };
}

async function witnessOf(name: string): Promise<Witness> {
  const signer = await seededSigner(name, 'EdDSA');
  const key = noteKey(name, NOTE_TYPE.witness, Ed25519Jwk.parse(signer.publicJwk));
  return { key, signer, logs: new Map(), store: memoryLogStore() };
}

function lastPart(origin: string): string {
  return origin.slice(origin.lastIndexOf('/') + 1);
}

export function dayAfter(at: Instant, days: number, hour = 0): Instant {
  return instant(at + (days * 24 + hour) * 3600);
}
