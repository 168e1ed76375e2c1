import { fromUtf8 } from '@symbolon/protocol/bytes';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import { regionFile } from '../../registry-view/owners.ts';
import { readRegion } from '../../registry-view/region-files.ts';
import { listedContentOf } from '../content.ts';
import type { Draft } from '../draft.ts';

/** Whoever decides for an authority of the region, by its `region.json`. @throws SymbolonError `json-...`, `region-malformed`, `metadata-missing` */
export function operatorsOf(
  draft: Draft,
  region: string,
): readonly { readonly kid: string; readonly jwk: PublicJwk }[] {
  const bytes = listedContentOf(draft, region, regionFile(region, 'region.json'));
  if (bytes === undefined) return [];
  const { authorities } = readRegion(region, parseStrictJson(fromUtf8(bytes)));
  return Object.values(authorities).flatMap(({ operators }) => operators);
}
