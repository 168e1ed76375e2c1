import { kidOf } from '@symbolon/keys/kid';
import type { Bytes } from '@symbolon/protocol/bytes';
import { addHours, hourFloor, type Instant } from '@symbolon/protocol/instant';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import { type KeyUse, RegionKeys } from '@symbolon/protocol/schemas/region';
import { LONG_KEY_HOURS } from '@symbolon/registry/epochs';
import { jsonFile } from '@symbolon/registry/json-file';
import * as z from 'zod/mini';
import type { AnySampleRegion } from '../sample/regions.ts';

/** As long as the protocol allows, so that a network which is left alone for weeks still works. Later keys have the windows that key-epoch plans. */
const EPOCH_HOURS = 31 * 24;

type PublishedKeys = RegionKeys['keys'];

/**
 * A key's entry in `keys.json`. Its epoch began an hour ago, on the hour, so that the credentials of this hour fall into it: at the first publication there is
 * no verifier yet that would need the lead time.
 */
export function epochOf(use: KeyUse, jwk: PublicJwk, now: Instant): PublishedKeys[number] {
  return entryOf(use, jwk, now, EPOCH_HOURS);
}

/** The same of a key that no epoch ends. */
export function longLived(use: KeyUse, jwk: PublicJwk, now: Instant): PublishedKeys[number] {
  return entryOf(use, jwk, now, LONG_KEY_HOURS);
}

function entryOf(use: KeyUse, jwk: PublicJwk, now: Instant, hours: number): PublishedKeys[number] {
  const notBefore = addHours(hourFloor(now), -1);
  return { kid: kidOf(jwk), use, alg: 'ES256', jwk, notBefore, notAfter: addHours(notBefore, hours) };
}

export function keysFile(region: AnySampleRegion, keys: PublishedKeys): ReadonlyMap<string, Bytes> {
  return new Map([[`regions/${region}/keys.json`, jsonFile(z.encode(RegionKeys, { region, keys }))]]);
}
