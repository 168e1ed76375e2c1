import * as z from 'zod/mini';
import { LIMITS } from '../limits.ts';
import { InstantText, Name, RegionId, Words } from './common.ts';

/** One published rule. Immutable: a change is a new version. */
export const Rule = z.object({
  id: Name,
  version: z.int().check(z.gte(1), z.lte(999_999)),
  level: Name,
  /** CEL over the scheme's fact types and `now`; yields a bool. */
  when: z.string().check(z.minLength(1), z.maxLength(LIMITS.celExpressionChars)),
  /** Offices of the region that may decide by this rule. */
  authorities: z.array(Name).check(z.minLength(1), z.maxLength(16)),
  evidence: Name,
  legalBasis: Words,
  words: Words,
  /** In force from this hour until the sunset. */
  from: InstantText,
  sunset: InstantText,
  /** How long the authority has to answer a contest. */
  contestHours: z.int().check(z.gte(1), z.lte(24 * 90)),
});
export type Rule = z.output<typeof Rule>;

/** `regions/<id>/rules.<scheme>.json`, signed by role `<id>`. The first rule that is in force and true decides. */
export const RuleSet = z.object({
  region: RegionId,
  scheme: Name,
  rules: z.array(Rule).check(
    z.minLength(1),
    z.maxLength(LIMITS.rulesPerSet),
    z.refine((rules) => new Set(rules.map((rule) => `${rule.id}@${rule.version}`)).size === rules.length),
  ),
});
export type RuleSet = z.output<typeof RuleSet>;
