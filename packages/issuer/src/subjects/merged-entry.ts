import { isSymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type { JournalStore, SubjectStore } from '../ports.ts';
import type { JournalEntry, OperatorRef } from './journal-entry.ts';
import { resolveSubject } from './resolve.ts';

interface MergePorts {
  readonly subjects: SubjectStore;
  readonly journal: JournalStore;
}

/**
 * The entry that tells of a merge. It is written in the journal of the subject that ends, before the merge begins, and comes with all of its journal to the
 * one that stays: so there is no merge without an entry, whoever finishes it. Until the merge is so, and where another merge was faster, nobody is shown it.
 */
export function mergedEntry(
  { from, into }: { from: string; into: string },
  by: OperatorRef,
  approvedBy: string | undefined,
  reason: string,
  now: Instant,
): JournalEntry {
  const more = approvedBy === undefined ? {} : { approvedBy };
  return { id: `${idBefore(from)}${into}`, at: now, kind: 'merged', by, reason, about: from, ...more };
}

/** Who was merged into this subject, by its journal: only those that lead here. */
export async function mergedAway(
  { subjects, journal }: MergePorts,
  subject: string,
): Promise<readonly string[]> {
  const told = (await journal.list(subject)).flatMap(({ kind, about }) =>
    kind === 'merged' && about !== undefined ? [about] : [],
  );
  const lead = await Promise.all(
    [...new Set(told)].map(async (each) => each !== subject && (await leadsTo(subjects, each, subject))),
  );
  return [...new Set(told)].filter((_, i) => lead[i] === true);
}

/** Whether an entry is so: one of a merge, when both that it names are this subject now. */
export async function isSo(subjects: SubjectStore, entry: JournalEntry, subject: string): Promise<boolean> {
  if (entry.kind !== 'merged' || entry.about === undefined) return true;
  const into = entry.id.startsWith(idBefore(entry.about)) ? entry.id.slice(idBefore(entry.about).length) : '';
  if (entry.about === subject || !(await leadsTo(subjects, entry.about, subject))) return false;
  return leadsTo(subjects, into, subject);
}

const idBefore = (from: string) => `merged-${from}-`;

/** One from which more merges lead here than are followed is nobody's. */
async function leadsTo(subjects: SubjectStore, id: string, subject: string): Promise<boolean> {
  if ((await subjects.profile(id)) === undefined) return false;
  try {
    return (await resolveSubject(subjects, id)).subject === subject;
  } catch (error) {
    if (isSymbolonError(error) && error.code === 'subject-merged') return false;
    throw error;
  }
}
