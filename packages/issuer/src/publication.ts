import type { Signer } from '@symbolon/keys/signer';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import type { Federation } from '@symbolon/protocol/schemas/federation';
import type { LogPlace } from '@symbolon/protocol/schemas/log';
import type { KeyUse, PlaceList, Region, RegionKey } from '@symbolon/protocol/schemas/region';
import type { RuleSet } from '@symbolon/protocol/schemas/rule-set';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { signingOrder } from '@symbolon/registry/epochs';
import { type CompiledRuleSet, compileRuleSet } from '@symbolon/rules/rule-set';

/**
 * What this region has published in the registry, verified against the pinned root. The issuer decides and signs by this
 * alone: a rule that is not published cannot be used, and a key that is not published does not sign.
 */
export interface Publication {
  readonly region: Region;
  readonly keys: readonly RegionKey[];
  readonly schemes: Readonly<Record<string, Scheme>>;
  readonly ruleSets: Readonly<Record<string, RuleSet>>;
  /** Facts about places, by scheme. */
  readonly placeLists: Readonly<Record<string, PlaceList>>;
  readonly federation: Federation;
  /** The region that delegates this one; a top-level region has none. */
  readonly parent: Region | undefined;
  /**
   * Where its decisions are logged: its own log, or that of the nearest region above it that has one. `unknown` where a region that may have one cannot be read now; left out where there
   * is none.
   */
  readonly log?: LogPlace | 'unknown' | undefined;
}

/** @throws SymbolonError `scheme-unknown` */
export function schemeOf(publication: Publication, scheme: string): Scheme {
  const found = own(publication.schemes, scheme);
  if (found === undefined) throw new SymbolonError('scheme-unknown');
  return found;
}

/**
 * The signer of the current epoch: published for `use`, valid at `at`, not revoked. Of several the newest is held in reserve, and signs when no other
 * can (registry, epochs).
 *
 * @throws SymbolonError `issuer-key-unavailable`
 */
export function signerFor(
  publication: Publication,
  use: KeyUse,
  at: Instant,
  signers: readonly Signer[],
): { signer: Signer; key: RegionKey } {
  for (const key of signingOrder(publication.keys, use, at)) {
    const signer = signers.find((each) => each.kid === key.kid && each.alg === key.alg);
    if (signer !== undefined) return { signer, key };
  }
  throw new SymbolonError('issuer-key-unavailable');
}

const compiled = new WeakMap<RuleSet, CompiledRuleSet>();

/**
 * The region's published rules for a scheme, compiled once per publication.
 *
 * @throws SymbolonError `rule-unknown` when the region has published none, `rule-set-malformed`
 */
export function rulesOf(publication: Publication, scheme: Scheme): CompiledRuleSet {
  const ruleSet = own(publication.ruleSets, scheme.id);
  if (ruleSet === undefined) throw new SymbolonError('rule-unknown');
  // REQ-RUL-004: a decision in the name of an office that the region does not list would be refused everywhere.
  const isListed = (authority: string) => own(publication.region.authorities, authority) !== undefined;
  const unlisted = ruleSet.rules.findIndex(({ authorities }) => !authorities.every(isListed));
  if (unlisted >= 0) throw new SymbolonError('rule-set-malformed', { path: `rules.${unlisted}.authorities` });
  let rules = compiled.get(ruleSet);
  if (rules === undefined) {
    rules = compileRuleSet(ruleSet, scheme);
    compiled.set(ruleSet, rules);
  }
  return rules;
}
