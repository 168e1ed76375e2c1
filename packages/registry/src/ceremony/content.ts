import { type Bytes, fromUtf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
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
import { FEDERATION_FILE, regionFile } from '../registry-view/owners.ts';
import { readRegionKeys } from '../registry-view/region-files.ts';
import type { Draft } from './draft.ts';

/** What a role of a draft lists under a path; nothing when it does not, or when the file was not read and is not new. */
export function contentOf(draft: Draft, role: string, path: string): Bytes | undefined {
  const info = own(draft.roles.get(role)?.signed.targets ?? {}, path);
  if (info === undefined) return undefined;
  const file = targetFile(path, info.hashes.sha256);
  return draft.files.get(file) ?? draft.base?.files.get(file);
}

/**
 * The same, where "not read" must not be taken for "none": what was published under the path counts, whether it is at hand or not.
 *
 * @returns nothing when the role lists no such file
 * @throws SymbolonError `metadata-missing` when it lists one that could not be read
 */
export function listedContentOf(draft: Draft, role: string, path: string): Bytes | undefined {
  const bytes = contentOf(draft, role, path);
  const isListed = own(draft.roles.get(role)?.signed.targets ?? {}, path) !== undefined;
  // REQ-REG-008
  if (bytes === undefined && isListed) throw new SymbolonError('metadata-missing', { path });
  return bytes;
}

/** A region's `keys.json`: as it stands, and as it is understood. */
export interface KeysContent {
  readonly raw: JsonObject;
  readonly keys: readonly RegionKey[];
  /** REQ-CER-005: the region says in so many words that it needs no key now. */
  readonly stopped: boolean;
}

/** @throws SymbolonError `json-...`, `region-malformed`; `metadata-missing` when it is published and not at hand */
export function keysContentOf(draft: Draft, region: string): KeysContent | undefined {
  const bytes = listedContentOf(draft, keysRoleOf(region), regionFile(region, 'keys.json'));
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
}

/** @returns nothing when the draft has no federation file @throws SymbolonError `json-...`, `metadata-malformed` */
export function keyPolicyOf(draft: Draft): KeyPolicy | undefined {
  const bytes = listedContentOf(draft, TARGETS, FEDERATION_FILE);
  if (bytes === undefined) return undefined;
  const { freshness, leadUntil } = check(
    KeyPolicyFile,
    parseStrictJson(fromUtf8(bytes)),
    'metadata-malformed',
  );
  return {
    leadHours: freshness.referAfterHours,
    leadUntil,
    oldestHours: freshness.blockAfterHours,
  };
}

/** REQ-KEY-012: when a key that is published at `now` may begin. */
export function earliestStart({ leadHours, leadUntil }: KeyPolicy, now: Instant): Instant {
  const earliest = addHours(now, leadHours);
  return leadUntil === undefined ? earliest : instant(Math.max(earliest, leadUntil));
}
