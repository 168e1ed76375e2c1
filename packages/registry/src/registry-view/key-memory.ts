import { DAY_SECONDS, type Instant, instant } from '@symbolon/protocol/instant';
import { REMEMBERED_DAYS } from '@symbolon/protocol/limits';
import { own } from '@symbolon/protocol/own';
import type { RegionKey } from '@symbolon/protocol/schemas/region';
import { keysRoleOf } from '../metadata/delegations.ts';
import type { ClientState } from './client-state.ts';
import { earliestStart, nextLeadHistory } from './lead-history.ts';
import type { RegionView, RegistryView } from './registry-view.ts';

/** What a client remembers of keys, from one registry to the next. */
export type KeyMemory = Pick<ClientState, 'keysSeenAt' | 'keyLeads' | 'leads' | 'revokedKeys'>;

/** A registry that was just read, before what is remembered is applied to it. */
export interface ReadRegistry extends Pick<RegistryView, 'regions' | 'federation' | 'signedAt'> {
  /** Names of the snapshot's files. All roles are in it, also those that this copy does not carry. */
  readonly snapshotFiles: readonly string[];
}

const FROM_THE_START = instant(0);
/** The longest validity that a scheme can have, and more: nothing that a key signed is valid for longer. */
const AFTERLIFE_SECONDS = REMEMBERED_DAYS * DAY_SECONDS;

/**
 * REQ-KEY-012: since when each key counts. A client that read a region's keys knows of a key that was not among them that it was published later; so the key
 * has no right to sign before that time and the lead. An honest key never meets this, as its `notBefore` is the lead after its publication. What this client
 * did not read (its first registry, a region that a partial bundle left out or that was malformed) proves nothing. A key that is given another use or an
 * earlier beginning is another key.
 *
 * @param now the client's clock: a time that a stolen timestamp key set into the future counts as now
 */
export function nextKeyMemory(
  previous: ClientState | undefined,
  registry: ReadRegistry,
  now: Instant,
): KeyMemory {
  const { regions, federation, signedAt } = registry;
  const seenAt = instant(Math.min(signedAt, now));
  const leads = nextLeadHistory(previous?.leads ?? [], federation.freshness.referAfterHours, seenAt);
  const absentAt = new Map([
    ...newlyListed(previous, registry.snapshotFiles, now),
    ...Object.entries(previous?.keysSeenAt ?? {}),
  ]);
  const keyLeads = new Map(
    Object.entries(previous?.keyLeads ?? {}).filter(([name]) => own(regions, regionOf(name)) === undefined),
  );
  for (const { region, keys } of Object.values(regions)) {
    const absent = absentAt.get(region.region);
    const fresh = absent === undefined ? FROM_THE_START : earliestStart(leads, absent);
    for (const key of keys) {
      const name = nameOf(region.region, key);
      const known = own(previous?.keyLeads ?? {}, name);
      const { notBefore } = key;
      const isKnown = known !== undefined && known.notBefore <= notBefore;
      keyLeads.set(name, isKnown ? known : { countsFrom: fresh, notBefore });
    }
  }
  for (const id of Object.keys(regions)) absentAt.set(id, latest(seenAt, absentAt.get(id)));
  return {
    keysSeenAt: Object.fromEntries(absentAt),
    keyLeads: Object.fromEntries(keyLeads),
    leads,
    revokedKeys: nextRevoked(previous?.revokedKeys ?? {}, regions, seenAt),
  };
}

/** The regions as this client knows them: with the keys that count from later on than they say, and what was revoked for good. */
export function withKeyMemory(
  regions: RegistryView['regions'],
  { keyLeads, revokedKeys }: KeyMemory,
): RegistryView['regions'] {
  return Object.fromEntries(
    Object.entries(regions).map(([id, view]) => {
      const late = view.keys.flatMap((key) => {
        const since = own(keyLeads, nameOf(id, key))?.countsFrom ?? FROM_THE_START;
        return since > key.notBefore ? [[key.kid, since] as const] : [];
      });
      const isUnrevoked = view.keys.some(
        ({ kid, revoked }) => revoked === undefined && own(revokedKeys, `${id}/${kid}`),
      );
      if (late.length === 0 && !isUnrevoked) return [id, view];
      return [
        id,
        { ...view, lateKeys: Object.fromEntries(late), keys: keysRevokedFor(view, id, revokedKeys) },
      ];
    }),
  );
}

/** REQ-KEY-005: a revocation is for good, whoever publishes the key again without it. */
function keysRevokedFor(
  { keys }: RegionView,
  id: string,
  revokedKeys: KeyMemory['revokedKeys'],
): readonly RegionKey[] {
  return keys.map((key) => {
    const seen = own(revokedKeys, `${id}/${key.kid}`);
    return key.revoked !== undefined || seen === undefined
      ? key
      : { ...key, revoked: { since: seen.since, reason: seen.reason } };
  });
}

function nextRevoked(
  before: KeyMemory['revokedKeys'],
  regions: RegistryView['regions'],
  seenAt: Instant,
): KeyMemory['revokedKeys'] {
  const kept = Object.entries(before).filter(([, { until }]) => seenAt < until + AFTERLIFE_SECONDS);
  const current = Object.entries(regions).flatMap(([id, { keys }]) =>
    keys.flatMap(({ kid, revoked, notAfter }) =>
      revoked === undefined ? [] : [[`${id}/${kid}`, { ...revoked, until: notAfter }] as const],
    ),
  );
  return Object.fromEntries([...kept, ...current]);
}

/** Roles that the snapshot lists for the first time were not there before, whatever this copy carries of them. */
function newlyListed(
  previous: ClientState | undefined,
  snapshotFiles: readonly string[],
  now: Instant,
): [region: string, absentAt: Instant][] {
  if (previous === undefined) return [];
  const suffix = `${keysRoleOf('')}.json`;
  const absentAt = instant(Math.min(previous.newestSignedAt, now));
  return snapshotFiles
    .filter((file) => file.endsWith(suffix) && own(previous.roleVersions, file) === undefined)
    .map((file) => [file.slice(0, -suffix.length), absentAt]);
}

function nameOf(region: string, { use, kid }: RegionKey): string {
  return `${region}/${use}/${kid}`;
}

function regionOf(name: string): string {
  return name.slice(0, name.indexOf('/'));
}

function latest(a: Instant, b: Instant | undefined): Instant {
  return b !== undefined && b > a ? b : a;
}
