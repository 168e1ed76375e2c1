import { HOUR_SECONDS, type Instant, instant } from '@symbolon/protocol/instant';
import type { KeyUse, RegionKey } from '@symbolon/protocol/schemas/region';
import { hoursAfter } from './keep-hours.ts';

export { keepHours, LONGEST_VALIDITY_HOURS } from './keep-hours.ts';

/**
 * The life of an issuing or status key, in three epochs: first it is held in reserve, then it signs, then it is known for what it signed, and for
 * the case that its successor is late. So whatever happens to the key that signs, there is one that every verifier knows already.
 */
export const EPOCHS_OF_A_KEY = 3;

export interface EpochSettings {
  /** How long a key signs. */
  readonly epochHours: number;
  /** How long before it may sign a key is published: the federation's `referAfterHours`, or until its `leadUntil` if that is later. */
  readonly leadHours: number;
  /** How long a key is kept after its end: `keepHours` of the federation's freshness. */
  readonly keepHours: number;
}

export interface KeyWindow {
  readonly notBefore: Instant;
  readonly notAfter: Instant;
}

export interface EpochPlan {
  /** The window of the key to be made now; nothing when none is due. */
  readonly make: KeyWindow | undefined;
  /** Kids that may leave `keys.json`. */
  readonly retire: readonly string[];
}

/** Uses whose keys change with each epoch: without one of each a region issues nothing. */
export const EPOCH_USES: readonly KeyUse[] = ['credential', 'status'];

/** Keys that no epoch ends live two years: codes that venue keys sign hang on walls. */
export const LONG_KEY_HOURS = 2 * 365 * 24;

export function isLongLived(use: KeyUse): boolean {
  return use === 'venue';
}

/**
 * What is due for the keys of one use, now. A run that was missed is made good by the next one: the new key then begins later, and the old one
 * signs on as long as it is valid.
 */
export function planEpochs(
  keys: readonly RegionKey[],
  use: KeyUse,
  now: Instant,
  { epochHours, leadHours, keepHours }: EpochSettings,
): EpochPlan {
  const own = keys.filter((key) => key.use === use);
  const retire = own.filter(({ notAfter }) => hoursAfter(notAfter, keepHours) <= now).map(({ kid }) => kid);
  const earliest = hoursAfter(hourCeiling(now), leadHours);
  // A key that begins later than the next one of a plan could is no part of it: it is nobody's reserve, and must not put off the one that is due.
  const horizon = hoursAfter(earliest, epochHours);
  const living = own.filter(
    ({ notBefore, notAfter, revoked }) => revoked === undefined && notAfter > now && notBefore <= horizon,
  );
  // Two at least: one that signs, and one in reserve that every verifier knows by the time it is needed.
  const newest = living.length < 2 ? undefined : Math.max(...living.map(({ notBefore }) => notBefore));
  const due = newest === undefined ? earliest : hoursAfter(instant(newest), epochHours);
  if (due > earliest) return { make: undefined, retire };
  return {
    // REQ-KEY-012: a new key has its lead.
    make: { notBefore: earliest, notAfter: hoursAfter(earliest, EPOCHS_OF_A_KEY * epochHours) },
    retire,
  };
}

/**
 * The keys that may sign at `at`, the one that should first: the newest is held in reserve, and the one before it signs. Revoked keys never sign.
 */
export function signingOrder(keys: readonly RegionKey[], use: KeyUse, at: Instant): readonly RegionKey[] {
  const valid = keys
    .filter((key) => key.use === use && key.notBefore <= at && at < key.notAfter && key.revoked === undefined)
    .toSorted((a, b) => b.notBefore - a.notBefore);
  const [reserve, ...others] = valid;
  return reserve === undefined ? [] : [...others, reserve];
}

function hourCeiling(time: Instant): Instant {
  return instant(Math.ceil(time / HOUR_SECONDS) * HOUR_SECONDS);
}
