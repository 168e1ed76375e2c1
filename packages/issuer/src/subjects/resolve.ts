import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import type { SubjectStore } from '../ports.ts';
import type { SubjectProfile } from './profile.ts';

/**
 * A subject that an operator named. REQ-ISS-032: one that was merged away is not answered for.
 *
 * @throws SymbolonError `subject-unknown`, `subject-merged`
 */
export async function livingSubject(subjects: SubjectStore, id: string): Promise<SubjectProfile> {
  const profile = await knownSubject(subjects, id);
  if (profile.mergedInto !== undefined) throw new SymbolonError('subject-merged');
  return profile;
}

/**
 * The living subject that a wallet's code, an identifier or a source's name of it leads to, through the merges since it was given out.
 *
 * @throws SymbolonError `subject-unknown`, or `subject-merged` past `LIMITS.mergeHops`
 */
export async function resolveSubject(subjects: SubjectStore, id: string): Promise<SubjectProfile> {
  return (await resolvePath(subjects, id)).profile;
}

/** Its id; of one that is not known, or whose enrolment broke off before it had a profile, its own. */
export async function livingId(subjects: SubjectStore, id: string): Promise<string> {
  return (await subjects.profile(id)) === undefined ? id : (await resolveSubject(subjects, id)).subject;
}

/** The same, with the subjects on the way that were merged away, first to last. */
export async function resolvePath(
  subjects: SubjectStore,
  id: string,
): Promise<{ profile: SubjectProfile; merged: readonly string[] }> {
  const merged: string[] = [];
  let profile = await knownSubject(subjects, id);
  while (profile.mergedInto !== undefined) {
    if (merged.length === LIMITS.mergeHops)
      throw new SymbolonError('subject-merged', { bound: LIMITS.mergeHops });
    merged.push(profile.subject);
    profile = await knownSubject(subjects, profile.mergedInto);
  }
  return { profile, merged };
}

async function knownSubject(subjects: SubjectStore, id: string): Promise<SubjectProfile> {
  const profile = await subjects.profile(id);
  // REQ-ISS-005
  if (profile === undefined) throw new SymbolonError('subject-unknown');
  return profile;
}
