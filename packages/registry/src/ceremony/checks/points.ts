import { kidOf } from '@symbolon/keys/kid';
import { isOnCurve } from '@symbolon/keys/on-curve';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import { regionOfRole, TARGETS } from '../../metadata/delegations.ts';
import { regionFile } from '../../registry-view/owners.ts';
import { keysIn } from '../authority.ts';
import type { Overlay } from '../event/lay-over.ts';
import { changedKeys } from './changed-keys.ts';
import { givenAuthorities, holdersBefore } from './given.ts';
import { operatorsOf, sourcesOf } from './operators.ts';

/**
 * REQ-KEY-006: every key that is new is a point of its curve. One that is none signs nothing, but would count as an admin of a threshold, or as a key that
 * a region has left.
 */
export function pointFaults(overlay: Overlay): readonly SymbolonError[] {
  const { event, next } = overlay;
  const known = holdersBefore(overlay);
  const given = [...givenAuthorities(overlay)].flatMap(([path, authority]) =>
    keysIn(authority).flatMap((jwk) => (known.has(kidOf(jwk)) ? [] : [{ path, jwk }])),
  );
  const published = changedKeys(overlay).flatMap(({ region, before, after }) => {
    const old = new Set(before.keys.map(({ kid }) => kid));
    const path = regionFile(region, 'keys.json');
    return after.keys.flatMap(({ kid, jwk }) => (old.has(kid) ? [] : [{ path, jwk }]));
  });
  const operators = [...event.roles.keys()]
    .filter((role) => role !== TARGETS && regionOfRole(role) === role)
    .flatMap((region) =>
      [...operatorsOf(next, region), ...sourcesOf(next, region)].map(({ jwk }) => ({
        path: regionFile(region, 'region.json'),
        jwk,
      })),
    );
  return offCurve([...given, ...published, ...operators]);
}

function offCurve(keys: readonly { readonly path: string; readonly jwk: PublicJwk }[]): SymbolonError[] {
  const paths = new Set(keys.filter(({ jwk }) => !isOnCurve(jwk)).map(({ path }) => path));
  return [...paths].map((path) => new SymbolonError('key-malformed', { path }));
}
