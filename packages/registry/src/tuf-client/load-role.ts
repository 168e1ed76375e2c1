import type { Bytes } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { own } from '@symbolon/protocol/own';
import type { Delegating } from '../metadata/metadata.ts';
import type { Described, TufKey } from '../metadata/profile.ts';
import type { Authority } from '../metadata/threshold.ts';
import { acceptTargets, type Reading, type SnapshotTrust } from '../metadata/trusted-set.ts';
import type { Repository } from '../updater/ports.ts';
import { keptName, publishedName } from './names.ts';
import type { PlainForm } from './plain-profile.ts';
import type { MetadataStore } from './ports.ts';

/** What one update works with. */
export interface Sources {
  readonly repository: Repository;
  readonly store: MetadataStore;
  readonly reading: Reading;
}

export type PlainTargetsRole = Delegating<PlainForm['targets'], TufKey>;

/**
 * Targets, or a delegated role (TUF 1.0, sections 5.6.1 to 5.6.6): what is kept, if it is the one that the snapshot lists and these keys
 * signed it, and else what the repository has, which is then kept.
 *
 * @throws SymbolonError `metadata-...`; `metadata-missing` without a request when the snapshot does not list the role
 */
export async function loadRole(
  trust: SnapshotTrust<PlainForm>,
  role: string,
  authority: Authority<TufKey>,
  { repository, store, reading }: Sources,
): Promise<PlainTargetsRole> {
  const described = own(trust.snapshot.signed.meta, `${role}.json`);
  if (described === undefined) throw new SymbolonError('metadata-missing');
  const accept = (bytes: Bytes) => acceptTargets(trust, role, authority, bytes, reading);
  const kept = await recall(store, role, accept);
  if (kept !== undefined) return kept;
  const name = publishedName(role, described.version, trust.root.signed.consistent_snapshot);
  const bytes = await fetchFile(repository, name, described);
  const accepted = await accept(bytes);
  await store.write(keptName(role), bytes);
  return accepted;
}

/** What is kept is only as good as it checks now. Anything else is as if it were not there. */
export async function recall<T>(
  store: MetadataStore,
  role: string,
  accept: (bytes: Bytes) => Promise<T>,
): Promise<T | undefined> {
  const bytes = await store.read(keptName(role));
  if (bytes === undefined) return undefined;
  try {
    return await accept(bytes);
  } catch (error) {
    if (isSymbolonError(error)) return undefined;
    throw error;
  }
}

/** A file that must be there. @throws SymbolonError `metadata-missing`, `metadata-unreachable`, `metadata-too-large` */
export async function fetchFile(
  repository: Repository,
  name: string,
  { length = LIMITS.metadataBytes }: Described,
): Promise<Bytes> {
  const bytes = await repository.fetch(name, Math.min(length, LIMITS.metadataBytes));
  if (bytes === undefined) throw new SymbolonError('metadata-missing');
  return bytes;
}
