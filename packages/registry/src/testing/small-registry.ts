import { kidOf } from '@symbolon/keys/kid';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { createLocalSigner, type Signer } from '@symbolon/keys/signer';
import type { Bytes } from '@symbolon/protocol/bytes';
import {
  addSeconds,
  DAY_SECONDS,
  formatInstant,
  type Instant,
  parseInstant,
} from '@symbolon/protocol/instant';
import type { Algorithm } from '@symbolon/protocol/schemas/jwk';
import type { NewAuthority } from '../ceremony/authority.ts';
import { type Draft, openDraft, startDraft } from '../ceremony/draft.ts';
import { jsonFile } from '../ceremony/json-file.ts';
import { type MemoryStore, memoryStore } from '../ceremony/memory-store.ts';
import { publish } from '../ceremony/publish.ts';
import type { RegionDelegation } from '../ceremony/region-delegation.ts';
import { createRoot, type RootRoles } from '../ceremony/root.ts';
import { seal } from '../ceremony/seal.ts';
import { updateRole } from '../ceremony/update-role.ts';
import { regionFile } from '../registry-view/owners.ts';

/** A registry of two regions for the tests of this package, made by the real ceremony with keys from fixed seeds. */

export const NOW = parseInstant('2026-09-07T08:00:00Z');
export const later = (days: number): Instant => addSeconds(NOW, Math.floor(days * DAY_SECONDS));

export function signer(seed: string, alg: Algorithm = 'ES256'): Promise<Signer> {
  return createLocalSigner(insecurePrivateKeyFromSeed(alg, seed));
}

export function authority(signers: readonly Signer[], threshold = signers.length): NewAuthority {
  return { keys: signers.map((each) => each.publicJwk), threshold };
}

/** Two on P-256 and one on Ed25519: any two of them sign. */
export const ADMINS = await Promise.all([signer('admin a'), signer('admin b'), signer('admin c', 'EdDSA')]);
export const SNAPSHOT = await signer('snapshot');
export const TIMESTAMP = await signer('timestamp');
export const ONLINE = { snapshot: [SNAPSHOT], timestamp: [TIMESTAMP] };

export const ROOT_ROLES: RootRoles = {
  root: authority(ADMINS, 2),
  targets: authority(ADMINS, 2),
  snapshot: authority([SNAPSHOT]),
  timestamp: authority([TIMESTAMP]),
};

export interface RegionSigners {
  readonly admins: readonly Signer[];
  readonly keys: Signer;
}

export async function regionSigners(region: string): Promise<RegionSigners> {
  const admins = await Promise.all(['a', 'b', 'c'].map((each) => signer(`${region} ${each}`)));
  return { admins, keys: await signer(`${region} keys`) };
}

export function delegationTo(region: string, { admins, keys }: RegionSigners): RegionDelegation {
  return { region, admins: authority(admins, 2), keys: authority([keys]) };
}

const words = { en: 'words', zh: '文字' };

export const FEDERATION = {
  names: words,
  groups: {},
  freshness: { warnAfterHours: 26, referAfterHours: 96, blockAfterHours: 240 },
  smallestClass: 20,
};
export const DICTIONARY = { version: 1, names: ['green', 'red'] };
export const SCHEME = {
  id: 'health',
  major: 1,
  titles: words,
  subjects: 'person',
  purposes: ['entry'],
  levels: [{ id: 'green', effect: 'favourable', titles: words }],
  factTypes: {},
  evidenceClasses: ['none'],
  longestValidityHours: 24,
  statusList: true,
  bearer: true,
};

const FEDERATION_FILES: ReadonlyMap<string, Bytes> = new Map([
  ['federation.json', jsonFile(FEDERATION)],
  ['dictionary.json', jsonFile(DICTIONARY)],
  ['schemes/health.json', jsonFile(SCHEME)],
]);

function ruleSet(region: string, when = 'true') {
  const rule = { id: 'clear', version: 1, level: 'green', when, authorities: ['cdc'], evidence: 'none' };
  const life = { from: '2026-01-01T00:00:00Z', sunset: '2028-01-01T00:00:00Z', contestHours: 24 };
  return { region, scheme: 'health', rules: [{ ...rule, legalBasis: words, words, ...life }] };
}

function regionJson(region: string) {
  const host = `${region.toLowerCase()}.example`;
  return {
    region,
    names: words,
    issuer: `https://${host}`,
    did: `did:web:${host}`,
    authorities: { cdc: { names: words, operators: [] } },
    endpoints: { issuer: `https://${host}`, lists: `https://${host}/lists` },
  };
}

export function regionFiles(region: string, when?: string): ReadonlyMap<string, Bytes> {
  return new Map([
    [regionFile(region, 'region.json'), jsonFile(regionJson(region))],
    [regionFile(region, 'rules.health.json'), jsonFile(ruleSet(region, when))],
    [regionFile(region, 'recognition.json'), jsonFile({ region, schemes: {} })],
  ]);
}

export function keysJson(region: string, seeds: readonly string[]) {
  const keys = seeds.map((seed) => {
    const { d: _private, ...jwk } = insecurePrivateKeyFromSeed('ES256', `${region} ${seed}`);
    const life = { notBefore: formatInstant(NOW), notAfter: formatInstant(later(14)) };
    return { kid: kidOf(jwk), use: 'credential', alg: 'ES256', jwk, ...life };
  });
  return { region, keys };
}

export function keyFiles(region: string, seeds: readonly string[] = ['epoch 1']): ReadonlyMap<string, Bytes> {
  return new Map([[regionFile(region, 'keys.json'), jsonFile(keysJson(region, seeds))]]);
}

/** A region's two roles, signed. */
export async function withRegion(
  draft: Draft,
  region: string,
  signers: RegionSigners,
  now: Instant = NOW,
): Promise<Draft> {
  const own = await updateRole(draft, { role: region, put: regionFiles(region) }, signers.admins, now);
  return updateRole(own, { role: `${region}.keys`, put: keyFiles(region) }, [signers.keys], now);
}

export interface SmallRegistry {
  readonly pinnedRoot: Bytes;
  readonly store: MemoryStore;
  readonly regions: Readonly<Record<'CN-BJ' | 'CN-HA', RegionSigners>>;
}

export async function createSmallRegistry(): Promise<SmallRegistry> {
  const pinnedRoot = await createRoot({ roles: ROOT_ROLES, signers: ADMINS, now: NOW });
  const regions = { 'CN-BJ': await regionSigners('CN-BJ'), 'CN-HA': await regionSigners('CN-HA') };
  const delegate = Object.entries(regions).map(([id, signers]) => delegationTo(id, signers));
  let draft = await startDraft(pinnedRoot);
  draft = await updateRole(draft, { role: 'targets', put: FEDERATION_FILES, delegate }, ADMINS, NOW);
  for (const [id, signers] of Object.entries(regions)) draft = await withRegion(draft, id, signers);
  const store = memoryStore();
  await publish(store, await seal(draft, ONLINE, NOW));
  return { pinnedRoot, store, regions };
}

/** Signs and publishes a change on top of what is in the store. */
export async function republish(
  { pinnedRoot, store }: Pick<SmallRegistry, 'pinnedRoot' | 'store'>,
  now: Instant,
  change: (draft: Draft) => Promise<Draft>,
): Promise<void> {
  const draft = await openDraft({ read: store.files, pinnedRoot, now });
  await publish(store, await seal(await change(draft), ONLINE, now));
}
