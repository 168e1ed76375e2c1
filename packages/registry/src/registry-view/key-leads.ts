import { addHours, instant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import { keysRoleOf } from '../metadata/delegations.ts';
import type { ClientState, KeyLeads } from './client-state.ts';
import type { RegistryView } from './registry-view.ts';

const FROM_THE_START = instant(0);

/**
 * REQ-KEY-012: since when each key counts. A client that saw a registry without a key knows that the key was published later than that
 * registry was signed; so it has no right to sign before that time and the lead. An honest key never meets this, as its `notBefore` is the
 * lead after its publication. What this client did not look at (its first registry, a region that a partial bundle left out) proves nothing.
 *
 * @param previous the state before this registry
 */
export function nextKeyLeads(
  previous: ClientState | undefined,
  { regions, federation, signedAt }: Pick<RegistryView, 'regions' | 'federation' | 'signedAt'>,
): KeyLeads {
  const seen = previous?.keyLeads ?? {};
  const seenRegions = new Set(Object.keys(seen).map(regionOf));
  const leadHours = Math.min(federation.freshness.referAfterHours, previous?.leadHours ?? Infinity);
  // No later than now: a time that a stolen timestamp key set into the future must not hold back honest keys.
  const late = addHours(instant(Math.min(previous?.newestSignedAt ?? 0, signedAt)), leadHours);
  const wasAbsent = (region: string) =>
    previous !== undefined &&
    (seenRegions.has(region) || own(previous.roleVersions, `${keysRoleOf(region)}.json`) === undefined);

  const kept = Object.entries(seen).filter(([key]) => own(regions, regionOf(key)) === undefined);
  const current = Object.values(regions).flatMap(({ region: { region }, keys }) =>
    keys.map(({ kid }) => {
      const key = `${region}/${kid}`;
      const since = own(seen, key) ?? (wasAbsent(region) ? late : FROM_THE_START);
      return [key, instant(Math.min(since, addHours(signedAt, leadHours)))] as const;
    }),
  );
  return Object.fromEntries([...kept, ...current]);
}

/** Adds to every region the keys that count from later on than they say. */
export function withLateKeys(regions: RegistryView['regions'], leads: KeyLeads): RegistryView['regions'] {
  return Object.fromEntries(
    Object.entries(regions).map(([id, view]) => {
      const late = view.keys.flatMap(({ kid, notBefore }) => {
        const since = own(leads, `${id}/${kid}`) ?? FROM_THE_START;
        return since > notBefore ? [[kid, since] as const] : [];
      });
      return [id, late.length === 0 ? view : { ...view, lateKeys: Object.fromEntries(late) }];
    }),
  );
}

function regionOf(key: string): string {
  return key.slice(0, key.indexOf('/'));
}
