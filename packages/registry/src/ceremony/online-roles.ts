import { sha256 } from '@symbolon/keys/digest';
import type { Signer } from '@symbolon/keys/signer';
import { type Bytes, toHex } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { formatInstant, type Instant } from '@symbolon/protocol/instant';
import type { JsonObject } from '@symbolon/protocol/strict-json';
import {
  parseSnapshot,
  parseTimestamp,
  type RootMetadata,
  type SnapshotMetadata,
  type TimestampMetadata,
} from '../metadata/metadata.ts';
import type { MetaFile } from '../metadata/schemas.ts';
import { authorityOf, checkThreshold } from '../metadata/threshold.ts';
import { expiryOf } from './lifetimes.ts';
import { cosign, SPEC_VERSION, unsigned } from './sign.ts';

/** Holders of the two roles that are signed without people. */
export interface OnlineSigners {
  readonly snapshot: readonly Signer[];
  readonly timestamp: readonly Signer[];
}

/** How a parent describes a metadata file. */
export function describe(version: number, bytes: Bytes): MetaFile {
  return { version, length: bytes.length, hashes: { sha256: toHex(sha256(bytes)) } };
}

/** @throws SymbolonError `metadata-signatures` when the signers at hand are too few */
export async function signSnapshot(
  root: RootMetadata,
  version: number,
  meta: JsonObject,
  signers: OnlineSigners,
  now: Instant,
): Promise<SnapshotMetadata> {
  const authority = authorityOf(root, root.signed.roles.snapshot);
  const file = unsigned({
    _type: 'snapshot',
    spec_version: SPEC_VERSION,
    version,
    expires: formatInstant(expiryOf('snapshot', now)),
    meta,
  });
  const snapshot = parseSnapshot(await cosign(file, signers.snapshot, authority));
  await checkThreshold(snapshot, authority);
  return snapshot;
}

/**
 * `signedAt` is `now`, and never goes back.
 *
 * @throws SymbolonError `metadata-signatures`; `clock` when `now` is earlier than the previous `signedAt`
 */
export async function signTimestamp(
  root: RootMetadata,
  previous: TimestampMetadata | undefined,
  snapshot: SnapshotMetadata,
  signers: OnlineSigners,
  now: Instant,
): Promise<TimestampMetadata> {
  if (previous !== undefined && now < previous.signed.signedAt) throw new SymbolonError('clock');
  const authority = authorityOf(root, root.signed.roles.timestamp);
  const file = unsigned({
    _type: 'timestamp',
    spec_version: SPEC_VERSION,
    version: (previous?.signed.version ?? 0) + 1,
    expires: formatInstant(expiryOf('timestamp', now)),
    signedAt: formatInstant(now),
    meta: { 'snapshot.json': { ...describe(snapshot.signed.version, snapshot.bytes) } },
  });
  const timestamp = parseTimestamp(await cosign(file, signers.timestamp, authority));
  await checkThreshold(timestamp, authority);
  return timestamp;
}
