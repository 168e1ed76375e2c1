import { type Bytes, fromUtf8 } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import type { Region } from '@symbolon/protocol/schemas/region';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import { regionOfRole, TARGETS } from '../../metadata/delegations.ts';
import { regionFile } from '../../registry-view/owners.ts';
import { readRegion } from '../../registry-view/region-files.ts';
import { contentOf } from '../content.ts';
import type { Draft } from '../draft.ts';
import type { Overlay } from '../event/lay-over.ts';
import type { Check } from './check.ts';

/** REQ-REG-019: of two regions that share an issuer URL or a DID, clients use neither. */
export const checkSharedNames: Check = (overlay) => {
  const owners = new Map<string, string[]>();
  for (const [region, { issuer, did }] of namesOf(overlay)) {
    for (const name of [issuer, did]) owners.set(name, [...(owners.get(name) ?? []), region]);
  }
  const shared = [...owners.values()].filter((regions) => regions.length > 1).flat();
  return [...new Set(shared)]
    .filter((region) => overlay.event.roles.has(region))
    .map((region) => new SymbolonError('region-malformed', { path: regionFile(region, 'region.json') }));
};

function namesOf({ event, next, after }: Overlay): ReadonlyMap<string, Region> {
  const names = new Map<string, Region>();
  for (const role of after.keys()) {
    if (role === TARGETS || regionOfRole(role) !== role) continue;
    const region = event.roles.has(role)
      ? regionIn(role, contentOf(next, role, regionFile(role, 'region.json')))
      : (next.base?.view.regions[role]?.region ?? publishedRegion(next, role));
    if (region !== undefined) names.set(role, region);
  }
  return names;
}

function regionIn(role: string, bytes: Bytes | undefined): Region | undefined {
  return bytes && readRegion(role, parseStrictJson(fromUtf8(bytes)));
}

/** A region that clients cannot use now has its names all the same, if they can be read. */
function publishedRegion(next: Draft, role: string): Region | undefined {
  try {
    return regionIn(role, contentOf(next, role, regionFile(role, 'region.json')));
  } catch (error) {
    if (isSymbolonError(error)) return undefined;
    throw error;
  }
}
