import type { EpochKeys, EpochUse } from '@symbolon/issuer/ports';
import type { Publication } from '@symbolon/issuer/publication';
import type { Signer } from '@symbolon/keys/signer';
import { SymbolonError } from '@symbolon/protocol/errors';
import { addSeconds, type Instant } from '@symbolon/protocol/instant';
import { signingOrder } from '@symbolon/registry/epochs';
import { codeOf } from './code-of.ts';
import type { Log } from './log.ts';

/** Private keys in memory at once. A region has three living ones for each use, and a few more after a rotation by hand. */
const MOST_KEYS = 8;
/** A key that did not open is tried again after so long, and not by each request. */
const TRY_AGAIN_SECONDS = 60;

/** The signers at hand for what a region has published. */
export type SignersOf = (publication: Publication, now: Instant) => Promise<readonly Signer[]>;

export interface EpochSignersOptions {
  readonly use: EpochUse;
  /** Keys that the configuration names one by one. */
  readonly fixed: readonly Signer[];
  /** Where the keys of epochs lie, if they do. */
  readonly keys: EpochKeys | undefined;
  readonly log: Log;
}

/**
 * Opens what a region has published for a use, keys that have not begun included, when it first sees it: so a warm function takes up the next epoch's key
 * without a restart. A key that has ended or was revoked is let go of. One that does not open is logged, and keeps no other from signing.
 */
export function epochSigners({ use, fixed, keys, log }: EpochSignersOptions): SignersOf {
  if (keys === undefined) return async () => fixed;
  const held = new Map<string, Promise<Signer | undefined>>();
  const nextTry = new Map<string, Instant>();

  const open = async (kid: string, now: Instant): Promise<Signer | undefined> => {
    try {
      const signer = await keys.open(use, kid);
      if (signer !== undefined) return signer;
      throw new SymbolonError('issuer-key-unavailable');
    } catch (error) {
      log('key.unopened', { kid, code: codeOf(error) });
      nextTry.set(kid, addSeconds(now, TRY_AGAIN_SECONDS));
      return undefined;
    }
  };

  return async (publication, now) => {
    const wanted = kidsFor(publication, use, now).filter(
      (kid) => !fixed.some((signer) => signer.kid === kid),
    );
    for (const known of [held, nextTry])
      for (const kid of known.keys()) if (!wanted.includes(kid)) known.delete(kid);
    for (const kid of wanted) {
      const isDue = now >= (nextTry.get(kid) ?? 0);
      if (!held.has(kid) && isDue) held.set(kid, open(kid, now));
    }
    const signers = [...fixed];
    for (const [kid, opening] of [...held]) {
      const signer = await opening;
      if (signer !== undefined) signers.push(signer);
      else if (held.get(kid) === opening) held.delete(kid);
    }
    return signers;
  };
}

/** What may sign now, the one that should first, and then what will. */
function kidsFor({ keys }: Publication, use: EpochUse, now: Instant): readonly string[] {
  const upcoming = keys
    .filter((key) => key.use === use && key.notBefore > now && key.revoked === undefined)
    .toSorted((a, b) => a.notBefore - b.notBefore);
  return [...signingOrder(keys, use, now), ...upcoming].slice(0, MOST_KEYS).map(({ kid }) => kid);
}
