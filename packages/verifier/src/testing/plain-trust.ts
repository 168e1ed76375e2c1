import { deflateSync } from 'node:zlib';
import { type BitstringListOrder, issueBitstringList } from '@symbolon/credential/bitstring-list';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { createLocalSigner, type Signer } from '@symbolon/keys/signer';
import { addHours, addSeconds, DAY_SECONDS, type Instant, parseInstant } from '@symbolon/protocol/instant';
import { bitstringListOf, type ListPurpose } from '@symbolon/protocol/list-names';
import type { Federation } from '@symbolon/protocol/schemas/federation';
import type { KeyUse, Recognition, RegionKey } from '@symbolon/protocol/schemas/region';
import type { Rule } from '@symbolon/protocol/schemas/rule-set';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import type { RegionView, RegistryView } from '@symbolon/registry/registry-view';
import { encodeBitstring } from '@symbolon/status/bitstring';
import { type EntryBits, packEntries } from '@symbolon/status/status-list';
import type { BundledBitstring, Trust, TrustedList } from '../trust/trust.ts';

/** A trust object written down as plain data, for the tests of this package: Henan issues, Beijing looks. */

/** Credentials of the tests are issued at this hour and shown a while later; the registry was signed in between. */
export const HOUR: Instant = parseInstant('2026-11-21T21:00:00Z');
export const SIGNED_AT: Instant = addSeconds(HOUR, 600);
export const NOW: Instant = addSeconds(HOUR, 1234);

export const ISSUER = 'https://status.ha.example';
export const DID = 'did:web:status.ha.example';
export const LIST = `${ISSUER}/lists/498861`;

const signerOf = (seed: string, alg: 'ES256' | 'EdDSA' = 'ES256'): Promise<Signer> =>
  createLocalSigner(insecurePrivateKeyFromSeed(alg, seed));
export const issuer = await signerOf('verifier issuer');
export const issuerEd25519 = await signerOf('verifier issuer', 'EdDSA');
export const lister = await signerOf('verifier lister');
export const neighbour = await signerOf('verifier neighbour');
export const holder = await signerOf('verifier holder');
export const stranger = await signerOf('verifier stranger');

const words = { en: 'words', zh: '文字' };
const level = (id: string, effect: 'favourable' | 'adverse') => ({ id, effect, titles: words });

export const HEALTH: Scheme = {
  id: 'health',
  major: 1,
  titles: words,
  subjects: 'person',
  purposes: ['entry', 'travel'],
  levels: [level('green', 'favourable'), level('amber', 'adverse'), level('red', 'adverse')],
  factTypes: {},
  evidenceClasses: ['laboratory', 'none'],
  longestValidityHours: 24,
  statusList: true,
  bearer: true,
};
/** Has an age, and no cards. */
export const TEST: Scheme = {
  ...HEALTH,
  id: 'test',
  levels: [level('negative', 'favourable'), level('positive', 'adverse')],
  ageFrom: 'pcr',
  bearer: false,
};
/** Of lorries, not of people. */
export const FREIGHT: Scheme = { ...HEALTH, id: 'freight', subjects: 'asset', statusList: false };

export function rule(id: string, changes: Partial<Rule> = {}): Rule {
  return {
    id,
    version: 1,
    level: 'green',
    when: 'true',
    authorities: ['cdc'],
    evidence: 'none',
    legalBasis: words,
    words,
    from: addSeconds(HOUR, -30 * DAY_SECONDS),
    sunset: addSeconds(HOUR, 30 * DAY_SECONDS),
    contestHours: 24,
    ...changes,
  };
}

export function key(signer: Signer, use: KeyUse = 'credential', changes: Partial<RegionKey> = {}): RegionKey {
  const { kid, alg, publicJwk } = signer;
  return {
    kid,
    use,
    alg,
    jwk: publicJwk,
    notBefore: addSeconds(HOUR, -DAY_SECONDS),
    notAfter: addSeconds(HOUR, 7 * DAY_SECONDS),
    ...changes,
  };
}

export function region(id: string, host: string, changes: Partial<RegionView> = {}): RegionView {
  const office = { names: words, operators: [] };
  return {
    region: {
      region: id,
      names: words,
      issuer: `https://${host}`,
      did: `did:web:${host}`,
      authorities: { cdc: office, transport: office },
      endpoints: { issuer: `https://${host}`, lists: `https://${host}/lists` },
    },
    keys: [],
    ruleSets: {},
    placeLists: {},
    lateKeys: {},
    lateRules: {},
    recognition: undefined,
    expires: addSeconds(HOUR, 14 * DAY_SECONDS),
    expired: false,
    ...changes,
  };
}

