import type { PlaceList } from '@symbolon/protocol/schemas/region';
import type * as z from 'zod/mini';
import type { AnySampleRegion } from './regions.ts';

type PlaceListFile = z.input<typeof PlaceList>;

/** Areas at risk, as all provinces list them. Codes that nobody lives at. */
const AREAS = [
  { place: 'CN-HA.zhengzhou.test-market', risk: 'high' },
  { place: 'CN-GD.foshan.test-harbour', risk: 'medium' },
  { place: 'CN-BJ.haidian.test-park', risk: 'low' },
] as const;

/**
 * `regions/<id>/places.<scheme>.json`: the daily list of areas at risk.
 *
 * @param at when it was drawn up, as `formatInstant` writes it
 */
export function samplePlaces(
  region: AnySampleRegion,
  scheme: 'health' | 'travel',
  at: string,
): PlaceListFile {
  return {
    region,
    scheme,
    entries: AREAS.map(({ place, risk }) => ({ type: 'riskArea', place, at, fields: { risk } })),
  };
}
