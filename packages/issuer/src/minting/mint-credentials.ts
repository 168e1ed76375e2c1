import type { Details, StatusClaims } from '@symbolon/credential/model';
import type { Signer } from '@symbolon/keys/signer';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import type { RandomBytes } from '@symbolon/protocol/random';
import type { StatusEntry } from '@symbolon/protocol/schemas/credential';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import type { Decision } from '../decisions/decision.ts';
import { isWorse } from '../decisions/worse.ts';
import { changeEntries } from '../lists/end-credentials.ts';
import type { EntryAllocator } from '../lists/entry-allocator.ts';
import { settleCredentials } from '../lists/settle-credentials.ts';
import type { DecisionLog, DecisionStore, ListStore, MintStore, SubjectStore, Tallies } from '../ports.ts';
import type { Publication } from '../publication.ts';
import { checkMinted } from './check-minted.ts';
import { codecFor } from './codecs.ts';
import { countInClass, type Issuance, issuanceOf } from './issuance.ts';
import type { MintRecord } from './mint-record.ts';
import { randomInOneDraw } from './random-in-one-draw.ts';
import type { Format } from './validity.ts';

export interface MintPorts {
  readonly subjects: Pick<SubjectStore, 'profile'>;
  readonly decisions: Pick<DecisionStore, 'newest'>;
  readonly decisionLog: Pick<DecisionLog, 'awaitLeaf' | 'isEffective'>;
  readonly mints: MintStore;
  readonly lists: ListStore;
  /** One a process (lists/entry-allocator.ts). */
  readonly entries: EntryAllocator;
  readonly tallies: Tallies;
  readonly signers: readonly Signer[];
  readonly random: RandomBytes;
}

export interface MintOrder {
  readonly decision: Decision;
  readonly format: Format;
  /** One credential each: its holder's key, or nothing where it is a bearer's. */
  readonly holders: readonly (PublicJwk | undefined)[];
  /** What can be disclosed beside reason and evidence. */
  readonly details: Omit<Details, 'reason' | 'evidence'>;
  readonly contested: boolean;
}

/**
 * Mints credentials from the current decision.
 *
 * Order: wait until the decision takes effect, take entries, record the mint, then look whether the decision is still the newest and the subject still its own, sign,
 * check what was signed. So a decision or a merging that comes meanwhile finds the record, or is found here: nothing of an old level leaves unlisted. A
 * crash leaves entries that nobody uses, or a record of credentials that nobody got.
 *
 * @throws SymbolonError `decision-unlogged`, `decision-conflict`, `subject-merged`, `minted-check-failed`, `issuer-key-unavailable`, `rule-not-in-force`,
 *   `status-list-full`, `too-many-minted`, `scheme-unknown`, `rule-unknown`
 */
export async function mintCredentials(
  ports: MintPorts,
  publication: Publication,
  order: MintOrder,
  now: Instant,
): Promise<string[]> {
  const { decision, format, holders } = order;
  const living = await ports.mints.living(decision.subject, decision.scheme, now);
  const issuance = await issuanceOf(ports, publication, order, living, now);
  refuseTooMany(living, issuance, holders.length);
  // REQ-ISS-037: no credential without a decision that everybody can count, and one that is worse only when witnesses have seen it.
  await ports.decisionLog.awaitLeaf(decision, isWorse(issuance.scheme, decision));
  const entries = issuance.listed
    ? await ports.entries.take(publication.region.issuer, issuance.expiresAt, holders.length)
    : [];
  const record = recordOf(order, issuance, entries);
  await ports.mints.record(encodeBase64url(ports.random(16)), record);
  await refuseMerged(ports, record);
  await refuseOvertaken(ports, issuance.scheme, decision, now);
  await countInClass(ports.tallies, issuance, now);

  const codec = await codecFor(format);
  const { signer, key, rule } = issuance;
  const details = { reason: rule.words.en, evidence: decision.evidence, ...order.details };
  const random = randomInOneDraw(ports.random, holders.length);
  const minted: string[] = [];
  for (const [i, holderKey] of holders.entries()) {
    const claims = claimsOf(order, issuance, holderKey, entries[i]);
    minted.push(await codec.issue({ region: publication.region, claims, details, signer, random }));
  }
  await checkMinted(codec, minted, signer, key.jwk, ports.random);
  return minted;
}

/**
 * REQ-ISS-024. What was minted in this hour (of a small class: in this slot) ends at the same time, so it is told by that. Two batches at once may pass the
 * bound together; it keeps out floods, and needs no more precision than that.
 */
function refuseTooMany(living: readonly MintRecord[], { expiresAt }: Issuance, wanted: number): void {
  const together = living.filter((mint) => mint.expiresAt === expiresAt);
  if (together.reduce((sum, mint) => sum + mint.credentials, wanted) > LIMITS.mintedPerHour) {
    throw new SymbolonError('too-many-minted', { bound: LIMITS.mintedPerHour });
  }
}

function recordOf(
  { decision, format, holders }: MintOrder,
  { issuedAt, expiresAt }: Issuance,
  entries: readonly StatusEntry[],
): MintRecord {
  const { subject, scheme, sequence, level, rule, authority, sampledAt } = decision;
  return {
    subject,
    scheme,
    decision: sequence,
    level,
    rule,
    authority,
    format,
    ...(sampledAt !== undefined && { sampledAt }),
    issuedAt,
    expiresAt,
    credentials: holders.length,
    entries,
  };
}

function claimsOf(
  { decision, contested }: MintOrder,
  { scheme, issuedAt, expiresAt, sampledAt }: Issuance,
  holderKey: PublicJwk | undefined,
  statusEntry: StatusEntry | undefined,
): StatusClaims {
  return {
    scheme: scheme.id,
    major: scheme.major,
    level: decision.level,
    rule: decision.rule,
    authority: decision.authority,
    assurance: 'standard',
    ...(sampledAt !== undefined && { sampledAt }),
    issuedAt,
    expiresAt,
    ...(statusEntry !== undefined && { statusEntry }),
    ...(holderKey !== undefined && { holderKey }),
    bearer: holderKey === undefined,
    contested,
  };
}

/** REQ-ISS-032: a merging that began after the decision was read may not have seen the record. Its entries were never handed out. */
async function refuseMerged(ports: MintPorts, record: MintRecord): Promise<void> {
  const profile = await ports.subjects.profile(record.subject);
  if (profile?.mergedInto === undefined) return;
  await changeEntries(ports.lists, record, 'suspend');
  throw new SymbolonError('subject-merged');
}

/** REQ-ISS-014: whoever appended the newer decision may not have seen the record either. */
async function refuseOvertaken(
  ports: MintPorts,
  scheme: Scheme,
  decision: Decision,
  now: Instant,
): Promise<void> {
  const newest = await ports.decisions.newest(decision.subject, decision.scheme);
  if (newest?.sequence === decision.sequence) return;
  if (newest !== undefined) await settleCredentials(ports, scheme, newest, now);
  throw new SymbolonError('decision-conflict');
}
