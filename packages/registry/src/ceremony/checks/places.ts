import { fromUtf8 } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import { placeSchemeOfFile } from '../../registry-view/owners.ts';
import { readPlaceList } from '../../registry-view/region-files.ts';
import { type SchemeFile, touchedSchemeFiles, unlessMalformed } from '../scheme-files.ts';
import type { Check } from './check.ts';

/**
 * REQ-ISS-007: what a region says of places is of the fact types that the scheme has for them, also where the scheme changes and the list does not. With a
 * list that is not, clients cannot use the region.
 */
export const checkPlaces: Check = (overlay) =>
  touchedSchemeFiles(overlay, placeSchemeOfFile).flatMap(placeFaults);

function placeFaults({ region, path, scheme, bytes }: SchemeFile): SymbolonError[] {
  const json = unlessMalformed(() => parseStrictJson(fromUtf8(bytes)));
  // What has not even its form is told by `checkContents`.
  const isList =
    json !== undefined && unlessMalformed(() => readPlaceList(region, scheme.id, undefined, json));
  if (json === undefined || !isList) return [];
  try {
    readPlaceList(region, scheme.id, scheme, json);
    return [];
  } catch (error) {
    if (!isSymbolonError(error)) throw error;
    return [new SymbolonError(error.code, { path: `${path} ${error.path ?? ''}`.trim() })];
  }
}
