import { fromUtf8 } from '@symbolon/protocol/bytes';
import { DAY_SECONDS, type Instant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import { check } from '@symbolon/protocol/schemas/common';
import { type RegionKey, RegionKeys } from '@symbolon/protocol/schemas/region';
import { isJsonObject, parseStrictJson } from '@symbolon/protocol/strict-json';
import type { Draft } from '@symbolon/registry/ceremony/draft';
import { targetFile } from '@symbolon/registry/file-names';

/**
 * The role `<id>.keys` is signed anew when it has less than this left of its 14 days. A hub that is down for 5 days, then a verifier that goes on for 3 days with
 * the bundle of the last moment before, and a run that is missed for 3 days more: none of them meets a role that has expired.
 */
const RENEWED_BELOW_SECONDS = 11 * DAY_SECONDS;

export interface PublishedKeys {
  readonly keys: readonly RegionKey[];
  /** The region says in so many words that it needs no key now (REQ-CER-005). */
  readonly isStopped: boolean;
  /** Whether the role is to be signed anew though nothing changed. */
  readonly endsSoon: boolean;
}

/**
 * What a region has published about its keys; nothing yet, when it is new. It does not matter whether its other files are usable.
 *
 * @throws SymbolonError `region-malformed`
 */
export function publishedKeys({ roles, base }: Draft, region: string, now: Instant): PublishedKeys {
  const role = roles.get(`${region}.keys`);
  const path = `regions/${region}/keys.json`;
  const info = own(role?.signed.targets ?? {}, path);
  const bytes = info && base?.files.get(targetFile(path, info.hashes.sha256));
  if (role === undefined || bytes === undefined) return { keys: [], isStopped: false, endsSoon: false };
  const json = parseStrictJson(fromUtf8(bytes));
  return {
    keys: check(RegionKeys, json, 'region-malformed').keys,
    isStopped: isJsonObject(json) && json['issuing'] === 'stopped',
    endsSoon: role.signed.expires - now < RENEWED_BELOW_SECONDS,
  };
}
