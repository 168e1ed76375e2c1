import { type PrivateJwk, publicPart } from '@symbolon/keys/private-key';
import { createLocalSigner, type Signer } from '@symbolon/keys/signer';
import type { Bytes } from '@symbolon/protocol/bytes';
import { formatInstant, hourFloor, type Instant } from '@symbolon/protocol/instant';
import { check } from '@symbolon/protocol/schemas/common';
import { Dictionary, Federation } from '@symbolon/protocol/schemas/federation';
import { PlaceList, Recognition, Region } from '@symbolon/protocol/schemas/region';
import { RuleSet } from '@symbolon/protocol/schemas/rule-set';
import { Scheme } from '@symbolon/protocol/schemas/scheme';
import { startDraft } from '@symbolon/registry/ceremony/draft';
import type { RegionDelegation } from '@symbolon/registry/ceremony/region-delegation';
import { createRoot } from '@symbolon/registry/ceremony/root';
import { type Publication, seal } from '@symbolon/registry/ceremony/seal';
import { updateRole } from '@symbolon/registry/ceremony/update-role';
import { jsonFile } from '@symbolon/registry/json-file';
import type * as z from 'zod/mini';
import { sampleDictionary, sampleFederation } from '../sample/federation.ts';
import {
  SAMPLE_REGISTRY_LOG,
  type SampleWitness,
  sampleLogOrigin,
  sampleLogPlace,
  sampleWitnesses,
} from '../sample/logs.ts';
import { samplePlaces } from '../sample/places.ts';
import { sampleRecognition } from '../sample/recognition.ts';
import {
  type AnySampleRegion,
  SAMPLE_REGIONS,
  type SampleDistrict,
  type SampleRegion,
  type SampleSource,
  sampleDistrictsOf,
  sampleRegion,
} from '../sample/regions.ts';
import { sampleRules, sampleSchemesOf } from '../sample/rules.ts';
import { SAMPLE_SCHEMES, type SampleScheme } from '../sample/schemes.ts';
import { hasLog, logPathOf, pathOf, REGISTRY_LOG_PATH, witnessPathOf } from './environments.ts';
import { epochOf, keysFile, longLived } from './epochs.ts';
import { type LocalOperator, listedKey, listedNoteKey, listedOperators, listedSources } from './operators.ts';

/** Keys of one region, each with its one use. */
export interface RegionSigningKeys {
  /** Two of them sign the region's file, rules and recognition. */
  readonly admins: readonly PrivateJwk[];
  readonly operators: Readonly<Record<LocalOperator, PrivateJwk>>;
  readonly sources: Partial<Readonly<Record<SampleSource, PrivateJwk>>>;
  /** Signs `keys.json`. */
  readonly keysRole: PrivateJwk;
  readonly credential: PrivateJwk;
  readonly status: PrivateJwk;
  /** Signs the codes of venues, where the region has some. */
  readonly venue?: PrivateJwk;
  /** Signs checkpoints of the region's log, where it has one. */
  readonly log?: PrivateJwk;
}

/** Keys of those who keep the regions, and the registry, honest: Ed25519. */
export interface WatchKeys {
  /** Signs checkpoints of the log of publications. */
  readonly registryLog: PrivateJwk;
  readonly witnesses: Readonly<Record<SampleWitness, PrivateJwk>>;
}

export interface FederationKeys {
  /** Three, of whom two sign. */
  readonly admins: readonly PrivateJwk[];
  /** Snapshot and timestamp. */
  readonly online: PrivateJwk;
  /** They release what the burst guard holds. */
  readonly overseers: readonly PrivateJwk[];
  readonly regions: Readonly<Record<SampleRegion, RegionSigningKeys>>;
  /** Left out, nothing is logged. */
  readonly watch?: WatchKeys;
  /** A district without keys is not delegated. */
  readonly districts?: Partial<Readonly<Record<SampleDistrict, RegionSigningKeys>>>;
}

export interface FoundedFederation {
  readonly root: Bytes;
  readonly publication: Publication;
}

/**
 * Founds the sample federation by a real ceremony: root and targets signed by two of three admins, each region's files by its own roles,
 * a district's role by the region above it, snapshot and timestamp by the online key.
 *
 * @param baseUrl where the regions' services will be
 * @param schemes that the provinces issue; all of the sample, when left out
 */
export async function foundFederation(
  keys: FederationKeys,
  baseUrl: string,
  now: Instant,
  schemes?: readonly SampleScheme[],
): Promise<FoundedFederation> {
  const [first, second] = await signersOf(keys.admins);
  if (first === undefined || second === undefined) throw new TypeError('a 2-of-3 ceremony needs two admins');
  const admins = { keys: keys.admins.map(publicPart), threshold: 2 };
  const online = { keys: [publicPart(keys.online)], threshold: 1 };
  const present = [first, second];

  const root = await createRoot({
    roles: { root: admins, targets: admins, snapshot: online, timestamp: online },
    signers: present,
    now,
  });
  let draft = await startDraft(root);
  const delegate = SAMPLE_REGIONS.map((region) => delegationOf(region, keys.regions[region]));
  draft = await updateRole(draft, { role: 'targets', put: topFiles(keys, baseUrl), delegate }, present, now);
  for (const [region, own] of regionsIn(keys)) {
    draft = await updateRole(
      draft,
      {
        role: region,
        put: regionFiles(region, own, { baseUrl, schemes }, now),
        delegate: districtsIn(keys, region).map(([district, its]) => delegationOf(district, its)),
      },
      (await signersOf(own.admins)).slice(0, 2),
      now,
    );
    draft = await updateRole(
      draft,
      { role: `${region}.keys`, put: keysFile(region, firstKeys(own, now)) },
      await signersOf([own.keysRole]),
      now,
    );
  }
  const onlineSigners = await signersOf([keys.online]);
  const signers = { snapshot: onlineSigners, timestamp: onlineSigners };
  return { root, publication: await seal(draft, signers, now, 'The federation is founded') };
}

