import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { addHours, type Instant } from '@symbolon/protocol/instant';
import { type IntakeResult, takeInBatch } from '../facts/intake.ts';
import { openStored } from '../facts/open-facts.ts';
import type { Publication } from '../publication.ts';
import { enrol } from '../subjects/enrol.ts';
import { type MemoryStores, memoryStores } from './memory-stores.ts';
import { type SampleFact, type SampleRetraction, signBatch } from './sample-batch.ts';
import type { SampleSource } from './sample-people.ts';
import { NOW, type SamplePublication, samplePublication } from './sample-publication.ts';

/** The sample region at work: what it has published, and its stores. */
export interface SampleRegion extends SamplePublication {
  readonly ports: MemoryStores & { readonly random: ReturnType<typeof insecureRandomFromSeed> };
}

export async function sampleRegion(
  published: Partial<Publication> = {},
  secrets: Partial<MemoryStores> = {},
): Promise<SampleRegion> {
  const sample = await samplePublication();
  return {
    ...sample,
    publication: { ...sample.publication, ...published },
    ports: { ...memoryStores(), ...secrets, random: insecureRandomFromSeed('sample region') },
  };
}

export const passport = (value: string) => ({ kind: 'passport', value });

/** Enrols someone by a passport of this number. */
export async function enrolled(
  { ports, operators }: Pick<SampleRegion, 'ports' | 'operators'>,
  number: string,
): Promise<string> {
  return (await enrol(ports, [passport(number)], operators.clerk.ref, NOW)).subject;
}

/** A laboratory's result about a subject, `hoursAgo` before `NOW`. */
export function pcr(id: string, subject: string, result: string, hoursAgo = 1): SampleFact {
  return { id, subject, type: 'pcr', at: addHours(NOW, -hoursAgo), fields: { result } };
}

/** The clerk hands in a batch that a source has signed at `now`. */
export async function report(
  { ports, publication, operators }: SampleRegion,
  source: SampleSource,
  id: string,
  facts: readonly SampleFact[],
  retracts: readonly SampleRetraction[] = [],
  now: Instant = NOW,
): Promise<IntakeResult> {
  const token = await signBatch(source, id, facts, now, retracts);
  return takeInBatch(ports, publication, token, operators.clerk.ref, now);
}

/** What is stored of a subject, as text: `lab f1 positive`, with `-` before what was taken back. */
export async function storedFacts(
  { ports }: Pick<SampleRegion, 'ports'>,
  subject: string,
): Promise<string[]> {
  const opened = await openStored(ports, 'health', subject, NOW);
  return opened
    .map(({ source, id, fact, retractedAt }) => {
      const said = Object.values(fact.fields).join(' ');
      return `${retractedAt === undefined ? '' : '-'}${source} ${id} ${said}`;
    })
    .toSorted();
}

/** The levels of a subject's decisions, oldest first. */
export async function levelsOf({ ports }: Pick<SampleRegion, 'ports'>, subject: string): Promise<string[]> {
  return (await ports.decisions.all(subject, 'health')).map(({ level }) => level);
}
