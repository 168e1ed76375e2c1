import type { Instant } from '@symbolon/protocol/instant';
import { type DatedCredential, hasExpired, isLive, kidOfHeld, shownKeys } from './dated.ts';
import type { HeldCredential } from './wallet-file.ts';

/** For when, in which form and for whom. What has expired by `now` is never chosen. */
export interface Whose {
  readonly now: Instant;
  readonly format: HeldCredential['format'];
  /** Whose, where a guardian's wallet holds several people's; the holder's own when left out. */
  readonly dependant?: string | undefined;
}

export interface Wanted extends Whose {
  readonly schemes: readonly string[];
}

export interface Chosen {
  /** One for each scheme, in the order asked for, all for one key. */
  readonly held: readonly HeldCredential[];
  /** Whether no verifier has seen their key yet. */
  readonly isFresh: boolean;
}

/**
 * What is shown together: as many of the schemes as one key has, since statuses of two keys may be two people's. Of keys that have equally many the
 * wallet takes one that was not shown yet, then the newest.
 *
 * @returns nothing when the wallet holds none of them that is valid
 */
export function chooseTogether(
  wallet: readonly DatedCredential[],
  { schemes, ...whose }: Wanted,
): Chosen | undefined {
  const shown = shownKeys(wallet);
  const sets = [...liveByKey(wallet, whose)].flatMap(([kid, ofKey]): Chosen[] => {
    const held = schemes.flatMap((scheme) => ofKey.findLast((each) => each.scheme === scheme) ?? []);
    return held.length === 0 ? [] : [{ held, isFresh: !shown.has(kid) }];
  });
  // The newest come last, and the order of what is equal stays.
  return sets
    .toSorted((a, b) => a.held.length - b.held.length || Number(a.isFresh) - Number(b.isFresh))
    .at(-1);
}

/** Of which of these schemes the wallet holds credentials that have expired, and none that is valid. */
export function expiredSchemes(
  wallet: readonly DatedCredential[],
  { schemes, now, ...whose }: Wanted,
): readonly string[] {
  const mine = wallet.filter((each) => isOf(each, whose));
  return schemes.filter((scheme) => {
    const all = mine.filter((each) => each.scheme === scheme);
    return all.some((each) => hasExpired(each, now)) && !all.some((each) => isLive(each, now));
  });
}

/**
 * The keys with which credentials of another scheme are asked for, so that each can be shown together with one of `beside`: those that no verifier has seen, and
 * that have no valid one of `scheme` yet. The oldest first.
 */
export function keysBeside(
  wallet: readonly DatedCredential[],
  beside: string,
  scheme: string,
  whose: Whose,
): readonly HeldCredential['key'][] {
  const shown = shownKeys(wallet);
  return [...liveByKey(wallet, whose)].flatMap(([kid, ofKey]) => {
    const found = ofKey.find((each) => each.scheme === beside);
    const isPaired = ofKey.some((each) => each.scheme === scheme);
    return found === undefined || isPaired || shown.has(kid) ? [] : [found.key];
  });
}

function isOf(held: HeldCredential, { format, dependant }: Omit<Whose, 'now'>): boolean {
  return held.format === format && held.dependant === dependant;
}

/** What is valid, by the kid of its key, in the order of the newest credential of each. */
function liveByKey(
  wallet: readonly DatedCredential[],
  { now, ...whose }: Whose,
): ReadonlyMap<string, readonly HeldCredential[]> {
  const keys = new Map<string, readonly HeldCredential[]>();
  for (const each of wallet.filter((one) => isOf(one, whose) && isLive(one, now))) {
    const kid = kidOfHeld(each);
    const before = keys.get(kid) ?? [];
    keys.delete(kid);
    keys.set(kid, [...before, each]);
  }
  return keys;
}
