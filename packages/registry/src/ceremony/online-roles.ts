import { sha256 } from '@symbolon/keys/digest';
import type { Signer } from '@symbolon/keys/signer';
import { type Bytes, toHex } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { formatInstant, type Instant } from '@symbolon/protocol/instant';
import type { JsonObject } from '@symbolon/protocol/strict-json';
import { type PublicationRecord, writePublicationRecord } from '../history/publication-record.ts';
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

/** What a snapshot says beside its list of files. */
export interface SnapshotNote {
  readonly record?: PublicationRecord;
  /**
   * The root before this one. Where its keys are at hand, too, they sign as well: then both roots lead to this publication, and readers between
   * two writes see a whole registry.
   */
  readonly former?: RootMetadata | undefined;
}

/** @throws SymbolonError `metadata-signatures` when the signers at hand are too few; `event-malformed` for a title that is none */
export async function signSnapshot(
  root: RootMetadata,
  version: number,
  meta: JsonObject,
  signers: OnlineSigners,
  now: Instant,
  { record, former }: SnapshotNote = {},
): Promise<SnapshotMetadata> {
  const file = unsigned({
    _type: 'snapshot',
    spec_version: SPEC_VERSION,
    version,
    expires: formatInstant(expiryOf('snapshot', now)),
    meta,
    ...(record && { publication: writePublicationRecord(record) }),
  });
  const snapshot = parseSnapshot(await cosignOnline(file, 'snapshot', signers, root, former));
  await checkThreshold(snapshot, authorityOf(root, root.signed.roles.snapshot));
  return snapshot;
}

/**
 * `signedAt` is `now`, and never goes back.
 *
 * @param former see `SnapshotNote`
 * @throws SymbolonError `metadata-signatures`; `clock` when `now` is earlier than the previous `signedAt`
 */
export async function signTimestamp(
  root: RootMetadata,
  previous: TimestampMetadata | undefined,
  snapshot: SnapshotMetadata,
  signers: OnlineSigners,
  now: Instant,
  former?: RootMetadata,
): Promise<TimestampMetadata> {
  if (previous !== undefined && now < previous.signed.signedAt) throw new SymbolonError('clock');
  const file = unsigned({
    _type: 'timestamp',
    spec_version: SPEC_VERSION,
    version: (previous?.signed.version ?? 0) + 1,
    expires: formatInstant(expiryOf('timestamp', now)),
    signedAt: formatInstant(now),
    meta: { 'snapshot.json': { ...describe(snapshot.signed.version, snapshot.bytes) } },
  });
  const timestamp = parseTimestamp(await cosignOnline(file, 'timestamp', signers, root, former));
  await checkThreshold(timestamp, authorityOf(root, root.signed.roles.timestamp));
  return timestamp;
}

async function cosignOnline(
  file: Bytes,
  role: 'snapshot' | 'timestamp',
  signers: OnlineSigners,
  root: RootMetadata,
  former: RootMetadata = root,
): Promise<Bytes> {
  const signed = await cosign(file, signers[role], authorityOf(root, root.signed.roles[role]));
  return former === root
    ? signed
    : cosign(signed, signers[role], authorityOf(former, former.signed.roles[role]));
}
