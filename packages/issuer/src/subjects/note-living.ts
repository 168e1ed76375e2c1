import type { JournalStore, SubjectStore } from '../ports.ts';
import type { JournalEntry } from './journal-entry.ts';
import type { SubjectProfile } from './profile.ts';
import { resolveSubject } from './resolve.ts';

/**
 * Writes an entry where the person reads it: in the journal of the living subject that this one leads to, once more where that was merged away meanwhile, as
 * its entry might not come along. When this returns the entry is there.
 *
 * @returns the living subject
 * @throws SymbolonError `subject-unknown`, or `subject-merged` past `LIMITS.mergeHops`
 */
export async function noteLiving(
  { subjects, journal }: { readonly subjects: SubjectStore; readonly journal: JournalStore },
  id: string,
  entry: JournalEntry,
): Promise<SubjectProfile> {
  for (let profile = await resolveSubject(subjects, id); ; ) {
    await journal.append(profile.subject, entry);
    const living = await resolveSubject(subjects, profile.subject);
    if (living.subject === profile.subject) return living;
    profile = living;
  }
}
