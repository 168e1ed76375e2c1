import { addHours, type Instant, instant } from '@symbolon/protocol/instant';
import { RuleSet } from '@symbolon/protocol/schemas/rule-set';
import { beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { jsonFile } from '../ceremony/json-file.ts';
import { updateRole } from '../ceremony/update-role.ts';
import {
  ADMINS,
  createSmallRegistry,
  FEDERATION,
  NOW,
  republish,
  type SmallRegistry,
} from '../testing/small-registry.ts';
import { ClientState } from './client-state.ts';
import { openRegistry } from './open-registry.ts';
import { regionFile } from './owners.ts';

/** Published by the lower road, which holds no rule to its lead: as admins do who pass over it. */

const LEAD_HOURS = 24;
let registry: SmallRegistry;
let seen: ClientState;

beforeEach(async () => {
  registry = await createSmallRegistry();
  seen = (await open(NOW)).state;
});

const open = (now: Instant, state?: ClientState, expiry: 'online' | 'offline' = 'online') =>
  openRegistry({ read: registry.store.files, pinnedRoot: registry.pinnedRoot, state, now, expiry });
const lateRules = (view: Awaited<ReturnType<typeof open>>['view'], region = 'CN-HA') =>
  view.regions[region]?.lateRules;

/** Adds a version of `clear`. */
async function publishRule(version: number, from: Instant, at: Instant) {
  const { view } = await open(at);
  const ruleSet = view.regions['CN-HA']?.ruleSets['health'];
  const [rule] = ruleSet?.rules ?? [];
  if (ruleSet === undefined || rule === undefined) throw new Error('no rules');
  const changed = z.encode(RuleSet, { ...ruleSet, rules: [...ruleSet.rules, { ...rule, version, from }] });
  const put = new Map([[regionFile('CN-HA', 'rules.health.json'), jsonFile(changed)]]);
  await republish(registry, at, (draft) =>
    updateRole(draft, { role: 'CN-HA', put }, registry.regions['CN-HA'].admins, at),
  );
}

function publishLead(ruleLeadHours: number, at: Instant) {
  const put = new Map([['federation.json', jsonFile({ ...FEDERATION, ruleLeadHours })]]);
  return republish(registry, at, (draft) => updateRole(draft, { role: 'targets', put }, ADMINS, at));
}

describe('REQ-RUL-010 a client that knew the rules of a region knows which was published without its lead', () => {
  it('it counts from the lead after the registry that did not have it, and not from when it says', async () => {
    const at = addHours(NOW, 2);
    await publishRule(2, NOW, at);
    const { view, state } = await open(at, seen);
    expect(lateRules(view)).toEqual({ 'health/clear@2': addHours(NOW, LEAD_HOURS) });
    expect(lateRules(view, 'CN-BJ')).toEqual({});
    expect(state.lateRules).toEqual({ 'CN-HA/health/clear@2': addHours(NOW, LEAD_HOURS) });
  });

  it('one that keeps its lead is not late, nor one a second before it', async () => {
    const at = addHours(NOW, 2);
    await publishRule(2, addHours(NOW, LEAD_HOURS), at);
    expect(lateRules((await open(at, seen)).view)).toEqual({});
    await publishRule(3, instant(addHours(NOW, LEAD_HOURS) - 1), at);
    expect(lateRules((await open(at, seen)).view)).toEqual({ 'health/clear@3': addHours(NOW, LEAD_HOURS) });
  });

  it('is remembered by the next registry, through JSON, until nothing that was issued before is valid', async () => {
    const at = addHours(NOW, 2);
    await publishRule(2, NOW, at);
    const { state } = await open(at, seen);
    const kept = z.decode(ClientState, JSON.parse(JSON.stringify(z.encode(ClientState, state))));
    const next = addHours(NOW, 3);
    await publishRule(3, addHours(NOW, 80), next);
    expect(lateRules((await open(next, kept)).view)).toEqual({ 'health/clear@2': addHours(NOW, LEAD_HOURS) });
    const old = { ...kept, lateRules: { 'CN-HA/health/clear@2': addHours(NOW, -40 * 24 - 1) } };
    expect((await open(next, old)).state.lateRules).toEqual({});
    // By signed time as well: a clock that ran ahead for a day makes nobody forget.
    expect((await open(addHours(next, 50 * 24), kept, 'offline')).state.lateRules).toEqual(kept.lateRules);
  });

  it('a first registry proves nothing, and a region that is new publishes without a lead', async () => {
    const at = addHours(NOW, 2);
    await publishRule(2, NOW, at);
    expect(lateRules((await open(at)).view)).toEqual({});
    const { 'CN-HA': _, ...others } = seen.keysSeenAt;
    expect(lateRules((await open(at, { ...seen, keysSeenAt: others })).view)).toEqual({});
  });

  it('so does a region that was known to be there, and not read, and a scheme that the federation did not have', async () => {
    const at = addHours(NOW, 2);
    await publishRule(2, NOW, at);
    const unread = Object.fromEntries(
      Object.entries(seen.ruleHashes).filter(([name]) => !name.startsWith('CN-HA/')),
    );
    expect(lateRules((await open(at, { ...seen, ruleHashes: unread })).view)).toEqual({});
    expect(seen.ruleSchemes).toEqual(['health']);
    expect(lateRules((await open(at, { ...seen, ruleSchemes: [] })).view)).toEqual({});
  });

  it('the lead is the federation’s; of two the shorter, as nobody knows which was in force', async () => {
    const changed = addHours(NOW, 1);
    await publishLead(72, changed);
    const longer = await open(changed, seen);
    await publishRule(2, addHours(NOW, 30), changed);
    expect(lateRules((await open(changed, seen)).view)).toEqual({});
    const { view } = await open(changed, longer.state);
    expect(lateRules(view)).toEqual({ 'health/clear@2': addHours(changed, 72) });
    await publishLead(0, changed);
    expect(lateRules((await open(changed, longer.state)).view)).toEqual({});
  });

  it('a state from before leads were remembered goes by the lead of now', async () => {
    const { ruleLeadHours: _, ...old } = seen;
    const at = addHours(NOW, 2);
    await publishRule(2, NOW, at);
    const { view, state } = await open(at, old);
    expect(lateRules(view)).toEqual({ 'health/clear@2': addHours(NOW, LEAD_HOURS) });
    expect(state.ruleLeadHours).toBe(LEAD_HOURS);
  });

  it('a clock that runs behind the registry makes no honest rule late', async () => {
    const at = addHours(NOW, 2);
    await publishRule(2, addHours(at, LEAD_HOURS), at);
    const ahead = { ...seen, keysSeenAt: { ...seen.keysSeenAt, 'CN-HA': addHours(at, 9) } };
    expect(lateRules((await open(at, ahead)).view)).toEqual({});
  });
});
