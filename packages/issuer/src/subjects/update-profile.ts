import { SymbolonError } from '@symbolon/protocol/errors';
import type { SubjectStore } from '../ports.ts';
import type { SubjectProfile } from './profile.ts';
import { livingSubject } from './resolve.ts';

/** How often a change that another writer overtook is made anew before the caller is told. */
const ATTEMPTS = 5;

/**
 * Changes a living subject's profile by compare and swap. `change` sees the stored profile and answers the new one without its version, or the same object
 * when there is nothing to do; it runs again when another writer was faster, and may throw.
 *
 * @throws SymbolonError `subject-unknown`, `subject-merged`, `storage-failed` when others are faster all the time
 */
export async function updateProfile(
  subjects: SubjectStore,
  id: string,
  change: (profile: SubjectProfile) => SubjectProfile | Promise<SubjectProfile>,
): Promise<SubjectProfile> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = await livingSubject(subjects, id);
    const changed = await change(before);
    if (changed === before) return before;
    const after = { ...changed, version: before.version + 1 };
    if (await subjects.putProfile(after)) return after;
  }
  throw new SymbolonError('storage-failed');
}
