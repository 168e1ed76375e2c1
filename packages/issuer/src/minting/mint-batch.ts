import type { Details, StatusClaims } from '@symbolon/credential/model';
import type { Signer } from '@symbolon/keys/signer';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import { SymbolonError } from '@symbolon/protocol/errors';
import { parseRuleRef } from '@symbolon/protocol/ids';
import { hourFloor, type Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { own } from '@symbolon/protocol/own';
import type { RandomBytes } from '@symbolon/protocol/random';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import type { Decision } from '../decisions/decision.ts';
import { takeEntry } from '../lists/allocate.ts';
import { endLivingCredentials } from '../lists/end-credentials.ts';
import { type DecisionStore, ENTRY, type ListStore, type MintStore } from '../ports.ts';
import { type Publication, schemeOf, signerFor } from '../publication.ts';
import { codecFor } from './codecs.ts';
import { type Format, type Validity, validityOf } from './validity.ts';

export interface MintPorts {
  readonly decisions: DecisionStore;
  readonly mints: MintStore;
  readonly lists: ListStore;
  readonly signers: readonly Signer[];
  readonly random: RandomBytes;
}

export interface MintRequest {
  readonly decision: Decision;
  readonly format: Format;
  /** One credential each; all different, possession proven. */
  readonly holderKeys: readonly PublicJwk[];
  /** Entries of one status list. */
  readonly listEntries: number;
}

/**
 * Mints one credential per holder key from the current decision: own salts, own random status index, the same rounded times, so
 * two verifiers that compare notes see only what everyone of that class shares (protocol, section 5).
 *
 * Order: take the entries, record them, check that the decision is still the current one, sign, verify what was signed. So a decision
 * that changes meanwhile finds the record or is found by the check; no credential of an old level slips out unlisted.
 *
 * @throws SymbolonError `decision-conflict`, `minted-check-failed`, `issuer-key-unavailable`, `status-list-full`, `batch-too-large`, `too-many-minted`
 */
export async function mintBatch(
  ports: MintPorts,
  publication: Publication,
  request: MintRequest,
  now: Instant,
): Promise<string[]> {
  const { decision, format, holderKeys } = request;
  if (holderKeys.length > LIMITS.batchCredentials)
    throw new SymbolonError('batch-too-large', { bound: LIMITS.batchCredentials });
  const scheme = schemeOf(publication, decision.scheme);
  const validity = validityOf(scheme, format, now);
  const { signer, key } = signerFor(publication, 'credential', validity.issuedAt, ports.signers);
  await refuseTooMany(ports, request, validity, now);
  const batch = await claimsOf(ports, publication, request, validity);

  await ports.mints.record(encodeBase64url(ports.random(16)), {
    subject: decision.subject,
    scheme: decision.scheme,
    decision: decision.sequence,
    level: decision.level,
    expiresAt: validity.expiresAt,
    credentials: batch.length,
    entries: batch.flatMap(({ statusEntry }) => (statusEntry === undefined ? [] : [statusEntry])),
  });
  await refuseOvertaken(ports, decision, now);

  const codec = await codecFor(format);
  const details = detailsOf(publication, decision);
  const minted: string[] = [];
  for (const claims of batch) {
    minted.push(
      await codec.issue({ region: publication.region, claims, details, signer, random: ports.random }),
    );
  }
  // REQ-SIG-003: a faulty signer must not hand out what no verifier accepts.
  await Promise.all(minted.map((each) => codec.check(each, key.jwk)));
  return minted;
}

/**
 * REQ-ISS-024. What was minted in this hour ends at the same time, so it is told by that. Two batches at once may pass the bound together; it keeps out
 * floods, and needs no more precision than that.
 */
async function refuseTooMany(
  ports: MintPorts,
  { decision, holderKeys }: MintRequest,
  { expiresAt }: Validity,
  now: Instant,
): Promise<void> {
  const living = await ports.mints.living(decision.subject, decision.scheme, now);
  const thisHour = living.filter((mint) => mint.expiresAt === expiresAt);
  const credentials = thisHour.reduce((sum, mint) => sum + mint.credentials, holderKeys.length);
  if (credentials > LIMITS.mintedPerHour) {
    throw new SymbolonError('too-many-minted', { bound: LIMITS.mintedPerHour });
  }
}

async function claimsOf(
  ports: MintPorts,
  publication: Publication,
  { decision, holderKeys, listEntries }: MintRequest,
  { issuedAt, expiresAt, listed }: Validity,
): Promise<StatusClaims[]> {
  const scheme = schemeOf(publication, decision.scheme);
  const batch: StatusClaims[] = [];
  for (const holderKey of holderKeys) {
    batch.push({
      scheme: scheme.id,
      major: scheme.major,
      level: decision.level,
      rule: decision.rule,
      authority: decision.authority,
      assurance: 'standard',
      ...(decision.sampledAt === undefined ? {} : { sampledAt: hourFloor(decision.sampledAt) }),
      issuedAt,
      expiresAt,
      ...(listed
        ? {
            statusEntry: await takeEntry(
              ports.lists,
              publication.region.issuer,
              expiresAt,
              listEntries,
              ports.random,
            ),
          }
        : {}),
      holderKey,
      bearer: false,
      contested: false,
    });
  }
  return batch;
}

function detailsOf(publication: Publication, decision: Decision): Details {
  const ref = parseRuleRef(decision.rule);
  const rule = own(publication.ruleSets, decision.scheme)?.rules.find(
    (each) => each.id === ref.id && each.version === ref.version,
  );
  if (rule === undefined) throw new SymbolonError('rule-unknown');
  return { reason: rule.words.en, evidence: decision.evidence };
}

/** A decision that came while the entries were taken ends them again: they were never handed out. */
async function refuseOvertaken(ports: MintPorts, decision: Decision, now: Instant): Promise<void> {
  const newest = await ports.decisions.newest(decision.subject, decision.scheme);
  if (newest?.sequence === decision.sequence) return;
  await endLivingCredentials(ports, decision.subject, decision.scheme, now, ENTRY.suspended, (mint) => {
    return mint.decision === decision.sequence && mint.level !== newest?.level;
  });
  throw new SymbolonError('decision-conflict');
}
