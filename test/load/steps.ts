import { enrol } from '@symbolon/issuer/enrol';
import { evaluate } from '@symbolon/issuer/evaluate';
import { takeInBatch } from '@symbolon/issuer/intake';
import { mintBatch } from '@symbolon/issuer/mint-batch';
import { publishLists } from '@symbolon/issuer/publish-lists';
import { publicPart } from '@symbolon/keys/private-key';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import type { Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { type SampleFact, signBatch } from '../../packages/issuer/src/testing/sample-batch.ts';
import { NOW } from '../../packages/issuer/src/testing/sample-publication.ts';
import type { Stopwatch } from './meter.ts';
import { factsOf, type LoadPerson } from './person.ts';
import type { World } from './world.ts';

/** Credentials of one wallet. */
export const BATCH = 8;
/** Which keys, makes no difference to what minting costs: wallets share them here. */
const HOLDER_KEYS = Array.from({ length: BATCH }, (_, i) =>
  publicPart(insecurePrivateKeyFromSeed('ES256', `load holder ${i}`)),
);

/** @returns the subjects, in the order of the people */
export async function enrolAll(
  { ports, operators }: World,
  people: readonly LoadPerson[],
): Promise<string[]> {
  const subjects: string[] = [];
  for (const { passport } of people) {
    const identifiers = [{ kind: 'passport', value: passport }];
    subjects.push((await enrol(ports, identifiers, operators.clerk.ref, NOW)).subject);
  }
  return subjects;
}

/** Batches as full as they may be, signed by their source outside of what is measured. @returns how many facts were new */
export async function takeInAll(
  { ports, publication, operators, sources }: World,
  people: readonly LoadPerson[],
  name: string,
  watch: Stopwatch,
): Promise<number> {
  let added = 0;
  for (const [number, facts] of batchesOf(people).entries()) {
    const batch = await signBatch(sources.tracing, `${name}-${number}`, facts, NOW);
    const take = () => takeInBatch(ports, publication, batch, operators.clerk.ref, NOW);
    const result = await watch.measure(take);
    if (result.state !== 'done') throw new Error('a batch was held');
    added += result.added;
  }
  return added;
}

/** What is reported of one person is in one batch: between two of them, the first alone would decide. */
function batchesOf(people: readonly LoadPerson[]): readonly SampleFact[][] {
  const batches: SampleFact[][] = [];
  let last: SampleFact[] = [];
  for (const person of people) {
    const facts = factsOf(person, NOW);
    if (batches.length === 0 || last.length + facts.length > LIMITS.batchFacts) {
      last = [];
      batches.push(last);
    }
    last.push(...facts);
  }
  return batches;
}

/** A batch for one wallet, as a request for one is answered. */
export async function mintFor({ ports, publication, scheme }: World, subject: string): Promise<void> {
  const { decision } = await evaluate(ports, publication, scheme, subject, NOW);
  const order = { decision, format: 'dc+sd-jwt', holderKeys: HOLDER_KEYS } as const;
  await mintBatch(ports, publication, order, NOW);
}

/** The lists that are in use: in a region, those ahead of their first credential cost the same whatever its size. */
export function publishUsed({ ports, publication, signers }: World, now: Instant) {
  const { issuer, did } = publication.region;
  const settings = {
    signer: signers[1],
    listEntries: LIMITS.statusListEntries,
    ttlSeconds: 60,
    resignSeconds: 3600,
    readableSeconds: 98 * 3600,
    issuer,
    did,
    aheadHours: 0,
    lifeHours: 24,
    bitstring: true,
  };
  return publishLists(ports, settings, now);
}
