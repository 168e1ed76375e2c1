import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import type { JournalStore, SubjectStore } from '../ports.ts';
import type { JournalEntry, OperatorRef } from './journal-entry.ts';
import type { Guardian, SubjectProfile } from './profile.ts';
import { checkReason } from './reason.ts';
import { livingId, livingSubject, resolveSubject } from './resolve.ts';
import { updateProfile } from './update-profile.ts';

export interface GuardianPorts {
  readonly subjects: SubjectStore;
  readonly journal: JournalStore;
}

/**
 * Lets a guardian's wallet ask in the place of a dependant (a child, an elder) until a time. Appointed anew, the new end counts. The entry in the dependant's
 * journal is written first: nobody gets such a right without one. That `by` may enrol is NOT checked here.
 *
 * @throws SymbolonError `request-malformed`, `subject-unknown`, `subject-merged`
 */
export async function appointGuardian(
  ports: GuardianPorts,
  { dependant, guardian, until }: { dependant: string; guardian: string; until: Instant },
  by: OperatorRef,
  reason: string,
  now: Instant,
): Promise<void> {
  checkReason(reason);
  if (until <= now) throw new SymbolonError('request-malformed', { path: 'until' });
  if (guardian === dependant) throw new SymbolonError('request-malformed', { path: 'guardian' });
  await person(ports, guardian, 'guardian');
  await person(ports, dependant, 'dependant');
  await updateProfile(ports.subjects, dependant, async (profile) => {
    const { same, others: rest } = await divide(ports, profile, guardian);
    if (same.length === 1 && same[0]?.until === until) return profile;
    const others = rest.filter((each) => each.until > now);
    if (others.length >= LIMITS.guardians)
      throw new SymbolonError('request-malformed', { path: 'guardian', bound: LIMITS.guardians });
    await note(ports, profile, 'guardian-added', guardian, by, reason, now);
    return { ...profile, guardians: [...others, { subject: guardian, until }] };
  });
}

/** Ends a guardian's right. Without one there is nothing to do. @throws SymbolonError `request-malformed`, `subject-unknown`, `subject-merged` */
export async function dismissGuardian(
  ports: GuardianPorts,
  { dependant, guardian }: { dependant: string; guardian: string },
  by: OperatorRef,
  reason: string,
  now: Instant,
): Promise<void> {
  checkReason(reason);
  await updateProfile(ports.subjects, dependant, async (profile) => {
    const { same, others } = await divide(ports, profile, guardian);
    if (same.length === 0) return profile;
    await note(ports, profile, 'guardian-removed', guardian, by, reason, now);
    return { ...profile, guardians: others };
  });
}

/**
 * REQ-ISS-004: whether a guardian's wallet may ask in the place of a dependant now. Both may have been merged since.
 *
 * @returns the dependant, living
 * @throws SymbolonError `forbidden`, whether or not there is such a dependant
 */
export async function mayAskFor(
  subjects: SubjectStore,
  guardian: string,
  dependant: string,
  now: Instant,
): Promise<SubjectProfile> {
  if ((await subjects.profile(dependant)) === undefined) throw new SymbolonError('forbidden');
  const profile = await resolveSubject(subjects, dependant);
  const asking = await resolveSubject(subjects, guardian);
  for (const each of profile.guardians) {
    if (now >= each.until) continue;
    if ((await resolveSubject(subjects, each.subject)).subject === asking.subject) return profile;
  }
  throw new SymbolonError('forbidden');
}

/** Which of a subject's guardians are this person: each of the two may have been merged since. */
async function divide(
  { subjects }: GuardianPorts,
  { guardians }: SubjectProfile,
  guardian: string,
): Promise<{ same: readonly Guardian[]; others: readonly Guardian[] }> {
  const wanted = await livingId(subjects, guardian);
  const ids = await Promise.all(guardians.map(({ subject }) => livingId(subjects, subject)));
  return {
    same: guardians.filter((_, i) => ids[i] === wanted),
    others: guardians.filter((_, i) => ids[i] !== wanted),
  };
}

async function person({ subjects }: GuardianPorts, id: string, path: string): Promise<void> {
  if ((await livingSubject(subjects, id)).kind !== 'person')
    throw new SymbolonError('request-malformed', { path });
}

async function note(
  { journal }: GuardianPorts,
  { subject, version }: SubjectProfile,
  kind: JournalEntry['kind'],
  guardian: string,
  by: OperatorRef,
  reason: string,
  now: Instant,
): Promise<void> {
  // One change has one version, so it has one entry, however often it is tried.
  await journal.append(subject, { id: `${kind}-${guardian}-${version}`, at: now, kind, by, reason });
}
