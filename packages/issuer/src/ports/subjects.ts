import type { Instant } from '@symbolon/protocol/instant';
import type { JournalEntry } from '../subjects/journal-entry.ts';
import type { SubjectProfile } from '../subjects/profile.ts';

export interface SubjectStore {
  /**
   * Claims a blind index for a subject, once and for all. Answers the subject that owns the index: the given one, or
   * whichever came first. Two claims at once agree on the owner.
   */
  claim(blindIndex: string, subject: string): Promise<string>;
  /** The owner of a blind index. Consistent: sees every finished claim. */
  find(blindIndex: string): Promise<string | undefined>;
  /** What is known of a subject, or nothing when there is none. Consistent. */
  profile(subject: string): Promise<SubjectProfile | undefined>;
  /** Compare and swap: stores a profile over the one of version `version - 1` (version 1: over none). False when another writer was faster. */
  putProfile(profile: SubjectProfile): Promise<boolean>;
  /**
   * Subjects with a profile, page by page, in an order that does not change: for jobs that visit everyone. Lists every subject whose profile was stored before
   * the first page was asked for.
   */
  page(after: string | undefined, limit: number): Promise<SubjectPage>;
}

export interface SubjectPage {
  readonly subjects: readonly string[];
  /** Where the next page begins; nothing after the last one. Opaque, below 256 characters. */
  readonly next: string | undefined;
}

/** What happened to a subject's record, kept for the subject to read. Append-only. */
export interface JournalStore {
  /** Stores an entry under its id, once: the same id again changes nothing. */
  append(subject: string, entry: JournalEntry): Promise<void>;
  /** Every entry, oldest first. Consistent and complete. */
  list(subject: string): Promise<readonly JournalEntry[]>;
}

export interface EnrolmentStore {
  /** Remembers the hash of an enrolment code, as of the subject's present generation of codes. The code itself is never stored. */
  put(codeHash: string, subject: string, expiresAt: Instant): Promise<void>;
  /**
   * The subject of a code, or nothing once it has expired (whether or not it was tidied up) or its generation has ended. Consistent: sees every
   * finished `endAll`.
   */
  find(codeHash: string, now: Instant): Promise<string | undefined>;
  /** Ends every code that the subject has so far, by one conditional write; later codes are not touched. */
  endAll(subject: string): Promise<void>;
}

export interface NonceStore {
  put(nonce: string, expiresAt: Instant): Promise<void>;
  /** Uses a nonce up. True for exactly one caller, and never once it has expired. */
  consume(nonce: string, now: Instant): Promise<boolean>;
}
