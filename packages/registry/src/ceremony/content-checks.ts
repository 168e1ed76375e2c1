import { type Bytes, fromUtf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { HOUR_SECONDS, isOnTheHour } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { check } from '@symbolon/protocol/schemas/common';
import { Dictionary, Federation } from '@symbolon/protocol/schemas/federation';
import type { RegionKey } from '@symbolon/protocol/schemas/region';
import { isJsonObject, type Json, parseStrictJson } from '@symbolon/protocol/strict-json';
import { isTargetPath } from '../metadata/paths.ts';
import type { LoadedRegistry } from '../registry-view/load-registry.ts';
import {
  DICTIONARY_FILE,
  FEDERATION_FILE,
  ownerOf,
  placeSchemeOfFile,
  regionFile,
  ruleSchemeOfFile,
  schemeOfFile,
} from '../registry-view/owners.ts';
import { readScheme } from '../registry-view/read-federation.ts';
import {
  readPlaceList,
  readRecognition,
  readRegion,
  readRegionKeys,
  readRuleSet,
} from '../registry-view/region-files.ts';
import { checkRulesUnchanged, hashRules } from '../registry-view/rule-hashes.ts';

/** Longest validity of a key that signs credentials or lists (protocol, section 3). */
const KEY_SECONDS = 31 * 24 * HOUR_SECONDS;

/**
 * What a ceremony looks at before anyone signs: the file is the role's to sign, has the form that clients require, and takes nothing
 * back that was published.
 *
 * @throws SymbolonError `role-overreach`, `metadata-malformed`, `metadata-too-large`, `region-malformed`, `key-duplicate`,
 * `dictionary-mutated`, `rule-mutated`
 */
export function checkContent(
  role: string,
  path: string,
  bytes: Bytes,
  base: LoadedRegistry | undefined,
): void {
  if (!isTargetPath(path)) throw new SymbolonError('metadata-malformed', { path: 'targets' });
  if (bytes.length > LIMITS.metadataBytes) {
    throw new SymbolonError('metadata-too-large', { bound: LIMITS.metadataBytes });
  }
  const owner = ownerOf(path);
  if (owner === undefined) return;
  // REQ-REG-012
  if (owner !== role) throw new SymbolonError('role-overreach');
  const json = parseStrictJson(fromUtf8(bytes));
  if (path === FEDERATION_FILE) check(Federation, json, 'metadata-malformed');
  else if (path === DICTIONARY_FILE) checkDictionary(json, base?.view.dictionary);
  else if (schemeOfFile(path) !== undefined) readScheme(path, json);
  else checkRegionFile(path.split('/')[1] ?? '', path, json, base);
}

function checkRegionFile(region: string, path: string, json: Json, base: LoadedRegistry | undefined): void {
  const scheme = ruleSchemeOfFile(region, path);
  const places = placeSchemeOfFile(region, path);
  if (scheme !== undefined) {
    // REQ-RUL-005
    checkRulesUnchanged(base?.state.ruleHashes ?? {}, hashRules(readRuleSet(region, scheme, json), json));
  } else if (path === regionFile(region, 'keys.json')) {
    refuseDuplicateKids(json);
    for (const key of readRegionKeys(region, json).keys) checkValidity(key);
  } else if (path === regionFile(region, 'region.json')) {
    readRegion(region, json);
  } else if (places !== undefined) {
    // By its scheme it is checked with the whole event.
    readPlaceList(region, places, undefined, json);
  } else if (path === regionFile(region, 'recognition.json')) {
    readRecognition(region, json);
  }
}

/** REQ-REG-022: numbers in QR texts that are out there must go on meaning what they mean. */
function checkDictionary(json: Json, before: Dictionary | undefined): void {
  const dictionary = check(Dictionary, json, 'metadata-malformed');
  if (before === undefined) return;
  const kept = before.names.every((name, i) => dictionary.names[i] === name);
  const grown = dictionary.names.length > before.names.length;
  if (!kept || (grown && dictionary.version <= before.version) || dictionary.version < before.version) {
    throw new SymbolonError('dictionary-mutated');
  }
}

/** REQ-KEY-011: told apart from other faults of the file, as it calls for another key. */
function refuseDuplicateKids(json: Json): void {
  const keys = isJsonObject(json) && Array.isArray(json['keys']) ? json['keys'] : [];
  const kids = keys.flatMap((key) => (isJsonObject(key) ? [key['kid']] : []));
  if (new Set(kids).size !== kids.length) throw new SymbolonError('key-duplicate');
}

function checkValidity({ use, notBefore, notAfter }: RegionKey): void {
  const bounded = use === 'credential' || use === 'status';
  const inOrder = notBefore < notAfter && isOnTheHour(notBefore) && isOnTheHour(notAfter);
  if (!inOrder || (bounded && notAfter - notBefore > KEY_SECONDS)) {
    throw new SymbolonError('region-malformed', { path: 'notAfter' });
  }
}
