import type { Bytes } from '@symbolon/protocol/bytes';
import type { Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { isJsonObject } from '@symbolon/protocol/strict-json';
import { metadataFile, rootFile } from '../metadata/file-names.ts';
import type { SnapshotMetadata } from '../metadata/metadata.ts';
import type { SnapshotTrust } from '../metadata/trusted-set.ts';
import { walkRoots } from '../metadata/walk-roots.ts';
import { startTrust } from '../registry-view/client-state.ts';
import { loadSnapshot } from '../registry-view/load-metadata.ts';
import type { ReadFile } from '../registry-view/source.ts';
import { SNAPSHOT_RENEWAL_SECONDS } from './lifetimes.ts';
import { type OnlineSigners, signSnapshot, signTimestamp } from './online-roles.ts';
import { type Publication, recordOf } from './seal.ts';
import { freeVersion } from './versions.ts';

export interface ResignTimestamp {
  readonly read: ReadFile;
  readonly pinnedRoot: Bytes;
  readonly signers: OnlineSigners;
  readonly now: Instant;
}

/**
 * Says "this is still current" (hourly): a new timestamp over the published snapshot, and a new snapshot over the same roles when it has
 * less than three days left. Both are verified first, so that nothing is signed that a client would not have accepted; that they have
 * expired does not matter, as one missed run must not be the last.
 *
 * @throws SymbolonError `metadata-...` when what is published does not verify; `clock`
 */
export async function resignTimestamp({
  read,
  pinnedRoot,
  signers,
  now,
}: ResignTimestamp): Promise<Publication> {
  const root = await walkRoots(await startTrust(pinnedRoot, undefined, read), (version) =>
    read(rootFile(version), { maxBytes: LIMITS.metadataBytes }),
  );
  const trust = await loadSnapshot(root, read, { now, expiry: 'offline' });
  const renewed = await renewSnapshot(trust, read, signers, now);
  const timestamp = await signTimestamp(trust.root, trust.timestamp, renewed ?? trust.snapshot, signers, now);
  return {
    files: new Map(
      renewed === undefined ? [] : [[metadataFile('snapshot', renewed.signed.version), renewed.bytes]],
    ),
    timestamp: timestamp.bytes,
    previousTimestamp: trust.timestamp.bytes,
  };
}

async function renewSnapshot(
  { root, snapshot }: SnapshotTrust,
  read: ReadFile,
  signers: OnlineSigners,
  now: Instant,
): Promise<SnapshotMetadata | undefined> {
  if (snapshot.signed.expires - now >= SNAPSHOT_RENEWAL_SECONDS) return undefined;
  const version = await freeVersion(read, 'snapshot', snapshot.signed.version);
  const { meta = {} } = snapshot.raw;
  const record = recordOf('renewal', root, snapshot, now);
  return signSnapshot(root, version, isJsonObject(meta) ? meta : {}, signers, now, { record });
}
