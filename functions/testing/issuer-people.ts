import type { OperatorRef } from '@symbolon/issuer/journal-entry';
import type { OperatorRole } from '@symbolon/issuer/operators';
import type { PublishedKey } from '@symbolon/issuer/statement';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { createLocalSigner, type Signer } from '@symbolon/keys/signer';
import type { SampleAuthority, SampleSource } from '@symbolon/local/sample/regions';

/** Who acts in tests of the issuer's functions. All their keys are from seeds. */

export const seededSigner = (seed: string) => createLocalSigner(insecurePrivateKeyFromSeed('ES256', seed));

export const publishedKey = ({ kid, alg, publicJwk }: Signer): PublishedKey => ({ kid, alg, jwk: publicJwk });

/** Operators of the region: office and roles. `chief` may do both halves of what takes two. */
const OPERATORS = {
  clerk: ['cdc', ['enrol', 'facts', 'propose', 'audit']],
  approver: ['cdc', ['facts', 'approve', 'audit']],
  chief: ['cdc', ['facts', 'propose', 'approve']],
  elder: ['community', ['approve']],
} as const satisfies Record<string, readonly [SampleAuthority, readonly OperatorRole[]]>;
export type OperatorName = keyof typeof OPERATORS;
export const OPERATOR_NAMES = ['clerk', 'approver', 'chief', 'elder'] as const satisfies OperatorName[];

/** Sources that report here. Others of the sample region are not registered. */
export const SOURCE_NAMES = ['lab', 'residents', 'road-sensors'] as const satisfies SampleSource[];
export type SourceName = (typeof SOURCE_NAMES)[number];

export const operatorSigner = (name: OperatorName) => seededSigner(`operator ${name}`);
export const sourceSigner = (name: SampleSource) => seededSigner(`source ${name}`);
export const overseerSigner = (name: OverseerName) => seededSigner(`overseer ${name}`);

/** They release what the guard holds. `insider` has an operator's key of the region as well. */
export const OVERSEER_NAMES = ['one', 'two', 'insider'] as const;
export type OverseerName = (typeof OVERSEER_NAMES)[number];

export function rolesOf(name: OperatorName): readonly OperatorRole[] {
  return OPERATORS[name][1];
}

export async function operatorRef(name: OperatorName): Promise<OperatorRef> {
  return { kid: (await operatorSigner(name)).kid, authority: OPERATORS[name][0] };
}

/** As the region file lists an office's operators. */
export async function listedOperators(authority: SampleAuthority) {
  const here = OPERATOR_NAMES.filter((name) => OPERATORS[name][0] === authority);
  return Promise.all(
    here.map(async (name) => ({ ...publishedKey(await operatorSigner(name)), roles: [...rolesOf(name)] })),
  );
}
