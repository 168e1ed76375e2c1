import { equalBytes } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type { Draft } from '@symbolon/registry/ceremony/draft';
import { metadataFile } from '@symbolon/registry/file-names';
import { parseTargets } from '@symbolon/registry/metadata';
import type { ObjectStore } from '@symbolon/registry/object-store';
import type { Log } from '../runtime/log.ts';
import { followRegistryCopy, type OpenedCopy, writeRegistryCopy } from '../runtime/registry-copy.ts';

export interface KeepCopy {
  readonly published: Draft;
  readonly rootSha256: string;
  readonly region: string;
  readonly now: Instant;
  readonly log: Log;
}

/** See `KeyEpoch.keepCopy`. That another run has just written the copy is no fault of the store: that one may know more, and this one ends. */
export async function keepCopy(
  copies: ObjectStore,
  { published, rootSha256, region, now, log }: KeepCopy,
): Promise<SymbolonError | undefined> {
  const step = await followRegistryCopy(copies, published, rootSha256, now, log);
  requireSameRole(step.seen, published, `${region}.keys`);
  try {
    await writeRegistryCopy(copies, step);
    return undefined;
  } catch (error) {
    if (isSymbolonError(error) && error.code !== 'storage-failed') throw error;
    return isSymbolonError(error) ? error : new SymbolonError('storage-failed', { cause: error });
  }
}

/** REQ-CER-015: versions alone do not tell two histories apart that went on from one registry. */
function requireSameRole(seen: OpenedCopy | undefined, { roles }: Draft, role: string): void {
  const now = roles.get(role);
  const before = now && seen?.files.get(metadataFile(role, now.signed.version));
  if (now === undefined || before === undefined) return;
  if (!equalBytes(parseTargets(before).signingBytes, now.signingBytes))
    throw new SymbolonError('version-signed', { path: role });
}
