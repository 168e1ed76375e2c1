import type { Bytes } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { own } from '@symbolon/protocol/own';
import { searchTarget, type TrustedRole, type Visit } from '../metadata/delegations.ts';
import { authorityOf } from '../metadata/threshold.ts';
import type { Cache, Repository } from '../updater/ports.ts';
import { loadRole } from './load-role.ts';
import { escapeName, publishedTarget } from './names.ts';
import { checkPlainIntegrity } from './plain-integrity.ts';
import type { PlainForm } from './plain-profile.ts';
import type { UpdatedMetadata } from './update-metadata.ts';

type Role = TrustedRole<PlainForm>;
type TargetInfo = PlainForm['targets']['targets'][string];

/**
 * What the metadata says of a target (TUF 1.0, section 5.6.7). Roles are loaded as the search comes to them. A role that two others delegate
 * is verified under the keys of the one that the search came from, each time.
 *
 * @returns nothing when no role that may speak for the path has it
 * @throws SymbolonError `metadata-...` when a role on the way is not accepted, `delegation-bounds`
 */
export async function findTargetInfo(
  metadata: UpdatedMetadata,
  path: string,
): Promise<TargetInfo | undefined> {
  const search = searchTarget<PlainForm>(path);
  let step = search.next();
  while (!step.done) step = search.next(await visit(metadata, step.value));
  return step.value && own(step.value.metadata.signed.targets, path);
}

async function visit({ trust, targets, sources }: UpdatedMetadata, next: Visit<PlainForm>): Promise<Role> {
  const { name, delegation } = next;
  if (delegation === undefined) return targets;
  const { by, keys } = delegation;
  const metadata = await loadRole(trust, name, authorityOf(by.metadata, keys), sources);
  const expires = instant(Math.min(metadata.signed.expires, by.expires));
  return { name, metadata, expires, depth: by.depth + 1 };
}

export interface FetchTarget {
  readonly path: string;
  /** Below it lie the targets. */
  readonly repository: Repository;
  /** Where targets are kept, by their percent-encoded path. What lies there and is the right one is not fetched again. */
  readonly kept: Pick<Cache, 'read' | 'write'>;
}

/**
 * Fetches a target (TUF 1.0, section 5.7), and keeps it once it is the one that the metadata describes.
 *
 * @returns its content
 * @throws SymbolonError `target-unknown` when no role lists it, `metadata-missing` when it is not where it should be, `metadata-mismatch`,
 * `metadata-too-large`, and what `findTargetInfo` throws
 */
export async function fetchTarget(
  metadata: UpdatedMetadata,
  { path, repository, kept }: FetchTarget,
): Promise<Bytes> {
  const info = await findTargetInfo(metadata, path);
  if (info === undefined) throw new SymbolonError('target-unknown');
  if (info.length > LIMITS.bundleBytes) {
    throw new SymbolonError('metadata-too-large', { bound: LIMITS.bundleBytes });
  }
  const published = publishedTarget(path, info.hashes, metadata.trust.root.signed.consistent_snapshot);
  const name = escapeName(path);
  const before = await kept.read(name);
  if (before !== undefined && (await isTarget(before, info))) return before;
  const bytes = await repository.fetch(published, info.length);
  if (bytes === undefined) throw new SymbolonError('metadata-missing');
  await checkPlainIntegrity(bytes, info);
  await kept.write(name, bytes);
  return bytes;
}

async function isTarget(bytes: Bytes, info: TargetInfo): Promise<boolean> {
  try {
    await checkPlainIntegrity(bytes, info);
    return true;
  } catch (error) {
    if (isSymbolonError(error)) return false;
    throw error;
  }
}
