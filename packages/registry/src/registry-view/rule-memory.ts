import { addHours, DAY_SECONDS, type Instant, instant } from '@symbolon/protocol/instant';
import { POLICY_DEFAULTS, REMEMBERED_DAYS } from '@symbolon/protocol/limits';
import { own } from '@symbolon/protocol/own';
import type { Federation } from '@symbolon/protocol/schemas/federation';
import type { ClientState } from './client-state.ts';
import type { RegistryView } from './registry-view.ts';
import { type RuleHashes, rememberedRules } from './rule-hashes.ts';

/** What a client remembers of when rules were published, from one registry to the next. */
export type RuleMemory = Pick<ClientState, 'lateRules' | 'ruleLeadHours' | 'ruleSchemes'>;

/** The longest validity that a scheme can have, and more: no status that was issued before a rule counted is still valid then. */
const AFTERLIFE_SECONDS = REMEMBERED_DAYS * DAY_SECONDS;

/**
 * REQ-RUL-010: since when each rule counts, where that is later than it says. A client that read a region's rules knows of one that was not among them that it
 * was published later, so the rule has no right to be in force before that time and the lead. What a region publishes first has no lead, and what this client did
 * not read proves nothing; nor does a scheme that the federation did not have then, as its rules may be older than the scheme. The lead that was in force at the
 * publication is not known when it was changed meanwhile: of the two that this client saw, the shorter one counts.
 *
 * @param fresh the hashes of all rules that this registry has
 * @param now the client's clock
 */
export function nextRuleMemory(
  previous: ClientState | undefined,
  {
    regions,
    federation,
    schemes,
    signedAt,
  }: Pick<RegistryView, 'regions' | 'federation' | 'schemes' | 'signedAt'>,
  fresh: RuleHashes,
  now: Instant,
): RuleMemory {
  const ruleLeadHours = leadHoursOf(federation);
  const ruleSchemes = Object.keys(schemes);
  if (previous === undefined) return { lateRules: {}, ruleLeadHours, ruleSchemes };
  // By signed time, too: a clock that ran ahead for a day must not make a client forget.
  const seenAt = instant(Math.min(signedAt, now));
  const lead = Math.min(ruleLeadHours, previous.ruleLeadHours ?? ruleLeadHours);
  const late = new Map(
    Object.entries(previous.lateRules).filter(([, countsFrom]) => seenAt < countsFrom + AFTERLIFE_SECONDS),
  );
  const read = rememberedRules(previous.ruleHashes);
  const isNew = (name: string) =>
    own(fresh, name) !== undefined && own(previous.ruleHashes, name) === undefined;
  for (const [id, { ruleSets }] of Object.entries(regions)) {
    const absentAt = own(previous.keysSeenAt, id);
    if (absentAt === undefined || !read.has(id)) continue;
    const countsFrom = addHours(instant(Math.min(absentAt, now)), lead);
    for (const { scheme, rules } of Object.values(ruleSets)) {
      if (previous.ruleSchemes?.includes(scheme) === false) continue;
      for (const { id: rule, version, from } of rules) {
        const name = `${id}/${scheme}/${rule}@${version}`;
        if (from < countsFrom && isNew(name)) late.set(name, countsFrom);
      }
    }
  }
  return { lateRules: Object.fromEntries(late), ruleLeadHours, ruleSchemes };
}

/** The regions as this client knows them: with the rules that count from later on than they say. */
export function withRuleMemory(
  regions: RegistryView['regions'],
  { lateRules }: RuleMemory,
): RegistryView['regions'] {
  const late = Object.entries(lateRules);
  if (late.length === 0) return regions;
  return Object.fromEntries(
    Object.entries(regions).map(([id, view]) => {
      const here = late.filter(([name]) => name.startsWith(`${id}/`));
      const named = here.map(([name, countsFrom]) => [name.slice(id.length + 1), countsFrom] as const);
      return [id, named.length === 0 ? view : { ...view, lateRules: Object.fromEntries(named) }];
    }),
  );
}

function leadHoursOf({ ruleLeadHours }: Federation): number {
  return ruleLeadHours ?? POLICY_DEFAULTS.ruleLeadHours;
}