/** Henan, which issues. */
export const HENAN: RegionView = region('CN-HA', 'status.ha.example', {
  keys: [key(issuer), key(issuerEd25519), key(lister, 'status')],
  ruleSets: {
    health: {
      region: 'CN-HA',
      scheme: 'health',
      rules: [rule('clear'), rule('contact', { level: 'red' }), rule('stay', { level: 'amber' })],
    },
    test: {
      region: 'CN-HA',
      scheme: 'test',
      rules: [
        rule('negative-3d', { level: 'negative', evidence: 'laboratory' }),
        rule('positive-7d', { level: 'positive', evidence: 'laboratory' }),
      ],
    },
    freight: { region: 'CN-HA', scheme: 'freight', rules: [rule('clear')] },
  },
});

const SAME = { green: 'green', amber: 'amber', red: 'red' };

/** Beijing, whose recognition the policies of the tests follow. */
export const BEIJING: RegionView = region('CN-BJ', 'status.bj.example', {
  keys: [key(neighbour)],
  recognition: {
    region: 'CN-BJ',
    schemes: {
      health: [{ from: { region: 'CN-HA' }, levels: SAME }],
      test: [{ from: { all: true }, levels: { negative: 'negative', positive: 'positive' } }],
      freight: [{ from: { all: true }, levels: SAME }],
    },
  },
});

/** Beijing with other entries for health. */
export function recognising(...health: Recognition['schemes'][string]): RegionView {
  return { ...BEIJING, recognition: { region: 'CN-BJ', schemes: { health } } };
}

export function listOf(entries: readonly number[], bits: EntryBits = 2, changes: Partial<TrustedList> = {}) {
  const list: TrustedList = {
    issuedAt: SIGNED_AT,
    expiresAt: addHours(HOUR, 24),
    bits,
    compressed: new Uint8Array(deflateSync(packEntries(bits, Uint8Array.from(entries)).bytes)),
    ...changes,
  };
  return list;
}

export const FRESHNESS: Federation['freshness'] = {
  warnAfterHours: 26,
  referAfterHours: 96,
  blockAfterHours: 240,
};

export interface TrustChanges extends Partial<Omit<Trust, 'registry'>> {
  readonly registry?: Partial<RegistryView>;
  readonly henan?: Partial<RegionView>;
  readonly beijing?: Partial<RegionView>;
}

/** Entries 0 to 3 of the one list hold the four values. */
export function trustOf({ registry, henan, beijing, ...rest }: TrustChanges = {}): Trust {
  return {
    registry: {
      version: 7,
      snapshotSha256: 'ab'.repeat(32),
      publishedAt: SIGNED_AT,
      signedAt: SIGNED_AT,
      rootExpires: addSeconds(HOUR, 300 * DAY_SECONDS),
      targetsExpires: addSeconds(HOUR, 300 * DAY_SECONDS),
      federation: { names: words, groups: { north: ['CN-HA'] }, freshness: FRESHNESS, smallestClass: 20 },
      dictionary: { version: 1, names: ['urn:symbolon:health:1', ISSUER, 'green', 'clear@1', 'cdc'] },
      schemes: { health: HEALTH, test: TEST, freight: FREIGHT },
      regions: { 'CN-BJ': { ...BEIJING, ...beijing }, 'CN-HA': { ...HENAN, ...henan } },
      malformedRegions: {},
      ...registry,
    },
    registryLog: undefined,
    lists: new Map([[LIST, listOf([0, 1, 2, 3])]]),
    badLists: new Map(),
    bitstrings: new Map(),
    newestSignedAt: SIGNED_AT,
    ...rest,
  };
}

/** A Bitstring list of Henan in which these entries are set, as a bundle carries it. */
export async function bitstringOf(
  purpose: ListPurpose,
  set: readonly number[],
  changes: Partial<BitstringListOrder> = {},
): Promise<BundledBitstring> {
  const entries = new Uint8Array(Math.max(8, ...set.map((index) => index + 1)));
  for (const index of set) entries[index] = 1;
  const uri = bitstringListOf(LIST, purpose);
  const signer = changes.signer ?? lister;
  const text = await issueBitstringList({
    did: DID,
    kid: signer.kid,
    uri,
    purpose,
    encodedList: await encodeBitstring(entries),
    issuedAt: SIGNED_AT,
    expiresAt: addHours(HOUR, 24),
    ttlSeconds: 900,
    signer,
    ...changes,
  });
  return { region: 'CN-HA', uri, text, issuedFrom: undefined };
}
