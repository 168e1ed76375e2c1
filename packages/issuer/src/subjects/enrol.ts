import { sha256Base64url } from '@symbolon/keys/digest';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import { SymbolonError } from '@symbolon/protocol/errors';
import { addHours, type Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import type { RandomBytes } from '@symbolon/protocol/random';
import type { BlindIndexer, EnrolmentStore, JournalStore, SubjectStore } from '../ports.ts';
import { type Identifier, indexOfAsset, indexOfIdentifier } from './identifier.ts';
import type { OperatorRef } from './journal-entry.ts';
import { noteLiving } from './note-living.ts';
import type { SubjectProfile } from './profile.ts';
import { livingId, resolveSubject } from './resolve.ts';

export type { Identifier } from './identifier.ts';

/** How long an enrolment code lets a wallet fetch credentials. */
const CODE_HOURS = 30 * 24;
/** Of a subject's id, and of a code. */
const ID_BYTES = 16;

export interface EnrolmentPorts {
  readonly subjects: SubjectStore;
  readonly journal: JournalStore;
  readonly enrolments: EnrolmentStore;
  readonly blindIndexer: BlindIndexer;
  readonly random: RandomBytes;
}

/**
 * Finds or makes the person that these identifiers lead to, and gives out a code for a wallet. Several identifiers lead to one subject, so one person has
 * one status in a region (protocol, section 10); one that was merged away leads to the subject it was merged into. Run twice, it finds the same subject.
 *
 * Order of the writes: the identifiers are claimed, each leaves its entry in the journal, then the profile, then the entry of the code (every one has its own,
 * also of a person who is known: whoever has a code reads the record), then the code. Where there is no profile yet, a run before this one has broken off, and
 * this one finishes it. That `by` may enrol is NOT checked here.
 *
 * @throws SymbolonError `request-malformed`, `subject-conflict` when the identifiers belong to different subjects
 */
export async function enrol(
  ports: EnrolmentPorts,
  identifiers: readonly Identifier[],
  by: OperatorRef,
  now: Instant,
): Promise<{ subject: string; code: string; expiresAt: Instant }> {
  if (identifiers.length === 0 || identifiers.length > LIMITS.subjectIdentifiers)
    throw new SymbolonError('request-malformed', { path: 'identifiers', bound: LIMITS.subjectIdentifiers });
  const indexed = await Promise.all(
    identifiers.map(async (each) => ({
      index: await indexOfIdentifier(ports.blindIndexer, each, 'identifiers'),
      about: each.kind,
    })),
  );
  const found = await findOrMake(ports, indexed, { kind: 'person' }, by, now);
  const code = encodeBase64url(ports.random(ID_BYTES));
  const id = `code-${sha256Base64url(`journal ${codeHash(code)}`)}`;
  const { subject } = await noteLiving(ports, found.subject, { id, at: now, kind: 'code-given', by });
  const expiresAt = addHours(now, CODE_HOURS);
  await ports.enrolments.put(codeHash(code), subject, expiresAt);
  return { subject, code, expiresAt };
}

/**
 * Finds or makes the asset with this public name (an absolute IRI). An asset has no wallet, so there is no code.
 *
 * @throws SymbolonError `request-malformed`
 */
export async function enrolAsset(
  ports: Omit<EnrolmentPorts, 'enrolments'>,
  asset: string,
  by: OperatorRef,
  now: Instant,
): Promise<{ subject: string }> {
  const index = await indexOfAsset(ports.blindIndexer, asset);
  const made = await findOrMake(ports, [{ index, about: 'asset' }], { kind: 'asset', asset }, by, now);
  return { subject: made.subject };
}

/**
 * The living subject that a wallet's code stands for, through the merges since it was given out.
 *
 * @throws SymbolonError `unauthenticated`, or `subject-merged` past `LIMITS.mergeHops`
 */
export async function subjectOfCode(
  ports: Pick<EnrolmentPorts, 'enrolments' | 'subjects'>,
  code: string,
  now: Instant,
): Promise<string> {
  const subject = await ports.enrolments.find(codeHash(code), now);
  if (subject === undefined) throw new SymbolonError('unauthenticated');
  return (await resolveSubject(ports.subjects, subject)).subject;
}

interface Indexed {
  readonly index: string;
  /** Which kind of identifier. */
  readonly about: string;
}

async function findOrMake(
  ports: Omit<EnrolmentPorts, 'enrolments'>,
  indexed: readonly Indexed[],
  what: Pick<SubjectProfile, 'kind' | 'asset'>,
  by: OperatorRef,
  now: Instant,
): Promise<SubjectProfile> {
  const { subjects } = ports;
  // An owner without a profile is one whose enrolment broke off: it stands for itself.
  const owners = await Promise.all(indexed.map(({ index }) => subjects.find(index)));
  const known = await Promise.all([...new Set(owners)].map((each) => each && livingId(subjects, each)));
  const living = new Set(known.filter((each) => each !== undefined));
  if (living.size > 1) throw new SymbolonError('subject-conflict');

  let subject = [...living][0];
  // Two who enrol one person at once claim in one order, so that both go on with the subject of the first.
  for (const { index } of indexed.toSorted((a, b) => (a.index < b.index ? -1 : 1))) {
    const owner = await subjects.claim(index, subject ?? encodeBase64url(ports.random(ID_BYTES)));
    const claimed = await livingId(subjects, owner);
    if (subject !== undefined && claimed !== subject) throw new SymbolonError('subject-conflict');
    subject = claimed;
  }
  if (subject === undefined) throw new SymbolonError('request-malformed', { path: 'identifiers' });

  const kind = (await subjects.profile(subject)) === undefined ? 'enrolled' : 'linked';
  for (const { index, about } of indexed) {
    // By the identifier: what was linked before keeps the entry that it has.
    const id = `identifier-${sha256Base64url(`journal ${index}`)}`;
    await ports.journal.append(subject, { id, at: now, kind, by, about });
  }
  await subjects.putProfile({ subject, version: 1, ...what, absorbing: [], guardians: [] });
  return resolveSubject(subjects, subject);
}

function codeHash(code: string): string {
  return sha256Base64url(`enrolment ${code}`);
}
