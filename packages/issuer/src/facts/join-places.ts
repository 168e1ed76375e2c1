import { SymbolonError } from '@symbolon/protocol/errors';
import { own } from '@symbolon/protocol/own';
import type { PlaceList } from '@symbolon/protocol/schemas/region';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { checkFact, type Fact } from '@symbolon/rules/fact';
import type { Publication } from '../publication.ts';

const byPlace = new WeakMap<PlaceList, ReadonlyMap<string, readonly number[]>>();

/**
 * What the region has published about the places that these facts name (protocol, section 4): for each entry of the scheme's place list whose place one of the
 * facts has in its field `place`, a fact of the entry's type. Each entry comes once, however many facts name its place. Whether it counts at a time is for
 * the rules to see.
 *
 * @throws SymbolonError `fact-malformed` with the entry's place in the list when it is not of a type that is about places, or not as its type declares
 */
export function placeFacts(publication: Publication, scheme: Scheme, facts: readonly Fact[]): Fact[] {
  const list = own(publication.placeLists, scheme.id);
  if (list === undefined) return [];
  const index = indexOf(list);
  const places = new Set(facts.map(({ fields }) => own(fields, 'place')));
  const joined: Fact[] = [];
  for (const place of places) {
    if (typeof place !== 'string') continue;
    for (const position of index.get(place) ?? []) joined.push(factOf(scheme, list, position));
  }
  return joined;
}

function factOf(scheme: Scheme, list: PlaceList, position: number): Fact {
  const entry = list.entries[position];
  const path = `places.${position}`;
  if (entry === undefined || own(scheme.factTypes, entry.type)?.about !== 'place')
    throw new SymbolonError('fact-malformed', { path: `${path}.type` });
  const { type, at, place, fields } = entry;
  try {
    return checkFact(scheme, { type, at, fields: { ...fields, place } });
  } catch {
    throw new SymbolonError('fact-malformed', { path });
  }
}

/** Positions of a list's entries by place, made once per published list. */
function indexOf(list: PlaceList): ReadonlyMap<string, readonly number[]> {
  const known = byPlace.get(list);
  if (known !== undefined) return known;
  const index = new Map<string, number[]>();
  for (const [position, { place }] of list.entries.entries()) {
    const same = index.get(place);
    if (same === undefined) index.set(place, [position]);
    else same.push(position);
  }
  byPlace.set(list, index);
  return index;
}
