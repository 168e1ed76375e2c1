import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { own } from '@symbolon/protocol/own';
import { type Delegating, type Metadata, readSnapshot, readTargets, readTimestamp } from './metadata.ts';
import type { Form, TufKey } from './profile.ts';
import type { SymbolonForm } from './symbolon-profile.ts';
import { type Authority, authorityOf, checkThreshold } from './threshold.ts';
import { checkExpiry, checkRootExpiry, type Reading, type RootTrust } from './trusted-root.ts';

export {
  advanceRoot,
  checkRootExpiry,
  type Expiry,
  type Reading,
  type RootTrust,
  type Seen,
  trustRoot,
  trustRootAs,
} from './trusted-root.ts';

/**
 * The client workflow of TUF 1.0, section 5, as pure functions: trust and bytes in, more trust or a SymbolonError out. Each
 * stage is a type of its own, so the stages cannot be taken in another order.
 */

export interface TimestampTrust<F extends Form = SymbolonForm> extends RootTrust<F> {
  readonly timestamp: Metadata<F['timestamp']>;
}

export interface SnapshotTrust<F extends Form = SymbolonForm> extends TimestampTrust<F> {
  readonly snapshot: Metadata<F['snapshot']>;
}

/**
 * The timestamp (TUF 1.0, section 5.4). The root that is trusted by now is the final one, so its expiry is looked at here.
 *
 * `kept` is what this client trusts so far under this very root, where it has kept the file. A timestamp of the same version replaces
 * nothing (section 5.4.3.1): the answer then holds `kept`, if that has not expired.
 *
 * @throws SymbolonError `metadata-malformed`, `metadata-too-large`, `metadata-signatures`, `metadata-rollback`, `metadata-expired`
 */
export async function acceptTimestamp<F extends Form>(
  trust: RootTrust<F>,
  bytes: Bytes,
  reading: Reading,
  kept?: Metadata<F['timestamp']>,
): Promise<TimestampTrust<F>> {
  checkRootExpiry(trust, reading);
  const timestamp = readTimestamp(trust.profile, bytes);
  await checkThreshold(timestamp, authorityOf(trust.root, trust.root.signed.roles.timestamp));
  const { version, meta, expires } = timestamp.signed;
  // REQ-REG-005: neither the timestamp nor the snapshot it points to may be older than one trusted before.
  if (version < trust.seen.timestampVersion) throw new SymbolonError('metadata-rollback');
  if (kept !== undefined && version === kept.signed.version) {
    checkExpiry(kept.signed.expires, reading);
    return { ...trust, timestamp: kept };
  }
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
export async function acceptSnapshot<F extends Form>(
  trust: TimestampTrust<F>,
  bytes: Bytes,
  reading: Reading,
): Promise<SnapshotTrust<F>> {
  const described = trust.timestamp.signed.meta['snapshot.json'];
  await trust.profile.integrity(bytes, described);
  const snapshot = await recallSnapshot(trust, bytes);
  if (snapshot.signed.version !== described.version) throw new SymbolonError('metadata-mismatch');
  for (const [file, version] of Object.entries(trust.seen.roleVersions)) {
    const listed = own(snapshot.signed.meta, file);
    if (listed === undefined || listed.version < version) throw new SymbolonError('metadata-rollback');
  }
  checkExpiry(snapshot.signed.expires, reading);
  return { ...trust, snapshot };
}

/**
 * A snapshot that this client has kept, as a witness of the versions it saw: signed by those who may sign it under this root. Whether it
 * is the current one is NOT looked at.
 *
 * @throws SymbolonError `metadata-malformed`, `metadata-too-large`, `metadata-signatures`
 */
export async function recallSnapshot<F extends Form>(
  { profile, root }: RootTrust<F>,
  bytes: Bytes,
): Promise<Metadata<F['snapshot']>> {
  const snapshot = readSnapshot(profile, bytes);
  await checkThreshold(snapshot, authorityOf(root, root.signed.roles.snapshot));
  return snapshot;
}

/**
 * The top-level targets, or the metadata of a delegated role (TUF 1.0, section 5.6): the file that the snapshot lists, signed by
 * those whom its delegator names. Which targets it may speak for is NOT looked at here.
 *
 * @throws SymbolonError `metadata-missing`, `metadata-malformed`, `metadata-too-large`, `metadata-mismatch`, `metadata-signatures`,
 * `metadata-expired`
 */
export async function acceptTargets<F extends Form>(
  trust: SnapshotTrust<F>,
  role: string,
  authority: Authority<TufKey>,
  bytes: Bytes,
  reading: Reading,
): Promise<Delegating<F['targets'], F['key']>> {
  const described = own(trust.snapshot.signed.meta, `${role}.json`);
  if (described === undefined) throw new SymbolonError('metadata-missing');
  await trust.profile.integrity(bytes, described);
  const metadata = readTargets(trust.profile, bytes);
  await checkThreshold(metadata, authority);
  if (metadata.signed.version !== described.version) throw new SymbolonError('metadata-mismatch');
  checkExpiry(metadata.signed.expires, reading);
  return metadata;
}
