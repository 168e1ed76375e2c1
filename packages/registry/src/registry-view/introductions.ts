import { addHours, type Instant } from '@symbolon/protocol/instant';
import { POLICY_DEFAULTS } from '@symbolon/protocol/limits';
import { own } from '@symbolon/protocol/own';
import type { RegionKey } from '@symbolon/protocol/schemas/region';
import { keysRoleOf } from '../metadata/delegations.ts';
import type { ClientState } from './client-state.ts';
import { earliestStart } from './lead-history.ts';
import type { SignedRegistry } from './open-registry.ts';
import type { RegionView, RegistryView } from './registry-view.ts';
import type { SignedRoles } from './signed-roles.ts';

/**
 * Since when everyone could see what a registry has, from whoever can prove it (the log of its publications). Nothing: it was there from the beginning, and
 * has no lead to show.
 */
export interface Introductions {
  role(role: string, keyid: string): Instant | undefined;
  key(region: string, key: RegionKey): Instant | undefined;
  /** @param sha256 of the rule in canonical JSON, in hex */
  rule(region: string, scheme: string, rule: string, sha256: string): Instant | undefined;
}

/**
 * The registry as it counts once it is known since when everything in it was public: keys and rules by the later of what the client saw itself and of this, and
 * without the regions for which keys signed that are too new in their roles.
 *
 * @param previous the state before this registry was opened
 */
export async function withIntroductions(
  { view, state, signedRoles }: SignedRegistry,
  introductions: Introductions,
  previous: ClientState | undefined,
  now: Instant,
): Promise<RegistryView> {
  const unready = await regionsWithoutLead(view, signedRoles, introductions, now);
  const usable = Object.entries(view.regions).filter(([id]) => !unready.has(id));
  const regions = usable.map(([id, region]) => {
    const lateKeys = lateKeysOf(id, region, state, introductions);
    const lateRules = lateRulesOf(id, region, view, { previous, state }, introductions);
    const isEarly = Object.keys(lateKeys).length + Object.keys(lateRules).length === 0;
    const late = {
      lateKeys: latestOf(region.lateKeys, lateKeys),
      lateRules: latestOf(region.lateRules, lateRules),
    };
    return [id, isEarly ? region : { ...region, ...late }] as const;
  });
  const faults = [...unready].filter((id) => own(view.regions, id) !== undefined);
  return {
    ...view,
    regions: Object.fromEntries(regions),
    malformedRegions: {
      ...view.malformedRegions,
      ...Object.fromEntries(faults.map((id) => [id, 'role-without-lead' as const])),
    },
  };
}

/**
 * REQ-LOG-018: a key counts for a role of a region once it was public there for the lead. Where those that count did not sign, nothing rests on what the role
 * says, nor on whom it delegates.
 */
async function regionsWithoutLead(
  { regions, federation }: RegistryView,
  roles: SignedRoles,
  introductions: Introductions,
  now: Instant,
): Promise<ReadonlySet<string>> {
  const { referAfterHours } = federation.freshness;
  const isSeasoned = (role: string) => (keyid: string) => {
    const at = introductions.role(role, keyid);
    return at === undefined || now >= addHours(at, referAfterHours);
  };
  const unready = new Set<string>();
  // Roles stand in the order in which they were accepted: whoever delegates comes before.
  for (const [name, { keyids, delegates, isSignedBy }] of roles) {
    const seasoned = keyids.filter(isSeasoned(name));
    if (unready.has(name) || (seasoned.length < keyids.length && !(await isSignedBy(seasoned))))
      for (const role of [name, ...delegates]) unready.add(role);
  }
  return new Set(Object.keys(regions).filter((id) => unready.has(id) || unready.has(keysRoleOf(id))));
}

/** REQ-KEY-012 */
function lateKeysOf(
  id: string,
  { keys }: RegionView,
  { leads }: ClientState,
  introductions: Introductions,
): Readonly<Record<string, Instant>> {
  const late = keys.flatMap((key) => {
    const at = introductions.key(id, key);
    const since = at === undefined ? undefined : earliestStart(leads, at);
    return since !== undefined && since > key.notBefore ? [[key.kid, since] as const] : [];
  });
  return Object.fromEntries(late);
}

/** REQ-RUL-010: of the lead now and the one that this client saw last, the shorter one counts, as for what it saw itself. */
function lateRulesOf(
  id: string,
  { ruleSets }: RegionView,
  { federation }: RegistryView,
  { previous, state }: { readonly previous: ClientState | undefined; readonly state: ClientState },
  introductions: Introductions,
): Readonly<Record<string, Instant>> {
  const hours = federation.ruleLeadHours ?? POLICY_DEFAULTS.ruleLeadHours;
  const lead = Math.min(hours, previous?.ruleLeadHours ?? hours);
  const late = Object.values(ruleSets).flatMap(({ scheme, rules }) =>
    rules.flatMap((rule) => {
      const ref = `${rule.id}@${rule.version}`;
      const at = introductions.rule(id, scheme, ref, own(state.ruleHashes, `${id}/${scheme}/${ref}`) ?? '');
      const since = at === undefined ? undefined : addHours(at, lead);
      return since !== undefined && rule.from < since ? [[`${scheme}/${ref}`, since] as const] : [];
    }),
  );
  return Object.fromEntries(late);
}

function latestOf(
  a: Readonly<Record<string, Instant>>,
  b: Readonly<Record<string, Instant>>,
): Readonly<Record<string, Instant>> {
  const latest = new Map(Object.entries(a));
  for (const [name, at] of Object.entries(b)) {
    const other = latest.get(name);
    if (other === undefined || other < at) latest.set(name, at);
  }
  return Object.fromEntries(latest);
}
