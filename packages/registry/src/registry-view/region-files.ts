import { algorithmOf } from '@symbolon/keys/algorithms';
import { kidOf } from '@symbolon/keys/kid';
import { SymbolonError } from '@symbolon/protocol/errors';
import { badFactFields } from '@symbolon/protocol/fact-fields';
import { own } from '@symbolon/protocol/own';
import { check } from '@symbolon/protocol/schemas/common';
import type { Algorithm, PublicJwk } from '@symbolon/protocol/schemas/jwk';
import { PlaceList, Recognition, Region, RegionKeys } from '@symbolon/protocol/schemas/region';
import { RuleSet } from '@symbolon/protocol/schemas/rule-set';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import type { Json } from '@symbolon/protocol/strict-json';

/** The files of a region's folder, each held to its schema and to the folder that it lies in. All throw `region-malformed`. */

export function readRegion(id: string, json: Json): Region {
  const region = check(Region, json, 'region-malformed');
  sameRegion(id, region.region);
  for (const { operators } of Object.values(region.authorities)) for (const key of operators) checkKey(key);
  for (const { keys } of Object.values(region.sources ?? {})) for (const key of keys) checkKey(key);
  return region;
}

export function readRegionKeys(id: string, json: Json): RegionKeys {
  const keys = check(RegionKeys, json, 'region-malformed');
  sameRegion(id, keys.region);
  for (const key of keys.keys) checkKey(key);
  return keys;
}

export function readRuleSet(id: string, scheme: string, json: Json): RuleSet {
  const ruleSet = check(RuleSet, json, 'region-malformed');
  sameRegion(id, ruleSet.region);
  if (ruleSet.scheme !== scheme) throw new SymbolonError('region-malformed', { path: 'scheme' });
  return ruleSet;
}

/** @param scheme as published; without it the entries are held to the schema only, and to no fact type */
export function readPlaceList(
  id: string,
  schemeId: string,
  scheme: Scheme | undefined,
  json: Json,
): PlaceList {
  const list = check(PlaceList, json, 'region-malformed');
  sameRegion(id, list.region);
  if (list.scheme !== schemeId) throw new SymbolonError('region-malformed', { path: 'scheme' });
  if (scheme === undefined) return list;
  const bad = list.entries.flatMap((entry, index) =>
    badEntry(scheme, entry).map((path) => `entries.${index}.${path}`),
  );
  if (bad.length > 0) throw new SymbolonError('region-malformed', { path: bad.slice(0, 8).join(', ') });
  return list;
}

/** REQ-ISS-007: what is said of a place is a fact like any other, of a type that is about places. */
function badEntry(
  { factTypes }: Scheme,
  { type, place, fields }: PlaceList['entries'][number],
): readonly string[] {
  const factType = own(factTypes, type);
  if (factType?.about !== 'place') return ['type'];
  // The place is said once, beside the other fields.
  return own(fields, 'place') === undefined
    ? badFactFields(factType, { ...fields, place })
    : ['fields.place'];
}

export function readRecognition(id: string, json: Json): Recognition {
  const recognition = check(Recognition, json, 'region-malformed');
  sameRegion(id, recognition.region);
  return recognition;
}

function sameRegion(id: string, named: string): void {
  if (named !== id) throw new SymbolonError('region-malformed', { path: 'region' });
}

/** `kid` and `alg` say nothing that the key does not say itself (protocol, section 3). */
function checkKey({ kid, alg, jwk }: { kid: string; alg: Algorithm; jwk: PublicJwk }): void {
  if (kid !== kidOf(jwk)) throw new SymbolonError('region-malformed', { path: 'kid' });
  if (alg !== algorithmOf(jwk).alg) throw new SymbolonError('region-malformed', { path: 'alg' });
}
