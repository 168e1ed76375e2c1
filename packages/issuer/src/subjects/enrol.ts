import { sha256 } from '@symbolon/keys/digest';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import { utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { addHours, type Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import type { RandomBytes } from '@symbolon/protocol/random';
import type { BlindIndexer, EnrolmentStore, SubjectStore } from '../ports.ts';

/** How long an enrolment code lets a wallet fetch credentials. */
const CODE_HOURS = 30 * 24;
const CODE_BYTES = 16;

export interface Identifier {
  /** `identity-card`, `passport`, `travel-permit`. */
  readonly kind: string;
  /** Never stored and never logged: it leaves this function as a keyed hash only. */
  readonly value: string;
}

export interface EnrolmentPorts {
  readonly subjects: SubjectStore;
  readonly enrolments: EnrolmentStore;
  readonly blindIndexer: BlindIndexer;
  readonly random: RandomBytes;
}

/**
 * Finds or makes the subject that these identifiers lead to, and gives out a code for a wallet. Several identifiers lead to one
 * subject, so one person has one status in a region (protocol, section 10). Run twice, it finds the same subject.
 *
 * @throws SymbolonError `request-malformed`, `subject-conflict` when the identifiers already belong to different subjects
 */
export async function enrol(
  ports: EnrolmentPorts,
  identifiers: readonly Identifier[],
  now: Instant,
): Promise<{ subject: string; code: string; expiresAt: Instant }> {
  if (identifiers.length === 0 || identifiers.length > LIMITS.subjectIdentifiers) {
    throw new SymbolonError('request-malformed', { path: 'identifiers', bound: LIMITS.subjectIdentifiers });
  }
  const indexes = await Promise.all(identifiers.map((each) => ports.blindIndexer.index(canonical(each))));
  const known = new Set(
    (await Promise.all(indexes.map((index) => ports.subjects.find(index)))).filter(isText),
  );
  if (known.size > 1) throw new SymbolonError('subject-conflict');

  let subject = [...known][0] ?? encodeBase64url(ports.random(CODE_BYTES));
  for (const [position, index] of indexes.entries()) {
    const owner = await ports.subjects.claim(index, subject);
    // Someone enrolled the same person at the same moment: go on with their subject, unless ours already owns an index.
    if (owner !== subject && position > 0) throw new SymbolonError('subject-conflict');
    subject = owner;
  }

  // Also when it was known before: a crash may have come between the two.
  await ports.subjects.register(subject);
  const code = encodeBase64url(ports.random(CODE_BYTES));
  const expiresAt = addHours(now, CODE_HOURS);
  await ports.enrolments.put(codeHash(code), subject, expiresAt);
  return { subject, code, expiresAt };
}

/** The subject that a wallet's code stands for. @throws SymbolonError `unauthenticated` */
export async function subjectOfCode(enrolments: EnrolmentStore, code: string, now: Instant): Promise<string> {
  const subject = await enrolments.find(codeHash(code), now);
  if (subject === undefined) throw new SymbolonError('unauthenticated');
  return subject;
}

function codeHash(code: string): string {
  return encodeBase64url(sha256(utf8(`enrolment ${code}`)));
}

/** One person, one spelling: upper-case letters and digits of ASCII, as identity documents print them, without what separates them. */
function canonical({ kind, value }: Identifier): string {
  const plain = value.normalize('NFKC').replace(/[\s\p{Pd}\p{Cf}./]/gu, '');
  // Before letters are raised: some that are no ASCII become it, and would be another person's.
  if (!/^[A-Za-z0-9]{4,32}$/.test(plain))
    throw new SymbolonError('request-malformed', { path: 'identifiers' });
  return `${kind} ${plain.toUpperCase()}`;
}

function isText(value: string | undefined): value is string {
  return value !== undefined;
}
