import { kidOf } from '@symbolon/keys/kid';
import { type PrivateJwk, publicPart } from '@symbolon/keys/private-key';
import { parentRegion } from '@symbolon/protocol/ids';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import type { NoteKeyEntry } from '../sample/logs.ts';
import {
  type AnySampleRegion,
  SAMPLE_SOURCES,
  type SampleAuthority,
  type SampleSource,
  sampleDistrictsOf,
} from '../sample/regions.ts';
import { sampleSchemesOf } from '../sample/rules.ts';

/** Who works in each region of the local network. Everyone's key lies on one machine here; in the world each holds their own. */
const OPERATORS = {
  'operator-1': { authority: 'cdc', roles: ['enrol', 'facts', 'propose', 'audit'] },
  'operator-2': { authority: 'cdc', roles: ['facts', 'approve', 'audit'] },
  'operator-3': { authority: 'community', roles: ['enrol', 'audit'] },
} as const satisfies Record<string, { authority: SampleAuthority; roles: readonly string[] }>;
export type LocalOperator = keyof typeof OPERATORS;

/** In a region above others, one of each office: who releases what the burst guard holds below. They decide nothing there. */
const RELEASERS: readonly LocalOperator[] = ['operator-2', 'operator-3'];

/** What someone may do in a region, and for which office. In a district there is one office: that of its community. */
export function localOperator(
  region: AnySampleRegion,
  name: LocalOperator,
): { readonly authority: SampleAuthority; readonly roles: readonly string[] } {
  const { authority, roles } = OPERATORS[name];
  const isAbove = sampleDistrictsOf(region).length > 0;
  return {
    authority: parentRegion(region) === undefined ? authority : 'community',
    roles: isAbove && RELEASERS.includes(name) ? [...roles, 'release'] : roles,
  };
}

/** Whoever may release what the burst guard holds in a region that stands under no other. */
export const LOCAL_OVERSEERS = ['overseer-1', 'overseer-2'] as const;

export function operatorNames(): readonly LocalOperator[] {
  return Object.keys(OPERATORS).filter((name): name is LocalOperator => name in OPERATORS);
}

/** A public key as registry files list it. */
export interface ListedKey {
  readonly kid: string;
  readonly alg: 'ES256';
  readonly jwk: PublicJwk;
}

export function listedKey(key: PrivateJwk): ListedKey {
  const jwk = publicPart(key);
  return { kid: kidOf(jwk), alg: 'ES256', jwk };
}

/** The same of a log or a witness. @throws TypeError when it is no Ed25519 key */
export function listedNoteKey(key: PrivateJwk): NoteKeyEntry {
  const jwk = publicPart(key);
  if (jwk.kty !== 'OKP') throw new TypeError('logs and witnesses sign with Ed25519');
  return { kid: kidOf(jwk), alg: 'EdDSA', jwk };
}

export interface ListedOperator extends ListedKey {
  readonly roles: string[];
}

/** The operators of a region, by office, as its region file lists them. */
export function listedOperators(
  region: AnySampleRegion,
  keys: Readonly<Record<LocalOperator, PrivateJwk>>,
): Partial<Record<SampleAuthority, ListedOperator[]>> {
  const listed: Partial<Record<SampleAuthority, ListedOperator[]>> = {};
  for (const name of operatorNames()) {
    const { authority, roles } = localOperator(region, name);
    listed[authority] = [...(listed[authority] ?? []), { ...listedKey(keys[name]), roles: [...roles] }];
  }
  return listed;
}

/** The sources of a region with their keys, as its region file lists them. */
export function listedSources(
  keys: Partial<Readonly<Record<SampleSource, PrivateJwk>>>,
): Partial<Record<SampleSource, ListedKey[]>> {
  return Object.fromEntries(Object.entries(keys).map(([name, key]) => [name, [listedKey(key)]]));
}

/** The sources that report facts of a scheme that the region decides by. */
export function sourceNamesOf(region: AnySampleRegion): readonly SampleSource[] {
  const schemes: readonly string[] = sampleSchemesOf(region);
  return Object.keys(SAMPLE_SOURCES)
    .filter((name): name is SampleSource => name in SAMPLE_SOURCES)
    .filter((name) => Object.keys(SAMPLE_SOURCES[name].facts).some((scheme) => schemes.includes(scheme)));
}

/** Names of the sources' key files, after the region and a dot. */
export function sourceKeyName(source: SampleSource): string {
  return `source-${source}`;
}
