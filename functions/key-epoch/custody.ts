import type { EpochKeys, EpochUse } from '@symbolon/issuer/ports';
import type { Signer } from '@symbolon/keys/signer';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type { RegionKey } from '@symbolon/protocol/schemas/region';
import type { Log } from '../runtime/log.ts';

/**
 * Deletes the private halves of keys that sign no more: those that have ended, and those that were revoked. Their entries stay in `keys.json` for as long as
 * verifiers need them.
 *
 * @returns how many
 */
export async function forgetEnded(
  keys: EpochKeys,
  use: EpochUse,
  published: readonly RegionKey[],
  now: Instant,
): Promise<number> {
  const ended = new Set(
    published
      .filter(({ notAfter, revoked }) => notAfter <= now || revoked !== undefined)
      .map(({ kid }) => kid),
  );
  const stored = (await keys.list(use)).filter((kid) => ended.has(kid));
  for (const kid of stored) await keys.forget(use, kid);
  return stored.length;
}

/**
 * A key that no registry has seen: one that an earlier run made and did not get to publish, else a new one. It was opened, so that nothing is published
 * that cannot sign, or that someone put among the stored keys without being able to wrap it.
 */
export async function unpublishedKey(
  keys: EpochKeys,
  use: EpochUse,
  published: readonly RegionKey[],
  log: Log,
): Promise<{ signer: Signer; isNew: boolean }> {
  const known = new Set(published.map(({ kid }) => kid));
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
