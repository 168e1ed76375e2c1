import type { Instant } from '@symbolon/protocol/instant';
import { signStatement } from '../statements/statement.ts';
import type { SampleOperator, SampleSource } from './sample-people.ts';
import { SAMPLE_ISSUER } from './sample-publication.ts';

export interface SampleFact {
  readonly id: string;
  readonly subject?: string;
  readonly identifier?: { readonly kind: string; readonly value: string };
  readonly type: string;
  readonly at: Instant;
  readonly fields: Readonly<Record<string, string | number | boolean>>;
}

export interface SampleRetraction {
  readonly id: string;
  readonly subject?: string;
  readonly identifier?: { readonly kind: string; readonly value: string };
}

/** A batch of facts about `health` as a source signs it at `now`; `claims` replaces or adds claims. */
export async function signBatch(
  source: SampleSource,
  id: string,
  facts: readonly SampleFact[],
  now: Instant,
  retracts: readonly SampleRetraction[] = [],
  claims: object = {},
): Promise<string> {
  return signStatement(
    'facts',
    {
      iss: source.name,
      aud: SAMPLE_ISSUER,
      iat: now,
      jti: id,
      scheme: 'health',
      facts,
      retracts,
      ...claims,
    },
    source.signer,
  );
}

/** What the second operator signs of a merge. */
export async function signMergeApproval(
  { ref, signer }: SampleOperator,
  { from, into }: { readonly from: string; readonly into: string },
  now: Instant,
  claims: object = {},
): Promise<string> {
  const { authority } = ref;
  const signed = { aud: SAMPLE_ISSUER, iat: now, authority, from, into, reason: 'Both documents seen.' };
  return signStatement('mergeApproval', { ...signed, ...claims }, signer);
}

/** What the second operator signs of a batch that waits. */
export async function signIntakeApproval(
  operator: SampleOperator,
  batch: { readonly source: string; readonly id: string; readonly digest: string },
  verdict: 'admit' | 'refuse',
  now: Instant,
  claims: object = {},
): Promise<string> {
  return signStatement(
    'intakeApproval',
    {
      aud: SAMPLE_ISSUER,
      iat: now,
      source: batch.source,
      batch: batch.id,
      digest: batch.digest,
      verdict,
      reason: 'Looked at with the source.',
      ...claims,
    },
    operator.signer,
  );
}
