import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { TARGETS, type TrustedRole } from '../metadata/delegations.ts';
import type { Metadata } from '../metadata/metadata.ts';
import { authorityOf } from '../metadata/threshold.ts';
import {
  acceptSnapshot,
  acceptTimestamp,
  checkRootExpiry,
  type RootTrust,
  recallSnapshot,
  type SnapshotTrust,
  type TimestampTrust,
  trustRootAs,
} from '../metadata/trusted-set.ts';
import { walkRoots } from '../metadata/walk-roots.ts';
import type { Repository } from '../updater/ports.ts';
import { fetchFile, loadRole, recall, type Sources } from './load-role.ts';
import { keptName, publishedName } from './names.ts';
import { PLAIN, type PlainForm } from './plain-profile.ts';
import type { MetadataStore } from './ports.ts';

export interface MetadataUpdate {
  /** Below it lie `2.root.json`, `timestamp.json`, ... */
  readonly repository: Repository;
  /** Its `root.json` is the trust anchor, and moves on with each root that is accepted. */
  readonly store: MetadataStore;
  readonly now: Instant;
}

/** The top-level roles, current and unexpired. */
export interface UpdatedMetadata {
  readonly trust: SnapshotTrust<PlainForm>;
  readonly targets: TrustedRole<PlainForm>;
  readonly sources: Sources;
}

/**
 * The client workflow of TUF 1.0, sections 5.1 to 5.6.6, on any TUF repository: each file is kept as soon as it is trusted, so what an update
 * that breaks off has reached is not lost. What was kept before is verified again, under the newest root.
 *
 * @throws SymbolonError `no-trust-anchor` without a root to begin with; `metadata-...`
 */
export async function updateMetadata({ repository, store, now }: MetadataUpdate): Promise<UpdatedMetadata> {
  const sources: Sources = { repository, store, reading: { now, expiry: 'online' } };
  const root = await updateRoot(sources);
  checkRootExpiry(root, sources.reading);
  const timestamp = await updateTimestamp(root, sources);
  const trust = await updateSnapshot(timestamp, sources);
  const authority = authorityOf(trust.root, trust.root.signed.roles.targets);
  const metadata = await loadRole(trust, TARGETS, authority, sources);
  const targets = { name: TARGETS, metadata, expires: metadata.signed.expires, depth: 0 };
  return { trust, targets, sources };
}

async function updateRoot({ repository, store }: Sources): Promise<RootTrust<PlainForm>> {
  const anchor = await store.read(keptName('root'));
  if (anchor === undefined) throw new SymbolonError('no-trust-anchor');
  return walkRoots(
    await trustRootAs(PLAIN, anchor),
    (version) => repository.fetch(publishedName('root', version, true), LIMITS.metadataBytes),
    async ({ root, rotated }) => {
      // Section 5.3.11, before the root is kept: whatever breaks off here, versions of keys that are gone do not stay on.
      if (rotated) for (const role of ['timestamp', 'snapshot']) await store.remove(keptName(role));
      await store.write(keptName('root'), root.bytes);
    },
  );
}

async function updateTimestamp(
  root: RootTrust<PlainForm>,
  { repository, store, reading }: Sources,
): Promise<TimestampTrust<PlainForm>> {
  const kept = await recall(store, 'timestamp', (bytes) =>
    acceptTimestamp(root, bytes, { ...reading, expiry: 'offline' }),
  );
  const bytes = await fetchFile(repository, keptName('timestamp'), {});
  const next = await acceptTimestamp(
    kept === undefined ? root : { ...root, seen: seenIn(kept) },
    bytes,
    reading,
    kept?.timestamp,
  );
  if (next.timestamp !== kept?.timestamp) await store.write(keptName('timestamp'), bytes);
  return next;
}

function seenIn({ timestamp }: TimestampTrust<PlainForm>) {
  const { version, meta } = timestamp.signed;
  return { timestampVersion: version, snapshotVersion: meta['snapshot.json'].version, roleVersions: {} };
}

async function updateSnapshot(
  timestamp: TimestampTrust<PlainForm>,
  { repository, store, reading }: Sources,
): Promise<SnapshotTrust<PlainForm>> {
  // Also one that is no longer current says which versions of the roles must not fall.
  const witness = await recall(store, 'snapshot', (bytes) => recallSnapshot(timestamp, bytes));
  const trust = { ...timestamp, seen: { ...timestamp.seen, roleVersions: versionsIn(witness) } };
  const accept = (bytes: Bytes) => acceptSnapshot(trust, bytes, reading);
  const kept = witness && (await recall(store, 'snapshot', accept));
  if (kept !== undefined) return kept;
  const described = timestamp.timestamp.signed.meta['snapshot.json'];
  const name = publishedName('snapshot', described.version, timestamp.root.signed.consistent_snapshot);
  const bytes = await fetchFile(repository, name, described);
  const accepted = await accept(bytes);
  await store.write(keptName('snapshot'), bytes);
  return accepted;
}

function versionsIn(snapshot: Metadata<PlainForm['snapshot']> | undefined): Record<string, number> {
  const meta = Object.entries(snapshot?.signed.meta ?? {});
  return Object.fromEntries(meta.map(([file, { version }]) => [file, version]));
}
