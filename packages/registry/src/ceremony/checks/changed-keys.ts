import { keysRoleOf, regionOfRole, TARGETS } from '../../metadata/delegations.ts';
import { type KeysContent, keysContentOf } from '../content.ts';
import type { Overlay } from '../event/lay-over.ts';

/** A `keys.json` that an event signs. */
export interface ChangedKeys {
  readonly role: string;
  readonly region: string;
  /** What is published now. */
  readonly before: KeysContent;
  readonly after: KeysContent;
}

const NONE: KeysContent = { raw: {}, keys: [], stopped: false };

/** @throws SymbolonError what `keysContentOf` throws */
export function changedKeys({ event, published, next }: Overlay): readonly ChangedKeys[] {
  return [...event.roles.keys()].flatMap((role) => {
    const region = regionOfRole(role);
    if (role === TARGETS || role !== keysRoleOf(region)) return [];
    const before = (published && keysContentOf(published, region)) ?? NONE;
    return [{ role, region, before, after: keysContentOf(next, region) ?? NONE }];
  });
}
