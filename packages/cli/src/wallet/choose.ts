import { kidOf } from '@symbolon/keys/kid';
import { publicPart } from '@symbolon/keys/private-key';
import type { HeldCredential, Wallet } from './wallet-file.ts';

export interface Wanted {
  readonly schemes: readonly string[];
  readonly format: HeldCredential['format'];
  /** Whose, where a guardian's wallet holds several people's; the holder's own when left out. */
  readonly dependant?: string | undefined;
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
 * @returns nothing when the wallet holds none of them
 */
export function chooseTogether(wallet: Wallet, { schemes, format, dependant }: Wanted): Chosen | undefined {
  const mine = wallet.credentials.filter((each) => each.format === format && each.dependant === dependant);
  const sets = [...byKey(mine).values()].flatMap((ofKey): Chosen[] => {
    const held = schemes.flatMap((scheme) => ofKey.findLast((each) => each.scheme === scheme) ?? []);
    return held.length === 0 ? [] : [{ held, isFresh: isFresh(ofKey) }];
  });
  // The newest come last, and the order of what is equal stays.
  return sets
    .toSorted((a, b) => a.held.length - b.held.length || Number(a.isFresh) - Number(b.isFresh))
    .at(-1);
}

/**
 * The keys with which credentials of another scheme are asked for, so that each can be shown together with one of `beside`: those that no verifier has seen, and
 * that have none of `scheme` yet. The oldest first.
 */
export function keysBeside(
  wallet: Wallet,
  beside: string,
  scheme: string,
  { format, dependant }: Omit<Wanted, 'schemes'>,
): readonly HeldCredential['key'][] {
  const mine = wallet.credentials.filter((each) => each.format === format && each.dependant === dependant);
  return [...byKey(mine).values()].flatMap((ofKey) => {
    const found = ofKey.find((each) => each.scheme === beside);
    const isPaired = ofKey.some((each) => each.scheme === scheme);
    return found === undefined || isPaired || !isFresh(ofKey) ? [] : [found.key];
  });
}

/** A key that was shown once is known, whichever of its credentials was shown. */
function isFresh(ofKey: readonly HeldCredential[]): boolean {
  return ofKey.every(({ used }) => !used);
}

/** By key, in the order of the newest credential of each. */
function byKey(credentials: readonly HeldCredential[]): ReadonlyMap<string, readonly HeldCredential[]> {
  const keys = new Map<string, readonly HeldCredential[]>();
  for (const each of credentials) {
    const kid = kidOf(publicPart(each.key));
    const before = keys.get(kid) ?? [];
    keys.delete(kid);
    keys.set(kid, [...before, each]);
  }
  return keys;
}
