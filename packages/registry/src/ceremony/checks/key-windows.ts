import { SymbolonError } from '@symbolon/protocol/errors';
import { HOUR_SECONDS, type Instant } from '@symbolon/protocol/instant';
import { KeyUse, type RegionKey } from '@symbolon/protocol/schemas/region';
import { hoursAfter } from '../../epochs/keep-hours.ts';
import { regionFile } from '../../registry-view/owners.ts';
import { earliestStart, type KeyPolicy } from '../content.ts';
import type { ChangedKeys } from './changed-keys.ts';

/** How much later than it could a key may begin. */
const AHEAD_HOURS = 62 * 24;

/** The life of a key of another use than credential and status, whose bound `checkContent` knows: two years, and a month to change it. */
const LIFE_SECONDS = (2 * 365 + 31) * 24 * HOUR_SECONDS;

/** Keys of one use that are neither revoked nor over: one that signs, its reserve and successor, and some to spare. */
const LIVING_KEYS = 8;

/**
 * REQ-REG-019: whoever gets hold of the key of `<id>.keys` must not be able to fill the file for good: entries stay until their keys have ended. So a new
 * entry begins soon, ends in time, is no revoked one, and is one of few. What was published before is not held against an event.
 */
export function windowFaults(
  { region, before, after }: ChangedKeys,
  policy: KeyPolicy,
  now: Instant,
): readonly SymbolonError[] {
  const path = regionFile(region, 'keys.json');
  const known = new Set(before.keys.map(({ kid }) => kid));
  const fresh = after.keys.filter(({ kid }) => !known.has(kid));
  const latest = hoursAfter(earliestStart(policy, now), AHEAD_HOURS);
  const places = [
    ...(fresh.some(({ notBefore }) => notBefore > latest) ? ['notBefore'] : []),
    ...(fresh.some(({ notBefore, notAfter }) => notAfter - notBefore > LIFE_SECONDS) ? ['notAfter'] : []),
    // Without a key of before this one there is nothing to revoke: a first publication may carry what was revoked elsewhere.
    ...(known.size > 0 && fresh.some(({ revoked }) => revoked !== undefined) ? ['revoked'] : []),
  ];
  const crowded = KeyUse.options.some((use) => {
    const count = living(after.keys, use, now);
    return count > LIVING_KEYS && count > living(before.keys, use, now);
  });
  return [
    ...places.map((place) => new SymbolonError('region-malformed', { path: `${path} ${place}` })),
    ...(crowded ? [new SymbolonError('region-malformed', { path: `${path} keys`, bound: LIVING_KEYS })] : []),
  ];
}

function living(keys: readonly RegionKey[], use: KeyUse, now: Instant): number {
  return keys.filter((key) => key.use === use && key.revoked === undefined && key.notAfter > now).length;
}
