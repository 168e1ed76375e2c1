import { fromUtf8 } from '@symbolon/protocol/bytes';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import type { Region } from '@symbolon/protocol/schemas/region';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import { regionFile } from '../../registry-view/owners.ts';
import { readRegion } from '../../registry-view/region-files.ts';
import { listedContentOf } from '../content.ts';
import type { Draft } from '../draft.ts';

interface PublicKey {
  readonly kid: string;
  readonly jwk: PublicJwk;
}

/** Whoever decides for an authority of the region, by its `region.json`. @throws SymbolonError `json-...`, `region-malformed`, `metadata-missing` */
export function operatorsOf(draft: Draft, region: string): readonly PublicKey[] {
  const { authorities } = regionIn(draft, region) ?? {};
  return Object.values(authorities ?? {}).flatMap(({ operators }) => operators);
}

/** Whoever reports facts to it. @throws as `operatorsOf` */
export function sourcesOf(draft: Draft, region: string): readonly PublicKey[] {
  const { sources } = regionIn(draft, region) ?? {};
  return Object.values(sources ?? {}).flatMap(({ keys }) => keys);
}

/** @returns nothing when it lists no such file @throws as `operatorsOf` */
export function regionIn(draft: Draft, region: string): Region | undefined {
  const bytes = listedContentOf(draft, region, regionFile(region, 'region.json'));
  return bytes && readRegion(region, parseStrictJson(fromUtf8(bytes)));
}
