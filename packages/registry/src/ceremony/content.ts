import { type Bytes, fromUtf8 } from '@symbolon/protocol/bytes';
import type { Instant } from '@symbolon/protocol/instant';
import { addHours, instant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import { check, InstantText } from '@symbolon/protocol/schemas/common';
import { Federation } from '@symbolon/protocol/schemas/federation';
import type { RegionKey } from '@symbolon/protocol/schemas/region';
import { isJsonObject, type JsonObject, parseStrictJson } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';
import { keysRoleOf, TARGETS } from '../metadata/delegations.ts';
import { targetFile } from '../metadata/file-names.ts';
import { FEDERATION_FILE, regionFile, schemeOfFile } from '../registry-view/owners.ts';
import { readScheme } from '../registry-view/read-federation.ts';
import { readRegionKeys } from '../registry-view/region-files.ts';
import type { Draft } from './draft.ts';

/** What a role of a draft lists under a path; nothing when it does not, or when the file was not read and is not new. */
export function contentOf(draft: Draft, role: string, path: string): Bytes | undefined {
  const info = own(draft.roles.get(role)?.signed.targets ?? {}, path);
  if (info === undefined) return undefined;
  const file = targetFile(path, info.hashes.sha256);
  return draft.files.get(file) ?? draft.base?.files.get(file);
}

/** A region's `keys.json`: as it stands, and as it is understood. */
export interface KeysContent {
  readonly raw: JsonObject;
  readonly keys: readonly RegionKey[];
  /** REQ-CER-005: the region says in so many words that it needs no key now. */
  readonly stopped: boolean;
}

/** @throws SymbolonError `json-...`, `region-malformed` */
export function keysContentOf(draft: Draft, region: string): KeysContent | undefined {
  const bytes = contentOf(draft, keysRoleOf(region), regionFile(region, 'keys.json'));
  if (bytes === undefined) return undefined;
  const json = parseStrictJson(fromUtf8(bytes));
  const raw = isJsonObject(json) ? json : {};
  return { raw, keys: readRegionKeys(region, json).keys, stopped: raw['issuing'] === 'stopped' };
}

/** `leadUntil` is of ceremonies only: after `referAfterHours` was lowered, new keys begin no earlier than that. */
const KeyPolicyFile = z.object({ ...Federation.shape, leadUntil: z.optional(InstantText) });

/** What the federation asks of keys. */
export interface KeyPolicy {
  /** The lead that every new key has: `referAfterHours`. */
  readonly leadHours: number;
  readonly leadUntil: Instant | undefined;
  /** The oldest registry that a verifier goes by: `blockAfterHours`. */
  readonly oldestHours: number;
  /** The longest that anything signed by a region's key is valid. */
  readonly longestHours: number;
}

/** @returns nothing when the draft has no federation file @throws SymbolonError `json-...`, `metadata-malformed` */
export function keyPolicyOf(draft: Draft): KeyPolicy | undefined {
  const bytes = contentOf(draft, TARGETS, FEDERATION_FILE);
  if (bytes === undefined) return undefined;
  const { freshness, leadUntil } = check(
    KeyPolicyFile,
    parseStrictJson(fromUtf8(bytes)),
    'metadata-malformed',
  );
  const listed = Object.keys(draft.roles.get(TARGETS)?.signed.targets ?? {});
  const validities = listed.flatMap((path) => {
    const scheme = schemeOfFile(path) === undefined ? undefined : contentOf(draft, TARGETS, path);
    return scheme === undefined
      ? []
      : [readScheme(path, parseStrictJson(fromUtf8(scheme))).longestValidityHours];
  });
  return {
    leadHours: freshness.referAfterHours,
    leadUntil,
    oldestHours: freshness.blockAfterHours,
    longestHours: Math.max(0, ...validities),
  };
}

/** REQ-KEY-012: when a key that is published at `now` may begin. */
export function earliestStart({ leadHours, leadUntil }: KeyPolicy, now: Instant): Instant {
  const earliest = addHours(now, leadHours);
  return leadUntil === undefined ? earliest : instant(Math.max(earliest, leadUntil));
}
