import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import type { LogPlace, Witnesses } from '@symbolon/protocol/schemas/log';
import type * as z from 'zod/mini';
import { type SampleRegion, sampleIssuer } from './regions.ts';

/** How many of the sample federation's witnesses must have seen a checkpoint. */
export const SAMPLE_WITNESS_THRESHOLD = 2;
export const SAMPLE_WITNESSES = ['witness-1', 'witness-2', 'witness-3'] as const;
export type SampleWitness = (typeof SAMPLE_WITNESSES)[number];

/** First line of every checkpoint of a region's log. A district has none: it logs under its province. */
export function sampleLogOrigin(region: SampleRegion): string {
  return `${new URL(sampleIssuer(region)).host}/log`;
}

/** The same of the log of the registry's publications. */
export const SAMPLE_REGISTRY_LOG = 'registry.symbolon.test/log';

/** What a witness calls itself in its cosignatures. */
export function sampleWitnessName(witness: SampleWitness): string {
  return `${witness}.symbolon.test`;
}

/** A public key as the registry lists those of logs and witnesses. */
export interface NoteKeyEntry {
  readonly kid: string;
  readonly alg: 'EdDSA';
  readonly jwk: Extract<PublicJwk, { kty: 'OKP' }>;
}

/** `log` of `region.json` and of `federation.json`. */
export function sampleLogPlace(origin: string, url: string, key: NoteKeyEntry): z.input<typeof LogPlace> {
  return { origin, url, keys: [key] };
}

/** `witnesses` of `federation.json`. @param urlOf where each takes checkpoints */
export function sampleWitnesses(
  keys: Readonly<Record<SampleWitness, NoteKeyEntry>>,
  urlOf: (witness: SampleWitness) => string,
): z.input<typeof Witnesses> {
  const of = SAMPLE_WITNESSES.map((witness) => ({
    name: sampleWitnessName(witness),
    url: urlOf(witness),
    ...keys[witness],
  }));
  return { threshold: SAMPLE_WITNESS_THRESHOLD, of };
}
