import { kidOf } from '@symbolon/keys/kid';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { createLocalSigner, type Signer } from '@symbolon/keys/signer';
import { SAMPLE_FEDERATION, sampleDictionary } from '@symbolon/local/sample/federation';
import { sampleRecognition } from '@symbolon/local/sample/recognition';
import {
  SAMPLE_REGIONS,
  type SampleAuthority,
  type SampleRegion,
  sampleRegion,
} from '@symbolon/local/sample/regions';
import { sampleRules } from '@symbolon/local/sample/rules';
import { SAMPLE_SCHEMES } from '@symbolon/local/sample/schemes';
import type { Bytes } from '@symbolon/protocol/bytes';
import { addHours, formatInstant, hourFloor, type Instant, parseInstant } from '@symbolon/protocol/instant';
import type { KeyUse } from '@symbolon/protocol/schemas/region';
import { type Draft, openDraft, startDraft } from '@symbolon/registry/ceremony/draft';
import { publish } from '@symbolon/registry/ceremony/publish';
import type { RegionDelegation } from '@symbolon/registry/ceremony/region-delegation';
import { createRoot } from '@symbolon/registry/ceremony/root';
import { type Publication, seal } from '@symbolon/registry/ceremony/seal';
import { updateRole } from '@symbolon/registry/ceremony/update-role';
import { jsonFile } from '@symbolon/registry/json-file';
import { type MemoryStore, memoryStore } from '@symbolon/registry/memory-store';

/**
 * The sample federation, made by the real ceremony with keys from fixed seeds: what a test needs of a registry. The content is that of
 * `npm start`; the signatures are real.
 */

export const FIXTURE_NOW: Instant = parseInstant('2026-09-07T08:00:00Z');
const EPOCH_HOURS = 7 * 24;

export interface RegionSigners {
  /** Three, of whom two sign the region's own files. One of them holds an Ed25519 key. */
  readonly admins: readonly Signer[];
  /** Signs `keys.json`. */
  readonly keys: Signer;
  /** Issuing keys, published in `keys.json`. */
  readonly credential: Signer;
  readonly status: Signer;
  /** People of the health authority, published in `region.json`. */
  readonly operators: readonly Signer[];
}

export interface FederationFixture {
  readonly pinnedRoot: Bytes;
  /** What is published. `publishUpdate` writes to it. */
  readonly store: MemoryStore;
  readonly files: ReadonlyMap<string, Bytes>;
  readonly admins: readonly Signer[];
  readonly snapshot: Signer;
  readonly timestamp: Signer;
  readonly regions: Readonly<Record<SampleRegion, RegionSigners>>;
}

export interface FixtureOptions {
  readonly now?: Instant;
  /** Where a region's services would be. */
  readonly endpointOf?: (region: SampleRegion) => string;
}

export function seededSigner(seed: string, alg: 'ES256' | 'EdDSA' = 'ES256'): Promise<Signer> {
  return createLocalSigner(insecurePrivateKeyFromSeed(alg, seed));
}

export async function buildFederation(options: FixtureOptions = {}): Promise<FederationFixture> {
  const now = options.now ?? FIXTURE_NOW;
  const endpointOf = options.endpointOf ?? ((region) => `https://${region.toLowerCase()}.symbolon.test/api`);
  const admins = await Promise.all(['a', 'b', 'c'].map((each) => seededSigner(`admin ${each}`)));
  const [snapshot, timestamp] = [await seededSigner('snapshot'), await seededSigner('timestamp')];
  const regions = {
    'CN-BJ': await regionSigners('CN-BJ'),
    'CN-GD': await regionSigners('CN-GD'),
    'CN-HA': await regionSigners('CN-HA'),
  };
  const twoOfThree = authorityOf(admins, 2);
  const pinnedRoot = await createRoot({
    roles: {
      root: twoOfThree,
      targets: twoOfThree,
      snapshot: authorityOf([snapshot]),
      timestamp: authorityOf([timestamp]),
    },
    signers: admins.slice(0, 2),
    now,
  });
  let draft = await updateRole(
    await startDraft(pinnedRoot),
    {
      role: 'targets',
      put: federationFiles(),
      delegate: SAMPLE_REGIONS.map((id) => delegationTo(id, regions[id])),
    },
    admins.slice(1),
    now,
  );
  for (const id of SAMPLE_REGIONS) {
    const signers = regions[id];
    const put = regionFiles(id, signers, endpointOf(id));
    draft = await updateRole(draft, { role: id, put }, signers.admins.slice(1), now);
    draft = await updateRole(
      draft,
      { role: `${id}.keys`, put: keysFile(id, publishedKeys(signers, now)) },
      [signers.keys],
      now,
    );
  }
  const store = memoryStore();
  await publish(store, await seal(draft, { snapshot: [snapshot], timestamp: [timestamp] }, now));
  return { pinnedRoot, store, files: store.files, admins, snapshot, timestamp, regions };
}

