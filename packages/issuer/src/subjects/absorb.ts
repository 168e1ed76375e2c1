import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import type { JournalStore, MintStore } from '../ports.ts';
import type { Publication } from '../publication.ts';
import { type AdoptPorts, adoptStricter } from './adopt-stricter.ts';
import { type CopyPorts, copyFacts } from './copy-facts.ts';
import type { Guardian, SubjectProfile } from './profile.ts';
import { livingId, livingSubject, resolveSubject } from './resolve.ts';
import { updateProfile } from './update-profile.ts';

export interface AbsorbPorts extends CopyPorts, AdoptPorts {
  readonly journal: JournalStore;
  readonly mints: MintStore;
}

/**
 * Finishes every merge into this subject that has begun. Call it before rules run on a subject whose `absorbing` is not empty: nothing milder is decided on
 * half of the facts. No rule runs here; run them on the profile that is answered.
 *
 * Order of the writes, for each subject that is absorbed: it is marked as merged (from then on nothing is decided there); its stricter decisions are adopted;
 * facts, living mints and journal are copied; it is struck off. Each of them can be done again, by two at once too.
 *
 * @returns the profile, with nothing left to absorb
 * @throws SymbolonError `subject-merged` when the subject itself was merged away meanwhile
 */
export async function absorb(
  ports: AbsorbPorts,
  publication: Publication,
  profile: SubjectProfile,
  now: Instant,
): Promise<SubjectProfile> {
  let into = profile;
  for (let from = into.absorbing[0]; from !== undefined; from = into.absorbing[0]) {
    const merged = await markMerged(ports, publication, into, from, now);
    if (merged !== undefined) {
      await adoptStricter(ports, publication, merged.subject, into.subject, now);
      for (const scheme of Object.keys(publication.schemes))
        await copyFacts(ports, scheme, merged.subject, into.subject, now);
      await copyMints(ports, merged.subject, into.subject, now);
      for (const entry of await ports.journal.list(merged.subject))
        await ports.journal.append(into.subject, entry);
      into = await strikeOff(ports, into.subject, merged.subject, merged.guardians, now);
    } else into = await livingSubject(ports.subjects, into.subject);
  }
  return into;
}

/**
 * Marks `from` as merged into `into`. A merge can meet others that have begun: what `from` absorbs itself is recorded for `into` first, and of two that
 * absorb each other the one with the smaller id stays, whoever comes first.
 *
 * @returns the profile that is merged, or nothing when another look at `into` is needed
 */
async function markMerged(
  ports: AbsorbPorts,
  publication: Publication,
  into: SubjectProfile,
  from: string,
  now: Instant,
): Promise<SubjectProfile | undefined> {
  const profile = await ports.subjects.profile(from);
  if (profile === undefined) throw new SymbolonError('subject-unknown');
  if (profile.mergedInto !== undefined) {
    const { subject } = await resolveSubject(ports.subjects, from);
    if (subject === into.subject) return profile;
    // Merged into a third one meanwhile, who has all of it.
    await strikeOff(ports, into.subject, from, [], now);
    return undefined;
  }
  if (profile.absorbing.includes(into.subject) && from < into.subject) {
    await absorb(ports, publication, profile, now);
    throw new SymbolonError('subject-merged');
  }
  const inherited = profile.absorbing.filter((each) => each !== into.subject);
  if (!inherited.every((each) => into.absorbing.includes(each))) {
    await updateProfile(ports.subjects, into.subject, (before) => ({
      ...before,
      absorbing: [...new Set([...before.absorbing, ...inherited])],
    }));
    return undefined;
  }
  const { version } = profile;
  const merged = { ...profile, version: version + 1, mergedInto: into.subject, absorbing: [] };
  return (await ports.subjects.putProfile(merged)) ? merged : undefined;
}

/** Recorded under the same id: what is withdrawn for the one is withdrawn for both. It rests on no decision of the new sequence, so it is older than all of them. */
async function copyMints({ mints }: AbsorbPorts, from: string, into: string, now: Instant): Promise<void> {
  for (const { id, ...mint } of await mints.living(from, undefined, now))
    await mints.record(id, { ...mint, subject: into, decision: 0 });
}

/** It is one person: who may ask for the one may ask for the other, as long as there is room. */
function strikeOff(
  { subjects }: AbsorbPorts,
  into: string,
  from: string,
  guardians: readonly Guardian[],
  now: Instant,
): Promise<SubjectProfile> {
  return updateProfile(subjects, into, async (before) => {
    if (!before.absorbing.includes(from)) return before;
    const living = ({ subject }: Guardian) => livingId(subjects, subject);
    // A guardian whom the one that stays has keeps the end that was given there.
    const known = new Set([into, from, ...(await Promise.all(before.guardians.map(living)))]);
    const ids = await Promise.all(guardians.map(living));
    const more = guardians.filter(({ until }, i) => until > now && !known.has(ids[i] ?? into));
    return {
      ...before,
      absorbing: before.absorbing.filter((each) => each !== from),
      guardians: [...before.guardians, ...more].slice(0, LIMITS.guardians),
    };
  });
}
