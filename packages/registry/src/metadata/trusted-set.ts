import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import { checkIntegrity } from './integrity.ts';
import { identityOf } from './keys.ts';
import {
  parseRoot,
  parseSnapshot,
  parseTargets,
  parseTimestamp,
  type RootMetadata,
  type SnapshotMetadata,
  type TargetsMetadata,
  type TimestampMetadata,
} from './metadata.ts';
import type { RoleKeys } from './schemas.ts';
import { type Authority, authorityOf, checkThreshold } from './threshold.ts';

/**
 * The client workflow of TUF 1.0, section 5, as pure functions: trust and bytes in, more trust or a SymbolonError out. Each
 * stage is a type of its own, so the stages cannot be taken in another order.
 */

/**
 * `online`: an expired file is refused, as TUF has it. `offline`: it is let through, and whoever reads the result grades its age
 * (protocol, section 4; a deliberate deviation from TUF 1.0, sections 5.3.10, 5.4.4, 5.5.6 and 5.6.5).
 */
export type Expiry = 'online' | 'offline';

export interface Reading {
  /** The fixed update start time (TUF 1.0, section 5.1). */
  readonly now: Instant;
  readonly expiry: Expiry;
}

/** Versions that were trusted before and must not fall. Zero and empty at first. */
export interface Seen {
  readonly timestampVersion: number;
  readonly snapshotVersion: number;
  /** By file name in snapshot: `CN-HA.keys.json`. */
  readonly roleVersions: Readonly<Record<string, number>>;
}

const NOTHING_SEEN: Seen = { timestampVersion: 0, snapshotVersion: 0, roleVersions: {} };

export interface RootTrust {
  readonly root: RootMetadata;
  readonly seen: Seen;
  /** Whether timestamp or snapshot keys were rotated on the way here, so that `seen` was dropped. */
  readonly rotated: boolean;
}

export interface TimestampTrust extends RootTrust {
  readonly timestamp: TimestampMetadata;
}

export interface SnapshotTrust extends TimestampTrust {
  readonly snapshot: SnapshotMetadata;
}

/**
 * Trusts a root that came from outside: pinned, or from the client's own state (TUF 1.0, section 5.2). It must at least be signed as
 * it says itself. Its expiry does not matter yet.
 *
 * @throws SymbolonError `metadata-malformed`, `metadata-too-large`, `metadata-signatures`
 */
export async function trustRoot(bytes: Bytes, seen: Seen = NOTHING_SEEN): Promise<RootTrust> {
  const root = parseRoot(bytes);
  await checkThreshold(root, authorityOf(root, root.signed.roles.root));
  return { root, seen, rotated: false };
}

/**
 * The next root (TUF 1.0, section 5.3): signed by the threshold of the trusted one *and* by its own.
 *
 * @throws SymbolonError `metadata-malformed`, `metadata-too-large`, `metadata-signatures`, `metadata-rollback`, `metadata-mismatch`
 */
export async function advanceRoot(trust: RootTrust, bytes: Bytes): Promise<RootTrust> {
  const root = parseRoot(bytes);
  await checkThreshold(root, authorityOf(trust.root, trust.root.signed.roles.root));
  await checkThreshold(root, authorityOf(root, root.signed.roles.root));
  const expected = trust.root.signed.version + 1;
  if (root.signed.version < expected) throw new SymbolonError('metadata-rollback');
  if (root.signed.version > expected) throw new SymbolonError('metadata-mismatch');
  // Section 5.3.11: after a fast-forward attack, versions count afresh once the keys that made them are gone.
  const rotated = lostKeys(trust.root, root, 'timestamp') || lostKeys(trust.root, root, 'snapshot');
  return { root, seen: rotated ? NOTHING_SEEN : trust.seen, rotated: trust.rotated || rotated };
}

/**
 * The timestamp (TUF 1.0, section 5.4). The root that is trusted by now is the final one, so its expiry is looked at here.
 *
 * @throws SymbolonError `metadata-malformed`, `metadata-too-large`, `metadata-signatures`, `metadata-rollback`, `metadata-expired`
 */
