import type { EpochKeys, EpochUse } from '@symbolon/issuer/ports';
import type { Signer } from '@symbolon/keys/signer';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type { RegionKey } from '@symbolon/protocol/schemas/region';
import type { Log } from '../runtime/log.ts';

/**
 * Deletes the private halves of keys that sign no more: those that have ended, those that were revoked, and those that were published once and are in
 * `keys.json` no longer. Entries stay there for as long as verifiers need them. What is published is marked on the way, whoever published it.
 *
 * @param isAllThere whether everything that was ever signed here has been published: only then a marked key without an entry is one that has left
 * @returns how many
 */
export async function forgetEnded(
  keys: EpochKeys,
  use: EpochUse,
  published: readonly RegionKey[],
  isAllThere: boolean,
  now: Instant,
): Promise<number> {
  const entries = new Map(published.map((key) => [key.kid, key]));
  const stored = new Set(await keys.list(use));
  const marked = new Set(await keys.listPublished(use));
  let forgotten = 0;
  for (const kid of new Set([...stored, ...marked])) {
    const entry = entries.get(kid);
    const hasEnded = entry !== undefined && (entry.notAfter <= now || entry.revoked !== undefined);
    const hasLeft = entry === undefined && marked.has(kid) && isAllThere;
    if (hasEnded || hasLeft) {
      // REQ-KEY-005
      await keys.forget(use, kid);
      if (stored.has(kid)) forgotten++;
    } else if (entry !== undefined && !marked.has(kid)) {
      await keys.markPublished(use, kid);
    }
  }
  return forgotten;
}

/**
 * A key that no registry has seen: one that an earlier run made and did not get to publish, else a new one. It was opened, so that nothing is published
 * that cannot sign, or that someone put among the stored keys without being able to wrap it.
 *
 * REQ-CER-015: a key that went out once is never taken, whatever has become of its entry.
 */
export async function unpublishedKey(
  keys: EpochKeys,
  use: EpochUse,
  published: readonly RegionKey[],
  log: Log,
): Promise<{ signer: Signer; isNew: boolean }> {
  const known = new Set([...published.map(({ kid }) => kid), ...(await keys.listPublished(use))]);
  for (const kid of (await keys.list(use)).toSorted()) {
    if (known.has(kid)) continue;
    const signer = await openOrForget(keys, use, kid, log);
    if (signer !== undefined) return { signer, isNew: false };
  }
  const signer = await keys.open(use, await keys.make(use));
  if (signer === undefined) throw new SymbolonError('storage-failed');
  return { signer, isNew: true };
}

/** What does not open as its kid is of no use to anyone, and was never published. */
async function openOrForget(
  keys: EpochKeys,
  use: EpochUse,
  kid: string,
  log: Log,
): Promise<Signer | undefined> {
  try {
    return await keys.open(use, kid);
  } catch (error) {
    if (!isSymbolonError(error) || error.code !== 'key-malformed') throw error;
    log('key.unopened', { kid, code: error.code });
    await keys.forget(use, kid);
    return undefined;
  }
}
