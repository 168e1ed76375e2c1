import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { createLocalSigner, type Signer } from '@symbolon/keys/signer';
import type { OperatorRole } from '../statements/operators.ts';
import type { PublishedKey } from '../statements/statement.ts';
import type { OperatorRef } from '../subjects/journal-entry.ts';

/** An operator of the sample region: `ref` is who they are in a token, `signer` their key. */
export interface SampleOperator {
  readonly ref: OperatorRef;
  readonly signer: Signer;
}

export interface SampleSource {
  readonly name: string;
  readonly signer: Signer;
}

/** Operators of the sample region by what they are called here: office and roles. `chief` may do both halves of what takes two. */
const OPERATORS = {
  clerk: ['cdc', ['enrol', 'facts', 'propose']],
  approver: ['cdc', ['approve']],
  chief: ['cdc', ['enrol', 'facts', 'propose', 'approve', 'audit']],
  auditor: ['cdc', ['audit']],
  neighbour: ['community', ['enrol', 'facts', 'propose']],
  elder: ['community', ['approve']],
} as const satisfies Record<string, readonly [string, readonly OperatorRole[]]>;
type OperatorName = keyof typeof OPERATORS;
export type SampleOperators = Readonly<Record<OperatorName, SampleOperator>>;

/** Sources of the sample region, with the types of `health` that they are registered for. */
export const SAMPLE_SOURCES = { lab: ['pcr'], tracing: ['pcr', 'stay', 'visit'] } as const;
export type SampleSources = Readonly<Record<keyof typeof SAMPLE_SOURCES, SampleSource>>;

export const seededSigner = (seed: string) => createLocalSigner(insecurePrivateKeyFromSeed('ES256', seed));

export const publishedKey = ({ kid, alg, publicJwk }: Signer): PublishedKey => ({ kid, alg, jwk: publicJwk });

export async function sampleOperators(): Promise<SampleOperators> {
  const operator = async (name: OperatorName): Promise<SampleOperator> => {
    const signer = await seededSigner(`operator ${name}`);
    return { signer, ref: { kid: signer.kid, authority: OPERATORS[name][0] } };
  };
  return {
    clerk: await operator('clerk'),
    approver: await operator('approver'),
    chief: await operator('chief'),
    auditor: await operator('auditor'),
    neighbour: await operator('neighbour'),
    elder: await operator('elder'),
  };
}

export async function sampleSources(): Promise<SampleSources> {
  const source = async (name: keyof typeof SAMPLE_SOURCES): Promise<SampleSource> => ({
    name,
    signer: await seededSigner(`source ${name}`),
  });
  return { lab: await source('lab'), tracing: await source('tracing') };
}

/** As the region file lists an office's operators. */
export function listedOperators(operators: SampleOperators, authority: string) {
  return Object.entries(OPERATORS).flatMap(([name, [office, roles]]) => {
    const found = Object.entries(operators).find(([each]) => each === name);
    return office === authority && found !== undefined
      ? [{ ...publishedKey(found[1].signer), roles: [...roles] }]
      : [];
  });
}
