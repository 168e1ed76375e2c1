import { kidOf } from '@symbolon/keys/kid';
import { type PrivateJwk, publicPart } from '@symbolon/keys/private-key';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import { SAMPLE_SOURCES, type SampleAuthority, type SampleSource } from '../sample/regions.ts';

/** Who works in each region of the local network. Everyone's key lies on one machine here; in the world each holds their own. */
export const LOCAL_OPERATORS = {
  'operator-1': { authority: 'cdc', roles: ['enrol', 'facts', 'propose', 'audit'] },
  'operator-2': { authority: 'cdc', roles: ['facts', 'approve', 'audit'] },
  'operator-3': { authority: 'community', roles: ['enrol', 'audit'] },
} as const satisfies Record<string, { authority: SampleAuthority; roles: readonly string[] }>;
export type LocalOperator = keyof typeof LOCAL_OPERATORS;

/** Whoever may release what the burst guard holds in a region that stands under no other. */
export const LOCAL_OVERSEERS = ['overseer-1', 'overseer-2'] as const;

export function operatorNames(): readonly LocalOperator[] {
  return Object.keys(LOCAL_OPERATORS).filter((name): name is LocalOperator => name in LOCAL_OPERATORS);
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

export interface ListedOperator extends ListedKey {
  readonly roles: string[];
}

/** The operators of a region, by office, as its region file lists them. */
export function listedOperators(
  keys: Readonly<Record<LocalOperator, PrivateJwk>>,
): Partial<Record<SampleAuthority, ListedOperator[]>> {
  const listed: Partial<Record<SampleAuthority, ListedOperator[]>> = {};
  for (const name of operatorNames()) {
    const { authority, roles } = LOCAL_OPERATORS[name];
    listed[authority] = [...(listed[authority] ?? []), { ...listedKey(keys[name]), roles: [...roles] }];
  }
  return listed;
}

/** The sources of a region with their keys, as its region file lists them. */
export function listedSources(
  keys: Readonly<Record<SampleSource, PrivateJwk>>,
): Partial<Record<SampleSource, ListedKey[]>> {
  return Object.fromEntries(sourceNames().map((name) => [name, [listedKey(keys[name])]]));
}

export function sourceNames(): readonly SampleSource[] {
  return Object.keys(SAMPLE_SOURCES).filter((name): name is SampleSource => name in SAMPLE_SOURCES);
}

/** Names of the sources' key files, after the region and a dot. */
export function sourceKeyName(source: SampleSource): string {
  return `source-${source}`;
}