type RegionKeysEntry = readonly [AnySampleRegion, RegionSigningKeys];

/** Each after the region that delegates it. */
function regionsIn(keys: FederationKeys): readonly RegionKeysEntry[] {
  return SAMPLE_REGIONS.flatMap((region): RegionKeysEntry[] => [
    [region, keys.regions[region]],
    ...districtsIn(keys, region),
  ]);
}

function districtsIn({ districts = {} }: FederationKeys, region: AnySampleRegion): RegionKeysEntry[] {
  return sampleDistrictsOf(region).flatMap((district): RegionKeysEntry[] => {
    const its = districts[district];
    return its === undefined ? [] : [[district, its]];
  });
}

function delegationOf(region: AnySampleRegion, { admins, keysRole }: RegionSigningKeys): RegionDelegation {
  return {
    region,
    admins: { keys: admins.map(publicPart), threshold: 2 },
    keys: { keys: [publicPart(keysRole)], threshold: 1 },
  };
}

function topFiles({ overseers, watch }: FederationKeys, baseUrl: string): ReadonlyMap<string, Bytes> {
  const policy = { overseers: overseers.map(listedKey), ...(watch && watchedBy(watch, baseUrl)) };
  return new Map([
    ['federation.json', file(Federation, sampleFederation(policy))],
    ['dictionary.json', file(Dictionary, sampleDictionary())],
    ...Object.values(SAMPLE_SCHEMES).map(
      (scheme) => [`schemes/${scheme.id}.json`, file(Scheme, scheme)] as const,
    ),
  ]);
}

function watchedBy({ registryLog, witnesses }: WatchKeys, baseUrl: string) {
  const keys = {
    'witness-1': listedNoteKey(witnesses['witness-1']),
    'witness-2': listedNoteKey(witnesses['witness-2']),
    'witness-3': listedNoteKey(witnesses['witness-3']),
  };
  const registryUrl = `${baseUrl}${REGISTRY_LOG_PATH}`;
  return {
    log: sampleLogPlace(SAMPLE_REGISTRY_LOG, registryUrl, listedNoteKey(registryLog)),
    witnesses: sampleWitnesses(keys, (witness) => `${baseUrl}${witnessPathOf(witness)}`),
  };
}

/** Schemes whose rules ask where someone was. */
const PLACE_SCHEMES = ['health', 'travel'] as const;

function regionFiles(
  region: AnySampleRegion,
  { operators, sources, log }: RegionSigningKeys,
  {
    baseUrl,
    schemes: wanted,
  }: { readonly baseUrl: string; readonly schemes: readonly SampleScheme[] | undefined },
  now: Instant,
): ReadonlyMap<string, Bytes> {
  const at = (name: string) => `regions/${region}/${name}`;
  const drawnUp = formatInstant(hourFloor(now));
  const schemes = sampleSchemesOf(region).filter((id) => !hasLog(region) || (wanted?.includes(id) ?? true));
  const options = {
    endpoint: `${baseUrl}${pathOf(region)}`,
    operators: listedOperators(region, operators),
    sources: listedSources(sources),
    ...(log !== undefined && hasLog(region)
      ? { log: sampleLogPlace(sampleLogOrigin(region), `${baseUrl}${logPathOf(region)}`, listedNoteKey(log)) }
      : {}),
  };
  return new Map([
    [at('region.json'), file(Region, sampleRegion(region, options))],
    [at('recognition.json'), file(Recognition, sampleRecognition(region))],
    ...PLACE_SCHEMES.filter((scheme) => schemes.includes(scheme)).map(
      (scheme) =>
        [at(`places.${scheme}.json`), file(PlaceList, samplePlaces(region, scheme, drawnUp))] as const,
    ),
    ...schemes.map(
      (scheme) => [at(`rules.${scheme}.json`), file(RuleSet, sampleRules(region, scheme))] as const,
    ),
  ]);
}

function firstKeys({ credential, status, venue }: RegionSigningKeys, now: Instant) {
  return [
    epochOf('credential', publicPart(credential), now),
    epochOf('status', publicPart(status), now),
    ...(venue === undefined ? [] : [longLived('venue', publicPart(venue), now)]),
  ];
}

/** The text of a file, once it has the form that clients require. */
function file<T extends z.core.$ZodType>(schema: T, content: z.input<T> & object): Bytes {
  check(schema, content, 'metadata-malformed');
  return jsonFile(content);
}

function signersOf(keys: readonly PrivateJwk[]): Promise<Signer[]> {
  return Promise.all(keys.map(createLocalSigner));
}
