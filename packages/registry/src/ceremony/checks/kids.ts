import { kidOf } from '@symbolon/keys/kid';
import { fromUtf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import { keysRoleOf, regionOfRole, TARGETS } from '../../metadata/delegations.ts';
import { regionFile } from '../../registry-view/owners.ts';
import { readRegion } from '../../registry-view/region-files.ts';
import { keysIn } from '../authority.ts';
import { contentOf, keysContentOf } from '../content.ts';
import type { Overlay } from '../event/lay-over.ts';
import { givenAuthorities } from './authorities.ts';
import type { Check } from './check.ts';

/**
 * REQ-KEY-011: every key has one use, so no kid is found twice among a region's admins, its keys role, its `keys.json` and its operators. Only
 * regions that the event touches are looked at.
 */
export const checkKids: Check = (overlay) => {
  const touched = [...overlay.event.roles.keys(), ...givenAuthorities(overlay).keys()]
    .filter((role) => role !== TARGETS && overlay.after.has(role))
    .map(regionOfRole);
  return [...new Set(touched)]
    .filter((region) => hasDuplicate(overlay, region))
    .map((path) => new SymbolonError('key-duplicate', { path }));
};

function hasDuplicate({ next, after }: Overlay, region: string): boolean {
  const held = (role: string) => {
    const authority = after.get(role)?.authority;
    return new Set(authority === undefined ? [] : keysIn(authority).map(kidOf));
  };
  const published = keysContentOf(next, region)?.keys ?? [];
  const uses = [
    held(region),
    held(keysRoleOf(region)),
    operatorsOf(next, region),
    ...published.map(({ kid }) => new Set([kid])),
  ];
  const all = uses.flatMap((kids) => [...kids]);
  return new Set(all).size < all.length;
}

/** One person may work for two authorities. */
function operatorsOf(next: Overlay['next'], region: string): Set<string> {
  const bytes = contentOf(next, region, regionFile(region, 'region.json'));
  if (bytes === undefined) return new Set();
  const { authorities } = readRegion(region, parseStrictJson(fromUtf8(bytes)));
  return new Set(Object.values(authorities).flatMap(({ operators }) => operators.map(({ kid }) => kid)));
}