export async function acceptTimestamp(
  trust: RootTrust,
  bytes: Bytes,
  reading: Reading,
): Promise<TimestampTrust> {
  checkExpiry(trust.root.signed.expires, reading);
  const timestamp = parseTimestamp(bytes);
  await checkThreshold(timestamp, authorityOf(trust.root, trust.root.signed.roles.timestamp));
  const { version, meta, expires } = timestamp.signed;
  // REQ-REG-005: neither the timestamp nor the snapshot it points to may be older than one trusted before.
  if (version < trust.seen.timestampVersion) throw new SymbolonError('metadata-rollback');
  if (meta['snapshot.json'].version < trust.seen.snapshotVersion)
    throw new SymbolonError('metadata-rollback');
  checkExpiry(expires, reading);
  return { ...trust, timestamp };
}

/**
 * The snapshot that the timestamp points to (TUF 1.0, section 5.5). No role that it listed before may be missing or older.
 *
 * @throws SymbolonError `metadata-malformed`, `metadata-too-large`, `metadata-mismatch`, `metadata-signatures`, `metadata-rollback`,
 * `metadata-expired`
 */
export async function acceptSnapshot(
  trust: TimestampTrust,
  bytes: Bytes,
  reading: Reading,
): Promise<SnapshotTrust> {
  const described = trust.timestamp.signed.meta['snapshot.json'];
  checkIntegrity(bytes, described);
  const snapshot = parseSnapshot(bytes);
  await checkThreshold(snapshot, authorityOf(trust.root, trust.root.signed.roles.snapshot));
  if (snapshot.signed.version !== described.version) throw new SymbolonError('metadata-mismatch');
  for (const [file, version] of Object.entries(trust.seen.roleVersions)) {
    const listed = own(snapshot.signed.meta, file);
    if (listed === undefined || listed.version < version) throw new SymbolonError('metadata-rollback');
  }
  checkExpiry(snapshot.signed.expires, reading);
  return { ...trust, snapshot };
}

/**
 * The top-level targets, or the metadata of a delegated role (TUF 1.0, section 5.6): the file that the snapshot lists, signed by
 * those whom its delegator names. Which targets it may speak for is NOT looked at here.
 *
 * @throws SymbolonError `metadata-missing`, `metadata-malformed`, `metadata-too-large`, `metadata-mismatch`, `metadata-signatures`,
 * `metadata-expired`
 */
export async function acceptTargets(
  trust: SnapshotTrust,
  role: string,
  authority: Authority,
  bytes: Bytes,
  reading: Reading,
): Promise<TargetsMetadata> {
  const described = own(trust.snapshot.signed.meta, `${role}.json`);
  if (described === undefined) throw new SymbolonError('metadata-missing');
  checkIntegrity(bytes, described);
  const metadata = parseTargets(bytes);
  await checkThreshold(metadata, authority);
  if (metadata.signed.version !== described.version) throw new SymbolonError('metadata-mismatch');
  checkExpiry(metadata.signed.expires, reading);
  return metadata;
}

/** REQ-REG-006: online, an expired file is refused: whoever holds back newer ones (a freeze attack) is noticed. */
function checkExpiry(expires: Instant, { now, expiry }: Reading): void {
  if (expiry === 'online' && now >= expires) throw new SymbolonError('metadata-expired');
}

/** Whether a key of the old root no longer counts for the role in the new one, or more keys must sign. */
function lostKeys(before: RootMetadata, after: RootMetadata, role: 'timestamp' | 'snapshot'): boolean {
  const kept = new Set(keysOf(after, after.signed.roles[role]));
  const old = before.signed.roles[role];
  return (
    keysOf(before, old).some((key) => !kept.has(key)) || after.signed.roles[role].threshold > old.threshold
  );
}

function keysOf(root: RootMetadata, { keyids }: RoleKeys): string[] {
  return keyids.flatMap((id) => {
    const jwk = root.keys.get(id);
    return jwk === undefined ? [] : [identityOf(jwk)];
  });
}
