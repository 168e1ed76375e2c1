import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { concurrently } from '@symbolon/registry/concurrently';
import type { Fact } from '@symbolon/rules/fact';
import type { BlindIndexer } from '../ports.ts';
import type { Publication } from '../publication.ts';
import { type AbsorbPorts, absorb } from '../subjects/absorb.ts';
import { indexOfAsset, indexOfIdentifier } from '../subjects/identifier.ts';
import type { SubjectProfile } from '../subjects/profile.ts';
import { resolvePath } from '../subjects/resolve.ts';
import type { BatchClaims } from './read-batch.ts';

export interface FindPorts extends AbsorbPorts {
  readonly blindIndexer: BlindIndexer;
}

/** One line of a batch, with the subjects on the way to the one that it is about which were merged away. */
export interface BatchItem {
  /** `facts.17` */
  readonly path: string;
  readonly id: string;
  readonly merged: readonly string[];
}

/** What a batch says of one subject. */
export interface SubjectWork {
  readonly subject: string;
  readonly facts: readonly (BatchItem & { readonly fact: Fact })[];
  readonly retracts: readonly BatchItem[];
}

type Named = Pick<BatchClaims['retracts'][number], 'subject' | 'identifier'>;

/**
 * Whom a batch is about, each subject once, in the order in which they are named.
 *
 * REQ-ISS-032: what a source says of a subject that was merged away, by its id or an identifier, is of the subject that it was merged into: a source is not
 * told of merges, and must be able to take back what it said. A merge that has begun is finished, so that all of a subject's facts are where it is.
 *
 * @throws SymbolonError with the place: `subject-unknown`, `subject-merged` past `LIMITS.mergeHops`, `fact-malformed` when the scheme is not about such subjects
 */
export async function findSubjects(
  ports: FindPorts,
  publication: Publication,
  scheme: Scheme,
  { facts, retracts }: BatchClaims,
  now: Instant,
): Promise<readonly SubjectWork[]> {
  const lines = [
    ...facts.map(({ type, at, fields, ...who }, i) => ({
      ...who,
      path: `facts.${i}`,
      fact: { type, at, fields },
    })),
    ...retracts.map((who, i) => ({ ...who, path: `retracts.${i}`, fact: undefined })),
  ];
  const firsts = new Map(lines.toReversed().map((line) => [nameOf(line), line]));
  const found = new Map(
    await concurrently([...firsts.values()], async (line) => {
      const who = await atPath(line.path, async () => {
        const { profile, merged } = await find(ports, line);
        return { profile: await absorb(ports, publication, profile, now), merged };
      });
      if (who.profile.kind !== scheme.subjects)
        throw new SymbolonError('fact-malformed', { path: `${line.path}.subject` });
      return [nameOf(line), who] as const;
    }),
  );
  const works = new Map<
    string,
    { subject: string; facts: SubjectWork['facts'][number][]; retracts: BatchItem[] }
  >();
  for (const line of lines) {
    const who = found.get(nameOf(line));
    if (who === undefined) continue;
    const { subject } = who.profile;
    const work = works.get(subject) ?? { subject, facts: [], retracts: [] };
    works.set(subject, work);
    const item = { path: line.path, id: line.id, merged: who.merged };
    const { fact } = line;
    if (fact !== undefined) work.facts.push({ ...item, fact });
    else work.retracts.push(item);
  }
  return [...works.values()];
}

async function find(
  { subjects, blindIndexer }: FindPorts,
  { subject, identifier }: Named,
): Promise<{ profile: SubjectProfile; merged: readonly string[] }> {
  if (subject !== undefined) return resolvePath(subjects, subject);
  if (identifier === undefined) throw new SymbolonError('subject-unknown');
  const index =
    identifier.kind === 'asset'
      ? await indexOfAsset(blindIndexer, identifier.value)
      : await indexOfIdentifier(blindIndexer, identifier, 'identifier');
  const owner = await subjects.find(index);
  // REQ-ISS-005: a source reports of those that the region has enrolled.
  if (owner === undefined) throw new SymbolonError('subject-unknown');
  return resolvePath(subjects, owner);
}

async function atPath<T>(path: string, look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    if (!isSymbolonError(error) || error.code === 'storage-failed') throw error;
    throw new SymbolonError(error.code, { path: `${path}.subject` });
  }
}

function nameOf({ subject, identifier }: Named): string {
  return JSON.stringify([subject ?? null, identifier?.kind ?? null, identifier?.value ?? null]);
}