export async function regionSigners(id: string): Promise<RegionSigners> {
  return {
    admins: [
      await seededSigner(`${id} admin a`),
      await seededSigner(`${id} admin b`),
      await seededSigner(`${id} admin c`, 'EdDSA'),
    ],
    keys: await seededSigner(`${id} keys`),
    credential: await seededSigner(`${id} credential`),
    status: await seededSigner(`${id} status`),
    operators: [await seededSigner(`${id} operator a`), await seededSigner(`${id} operator b`)],
  };
}

export function delegationTo(region: string, { admins, keys }: RegionSigners): RegionDelegation {
  return { region, admins: authorityOf(admins, 2), keys: authorityOf([keys]) };
}

export function authorityOf(signers: readonly Signer[], threshold = signers.length) {
  return { keys: signers.map(({ publicJwk }) => publicJwk), threshold };
}

export interface PublishedKey {
  readonly signer: Signer;
  readonly use: KeyUse;
  readonly notBefore: Instant;
  readonly notAfter: Instant;
  readonly revoked?: { readonly since: Instant; readonly reason: string };
}

/** This epoch's keys, as a region publishes them. */
export function publishedKeys({ credential, status }: RegionSigners, now: Instant): readonly PublishedKey[] {
  const notBefore = addHours(hourFloor(now), -24);
  const notAfter = addHours(notBefore, EPOCH_HOURS + 96);
  return [
    { signer: credential, use: 'credential', notBefore, notAfter },
    { signer: status, use: 'status', notBefore, notAfter },
  ];
}

/** `regions/<id>/keys.json` as a target, for `updateRole`. */
export function keysFile(region: string, keys: readonly PublishedKey[]): ReadonlyMap<string, Bytes> {
  const entries = keys.map(({ signer, use, notBefore, notAfter, revoked }) => ({
    kid: signer.kid,
    use,
    alg: signer.alg,
    jwk: signer.publicJwk,
    notBefore: formatInstant(notBefore),
    notAfter: formatInstant(notAfter),
    ...(revoked !== undefined && {
      revoked: { since: formatInstant(revoked.since), reason: revoked.reason },
    }),
  }));
  return new Map([[`regions/${region}/keys.json`, jsonFile({ region, keys: entries })]]);
}

/** Signs and publishes a change on top of what is in the store. */
export async function publishUpdate(
  fixture: FederationFixture,
  now: Instant,
  change: (draft: Draft) => Promise<Draft>,
): Promise<Publication> {
  const { store, pinnedRoot, snapshot, timestamp } = fixture;
  const draft = await openDraft({ read: store.files, pinnedRoot, now });
  const publication = await seal(await change(draft), { snapshot: [snapshot], timestamp: [timestamp] }, now);
  await publish(store, publication);
  return publication;
}

function federationFiles(): ReadonlyMap<string, Bytes> {
  return new Map([
    ['federation.json', jsonFile(SAMPLE_FEDERATION)],
    ['dictionary.json', jsonFile(sampleDictionary())],
    ['schemes/health.json', jsonFile(SAMPLE_SCHEMES.health)],
    ['schemes/test.json', jsonFile(SAMPLE_SCHEMES.test)],
  ]);
}

function regionFiles(id: SampleRegion, signers: RegionSigners, endpoint: string): ReadonlyMap<string, Bytes> {
  const people = signers.operators.map(({ alg, publicJwk }, i) => ({
    kid: kidOf(publicJwk),
    alg,
    jwk: publicJwk,
    roles: [i === 0 ? 'case-officer' : 'reviewer'],
  }));
  const operators: Partial<Record<SampleAuthority, typeof people>> = { cdc: people };
  const at = (name: string) => `regions/${id}/${name}`;
  return new Map([
    [at('region.json'), jsonFile(sampleRegion(id, { endpoint, operators }))],
    [at('rules.health.json'), jsonFile(sampleRules(id, 'health'))],
    [at('rules.test.json'), jsonFile(sampleRules(id, 'test'))],
    [at('recognition.json'), jsonFile(sampleRecognition(id))],
  ]);
}
