import { own } from '@symbolon/protocol/own';
import type { PlaceList } from '@symbolon/protocol/schemas/region';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import type { Fact } from './fact.ts';

/** An entry of a region's list as the fact that rules read: `place` is one of its fields. */
export function placeFact({ type, at, place, fields }: PlaceList['entries'][number]): Fact {
  return { type, at, fields: { ...fields, place } };
}

/**
 * What a region has published of the places that a subject's facts name in a field `place`: these facts join the subject's when rules run. Rules see no
 * other place of the list.
 *
 * @param facts of the subject
 */
export function placeFactsFor(
  scheme: Scheme,
  facts: readonly Fact[],
  list: PlaceList | undefined,
): readonly Fact[] {
  if (list === undefined) return [];
  const places = new Set(facts.map(({ fields }) => own(fields, 'place')));
  return list.entries
    .filter(({ type, place }) => own(scheme.factTypes, type)?.about === 'place' && places.has(place))
    .map(placeFact);
}
