import type { Signer } from '@symbolon/keys/signer';
import type { Instant } from '@symbolon/protocol/instant';
import type { StatusEntry } from '@symbolon/protocol/schemas/credential';
import type { KeyUse } from '@symbolon/protocol/schemas/region';
import type { Decision } from './decisions/decision.ts';
import type { SealedFact } from './facts/fact-record.ts';

/**
 * Ports of the issuer. Each comment is the consistency contract that an adapter must keep; `test/contract` holds adapters to it.
 * Every write is one conditional write to one item, so whatever a crash leaves half done, the next run finishes.
 */

export interface SubjectStore {
  /**
   * Claims a blind index for a subject, once and for all. Answers the subject that owns the index: the given one, or
   * whichever came first. Two claims at once agree on the owner.
   */
  claim(blindIndex: string, subject: string): Promise<string>;
  /** The owner of a blind index. Consistent: sees every finished claim. */
  find(blindIndex: string): Promise<string | undefined>;
  /** Says that a subject exists. Doing it again changes nothing. */
  register(subject: string): Promise<void>;
  exists(subject: string): Promise<boolean>;
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

export interface FactStore {
  /** Stores a fact under its id. False when a fact of this id is already there: it is then left as it was. */
  add(subject: string, fact: SealedFact): Promise<boolean>;
  /** All facts of a subject for a scheme that still count at `now`. Consistent, and complete: it pages to the end. */
  list(subject: string, scheme: string, now: Instant): Promise<readonly SealedFact[]>;
}

export interface DecisionStore {
  /** Appends decision number `decision.sequence`. False when that number is already taken. Nothing is ever rewritten. */
  append(decision: Decision): Promise<boolean>;
  /** The current decision: the newest one. Consistent. */
  newest(subject: string, scheme: string): Promise<Decision | undefined>;
}

/** What was minted for a subject: enough to revoke it, nothing that a verifier sees. */
export interface MintRecord {
  readonly subject: string;
  readonly scheme: string;
  readonly decision: number;
  readonly level: string;
  readonly expiresAt: Instant;
  /** How many credentials, listed or not. */
  readonly credentials: number;
  readonly entries: readonly StatusEntry[];
}

export interface MintStore {
  /** Recorded before any credential leaves. */
  record(id: string, mint: MintRecord): Promise<void>;
  /** Every mint of a subject (for one scheme, or for all) that has not expired. Consistent and complete. */
  living(subject: string, scheme: string | undefined, now: Instant): Promise<readonly MintRecord[]>;
}

/** Values of a status entry (Token Status List, section 7.1, and protocol section 7). */
export type EntryStatus = 0 | 1 | 2 | 3;
export const ENTRY = { valid: 0, invalid: 1, suspended: 2, contested: 3 } as const;

export interface ListStore {
  /** Takes an index of a list. False when it is taken. A taken index is never given out again. */
  take(entry: StatusEntry, expiresAt: Instant): Promise<boolean>;
  /** Moves an entry to a status that is at least as strict (invalid > suspended > contested > valid). A revoked entry stays revoked. */
  tighten(entry: StatusEntry, status: EntryStatus): Promise<void>;
  /** Every list with an entry whose expiry lies after `now`. */
  lists(now: Instant): Promise<readonly { readonly uri: string; readonly expiresAt: Instant }[]>;
  /** Every entry of a list that is not valid. Consistent and complete. */
  flagged(uri: string): Promise<readonly { readonly idx: number; readonly status: EntryStatus }[]>;
}

/** Where status list tokens are published: static files. */
export interface ListPublisher {
  /** The token published under this id, if any. */
  read(id: string): Promise<string | undefined>;
  publish(id: string, token: string): Promise<void>;
  /** Says which lists are current, once they are published. */
  announce(ids: readonly string[]): Promise<void>;
}

/** A keyed hash of an identifier. Whoever has the store but not the key cannot find an identifier by trying. */
export interface BlindIndexer {
  index(identifier: string): Promise<string>;
}

/** Encrypts facts at rest. `context` is bound: what was sealed for one subject does not open for another. */
export interface Sealer {
  seal(plain: Uint8Array, context: string): Promise<string>;
  open(sealed: string, context: string): Promise<Uint8Array>;
}

/** What the key of an epoch signs. */
export const EPOCH_USES = ['credential', 'status'] as const satisfies readonly KeyUse[];
export type EpochUse = (typeof EPOCH_USES)[number];

/**
 * Custody of a region's issuing and status keys (protocol, section 3): the private half lies wrapped, and is plain in memory only. A key that was
 * made for one use does not open for another.
 */
export interface EpochKeys {
  /** Makes a key pair (ES256) and answers its kid, once the private half is stored. A call that broke off has stored it, or has left nothing. */
  make(use: EpochUse): Promise<string>;
  /** The kid of every stored key of this use, complete. Consistent: sees every finished `make` and `forget`. */
  list(use: EpochUse): Promise<readonly string[]>;
  /**
   * Nothing, when no such key is stored. What is answered holds the private key of exactly this kid, and does not give it away.
   *
   * @throws SymbolonError `key-malformed` when what is stored is no such key, whoever put it there; `storage-failed` when that cannot be told now
   */
  open(use: EpochUse, kid: string): Promise<Signer | undefined>;
  /** Says for good that a key goes out to be published, or was. Doing it again changes nothing. */
  markPublished(use: EpochUse, kid: string): Promise<void>;
  /** The kid of every key that was marked and not forgotten, complete, whether or not its private half is stored. Consistent, as `list`. */
  listPublished(use: EpochUse): Promise<readonly string[]>;
  /** Deletes a key for good, and its mark after it: a key without a mark was never published. Doing it again changes nothing. */
  forget(use: EpochUse, kid: string): Promise<void>;
}
