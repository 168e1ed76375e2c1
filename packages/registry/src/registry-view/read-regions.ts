import type { Code } from '@symbolon/protocol/codes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { parentRegion } from '@symbolon/protocol/ids';
import { type Instant, instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { own } from '@symbolon/protocol/own';
import type { PlaceList, Recognition } from '@symbolon/protocol/schemas/region';
import type { RuleSet } from '@symbolon/protocol/schemas/rule-set';
import { keysRoleOf, regionOfRole, TARGETS, type TrustedRole } from '../metadata/delegations.ts';
import { concurrently } from './concurrently.ts';
import type { RoleTree } from './load-metadata.ts';
import { placeSchemeOfFile, regionFile, ruleSchemeOfFile } from './owners.ts';
import type { Targets } from './read-target.ts';
import { readPlaceList, readRecognition, readRegion, readRegionKeys, readRuleSet } from './region-files.ts';
import type { RegionFault, RegionView, RegistryView } from './registry-view.ts';
import {
  checkRulesUnchanged,
  hashEach,
  nameHashes,
  type RuleHashes,
  rememberedRules,
} from './rule-hashes.ts';
import { Twins } from './twins.ts';

export interface ReadRegions {
  readonly regions: Readonly<Record<string, RegionView>>;
  readonly malformedRegions: Readonly<Record<string, RegionFault>>;
  readonly ruleHashes: RuleHashes;
}

/**
 * REQ-REG-019: every region by itself. What is wrong with one makes that one unusable and no other.
 *
 * @throws what the source throws because it cannot know (`metadata-unreachable`)
 */
export async function readRegions(
  tree: RoleTree,
  snapshotFiles: readonly string[],
  targets: Targets,
  { seenRules, schemes }: RuleMemory,
  now: Instant,
): Promise<ReadRegions> {
  const remembered = rememberedRules(seenRules);
  const faults = new Map<string, RegionFault>();
  const twins: RegionTwins = { rules: new Twins(), recognition: new Twins() };
  const read = await concurrently(regionIds(tree), async (id) => {
    const roles = acceptedRoles(tree, id);
    if (typeof roles === 'string') {
      faults.set(id, roles);
      return undefined;
    }
    try {
      return [id, await readOne(id, roles, targets, { seenRules, schemes, remembered }, twins, now)] as const;
    } catch (error) {
      if (!isSymbolonError(error) || error.code === 'metadata-unreachable') throw error;
      faults.set(id, error.code === 'rule-mutated' ? 'rule-mutated' : 'region-malformed');
      return undefined;
    }
  });
  const usable = new Map(read.filter((entry) => entry !== undefined));
  for (const id of sharedNames(usable)) {
    usable.delete(id);
    faults.set(id, 'region-malformed');
  }
  for (const [id, fault] of hiddenRegions(tree, snapshotFiles)) faults.set(id, fault);
  return {
    regions: Object.fromEntries([...usable].map(([id, { view }]) => [id, view])),
    malformedRegions: Object.fromEntries(faults),
    ruleHashes: Object.assign({}, ...[...usable.values()].map((each) => each.ruleHashes)),
  };
}

export interface RuleMemory {
  readonly seenRules: RuleHashes;
  /** Of the federation. */
  readonly schemes: RegistryView['schemes'];
}

interface RegionTwins {
  readonly rules: Twins<{ readonly ruleSet: RuleSet; readonly hashes: readonly string[] }>;
  readonly recognition: Twins<Recognition>;
}

interface OneRegion {
  readonly view: RegionView;
  readonly ruleHashes: RuleHashes;
}

async function readOne(
  id: string,
  { role, keysRole }: RegionRoles,
  targets: Targets,
  { seenRules, schemes, remembered }: RuleMemory & { readonly remembered: ReadonlyMap<string, number> },
  twins: RegionTwins,
  now: Instant,
): Promise<OneRegion> {
  const json = (name: string) => targets.readJson(regionFile(id, name));
  const listed = Object.keys(role.metadata.signed.targets);

  const ruleSets: Record<string, RuleSet> = {};
  const ruleHashes: Record<string, string> = {};
  for (const path of listed) {
    const scheme = ruleSchemeOfFile(id, path);
    // Rules for a scheme that the federation does not have decide nothing, and are not remembered.
    if (scheme === undefined || own(schemes, scheme) === undefined) continue;
    const twin = twins.rules.read(id, scheme, await targets.read(path), (json) => {
      const ruleSet = readRuleSet(id, scheme, json);
      return { ruleSet, hashes: hashEach(ruleSet, json) };
    });
    const ruleSet = { ...twin.ruleSet, region: id };
    ruleSets[scheme] = ruleSet;
    nameHashes(ruleSet, twin.hashes, ruleHashes);
  }
  checkRulesUnchanged(seenRules, ruleHashes);
  // REQ-REG-019: a region that publishes new rules without end fills its own room only.
  const fresh = Object.keys(ruleHashes).filter((rule) => own(seenRules, rule) === undefined).length;
  if ((remembered.get(id) ?? 0) + fresh > LIMITS.rulesRemembered)
    throw new SymbolonError('region-malformed', { path: 'rules', bound: LIMITS.rulesRemembered });

  const placeLists: Record<string, PlaceList> = {};
  for (const path of listed) {
    const schemeId = placeSchemeOfFile(id, path);
    const scheme = schemeId === undefined ? undefined : own(schemes, schemeId);
    if (schemeId === undefined || scheme === undefined) continue;
    placeLists[schemeId] = readPlaceList(id, schemeId, scheme, await targets.readJson(path));
  }

  const expires = instant(Math.min(role.expires, keysRole.expires));
  const recognition = regionFile(id, 'recognition.json');
  const view = {
    region: readRegion(id, await json('region.json')),
    keys: readRegionKeys(id, await json('keys.json')).keys,
    // Told by who knows what was seen before: `withKeyMemory`.
    lateKeys: {},
    lateRules: {},
    ruleSets,
    placeLists,
    recognition: listed.includes(recognition)
      ? {
          ...twins.recognition.read(id, 'recognition', await targets.read(recognition), (json) =>
            readRecognition(id, json),
          ),
          region: id,
        }
      : undefined,
    expires,
    expired: now >= expires,
  };
  return { view, ruleHashes };
}

interface RegionRoles {
  readonly role: TrustedRole;
  readonly keysRole: TrustedRole;
}

/** Both roles of a region, or why one of them was not accepted. */
function acceptedRoles({ roles, faults }: RoleTree, id: string): RegionRoles | RegionFault {
  const [role, keysRole] = [roles.get(id), roles.get(keysRoleOf(id))];
  if (role !== undefined && keysRole !== undefined) return { role, keysRole };
  return faultOf(faults.get(role === undefined ? id : keysRoleOf(id)));
}

/** Every region that the registry delegates to, accepted or not. */
function regionIds({ roles, faults }: RoleTree): string[] {
  const names = [...roles.keys(), ...faults.keys()].filter((name) => name !== TARGETS);
  return [...new Set(names.map(regionOfRole))];
}

function faultOf(code: Code = 'metadata-missing'): RegionFault {
  if (code === 'metadata-missing') return code;
  return code === 'metadata-expired' ? 'region-expired' : 'region-malformed';
}

/** Regions that share an issuer URL or a DID: a verifier could not tell one from the other, so it gets neither. */
function sharedNames(usable: ReadonlyMap<string, OneRegion>): string[] {
  const owners = new Map<string, string[]>();
  for (const [id, { view }] of usable) {
    for (const name of [view.region.issuer, view.region.did]) {
      owners.set(name, [...(owners.get(name) ?? []), id]);
    }
  }
  return [...owners.values()].filter((ids) => ids.length > 1).flat();
}

/** Regions below one whose role was not accepted: their delegations cannot be read, only their names in the snapshot. */
function hiddenRegions(tree: RoleTree, snapshotFiles: readonly string[]): [string, RegionFault][] {
  return snapshotFiles.flatMap((file): [string, RegionFault][] => {
    const role = file.slice(0, -'.json'.length);
    const id = regionOfRole(role);
    if (role === id || tree.roles.has(role) || tree.faults.has(role)) return [];
    for (let above = parentRegion(id); above !== undefined; above = parentRegion(above)) {
      const code = tree.faults.get(above);
      if (code !== undefined) return [[id, faultOf(code)]];
    }
    return [];
  });
}
