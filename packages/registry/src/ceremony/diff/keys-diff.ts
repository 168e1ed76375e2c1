import { formatInstant } from '@symbolon/protocol/instant';
import type { RegionKey } from '@symbolon/protocol/schemas/region';
import { isJsonObject, type Json, type JsonObject } from '@symbolon/protocol/strict-json';
import { keysRoleOf } from '../../metadata/delegations.ts';
import { readRegionKeys } from '../../registry-view/region-files.ts';
import { type JsonDifference, jsonDiff } from './json-diff.ts';
import { changeLine, type DiffLine } from './line.ts';
import { shown } from './shown.ts';

export interface KeysDiff {
  /** What a new `keys.json` does to a region's keys, in words. */
  readonly lines: readonly DiffLine[];
  /** All else that differs in the file. */
  readonly others: Iterable<JsonDifference>;
}

/** @throws SymbolonError `region-malformed` when one of them is no `keys.json` */
export function keysDiff(region: string, before: Json | undefined, after: Json): KeysDiff {
  const old = new Map(keysIn(region, before).map((key) => [key.kid, key]));
  const fresh = new Map(keysIn(region, after).map((key) => [key.kid, key]));
  const lines = [...new Set([...old.keys(), ...fresh.keys()])].flatMap((kid) =>
    keyDiff(region, old.get(kid), fresh.get(kid)),
  );
  const others = [...jsonDiff(before && untold(before), untold(after))].filter(({ path }) => !isKid(path));
  return { lines: [...lines, ...stopLines(region, before, after)], others };
}

function keysIn(region: string, json: Json | undefined): readonly RegionKey[] {
  return json === undefined ? [] : readRegionKeys(region, json).keys;
}

function keyDiff(
  region: string,
  before: RegionKey | undefined,
  after: RegionKey | undefined,
): readonly DiffLine[] {
  const [from, to] = [wordsOf(before), wordsOf(after)];
  if (from === to) return [];
  const subject = `key ${(after ?? before)?.kid} in keys.json`;
  return [changeLine(keysRoleOf(region), subject, { before: from, after: to })];
}

function wordsOf(key: RegionKey | undefined): string | undefined {
  if (key === undefined) return undefined;
  const { use, alg, notBefore, notAfter, revoked, jwk } = key;
  const life = `${use}, ${alg}, ${formatInstant(notBefore)} to ${formatInstant(notAfter)}, ${shown(jwk.x)}`;
  return revoked === undefined
    ? life
    : `${life}, revoked since ${formatInstant(revoked.since)} (${revoked.reason})`;
}

/** The file without what the words tell. A kid is a hash of `kty`, `crv`, `x` and `y`. */
function untold(file: Json): Json {
  if (!isJsonObject(file) || !Array.isArray(file['keys'])) return file;
  const entries: readonly Json[] = file['keys'];
  return { ...file, keys: entries.map((entry) => (isJsonObject(entry) ? restOf(entry) : entry)) };
}

function restOf(entry: JsonObject): JsonObject {
  const { use: _use, alg: _alg, notBefore: _from, notAfter: _to, jwk, revoked, ...rest } = entry;
  const without = (value: Json | undefined, told: readonly string[]) =>
    Object.entries(isJsonObject(value) ? value : {}).filter(([name]) => !told.includes(name));
  const [inKey, inEnd] = [without(jwk, ['kty', 'crv', 'x', 'y']), without(revoked, ['since', 'reason'])];
  return {
    ...rest,
    ...(inKey.length > 0 && { jwk: Object.fromEntries(inKey) }),
    ...(inEnd.length > 0 && { revoked: Object.fromEntries(inEnd) }),
  };
}

/** The name by which an entry is told anyway. */
function isKid(path: readonly string[]): boolean {
  return path.length === 3 && path[0] === 'keys' && path[2] === 'kid';
}

function stopLines(region: string, before: Json | undefined, after: Json): readonly DiffLine[] {
  const isStopped = (json: Json | undefined) => isJsonObject(json) && json['issuing'] === 'stopped';
  if (isStopped(before) === isStopped(after)) return [];
  const subject = isStopped(after) ? `${region} stops issuing` : `${region} issues again`;
  return [{ role: keysRoleOf(region), mark: 'warning', subject }];
}
