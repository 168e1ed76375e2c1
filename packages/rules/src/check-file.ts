import type { Instant } from '@symbolon/protocol/instant';
import { Rule, RuleSet } from '@symbolon/protocol/schemas/rule-set';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { isJsonObject, type Json } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';
import { compileRules } from './compile-rules.ts';
import { type Fault, fileFault } from './problem.ts';
import type { LooseRule } from './rule-faults.ts';
import { type CompiledRuleSet, compiledFrom } from './rule-set.ts';
import { type Warning, warningsOf } from './warnings.ts';

export interface RuleSetCheck {
  readonly faults: readonly Fault[];
  /** What compiles and is likely not meant. Looked for only where nothing is wrong. */
  readonly warnings: readonly Warning[];
  /** Only where nothing is wrong. */
  readonly compiled: CompiledRuleSet | undefined;
}

/**
 * REQ-RUL-006: everything that is wrong with the file of a rule set, at once: members that are missing or have another form, and what of the rest does not
 * compile against the scheme. A fault whose place begins with `scheme.factTypes` is one of the scheme.
 *
 * Does not check who signed it, its lead time, or that no published version was changed (`successionFaults`).
 *
 * @param json from `parseStrictJson`
 */
export function checkRuleSetFile(json: Json, scheme: Scheme, now: Instant): RuleSetCheck {
  const head = Head.safeParse(json);
  const raw = isJsonObject(json) && Array.isArray(json['rules']) ? json['rules'] : undefined;
  const faults = head.success ? [] : head.error.issues.map((issue) => formFault(issue, [], json));
  if (raw === undefined) return { faults, warnings: [], compiled: undefined };
  const read = raw.map((rule, index) => readRule(rule, ['rules', index]));
  const schemeId = isJsonObject(json) && typeof json['scheme'] === 'string' ? json['scheme'] : undefined;
  const compilation = compileRules(
    schemeId,
    read.map(({ rule }) => rule),
    scheme,
  );
  const all = [...faults, ...read.flatMap((each) => each.faults), ...compilation.faults].sort(byPlace);
  const whole = all.length === 0 ? RuleSet.safeParse(json) : undefined;
  if (whole?.success !== true) return { faults: all, warnings: [], compiled: undefined };
  const compiled = compiledFrom(whole.data, scheme, compilation);
  return { faults: [], warnings: warningsOf(compiled, now), compiled };
}

/** Of each rule, its own members are looked at by themselves. */
const Head = z.object({
  region: RuleSet.shape.region,
  scheme: RuleSet.shape.scheme,
  rules: z.array(z.unknown()),
});
const PartOfRule = z.partial(Rule);

interface ReadRule {
  readonly rule: LooseRule;
  readonly faults: readonly Fault[];
}

/** A rule without the members that cannot be read, which are told. */
function readRule(raw: unknown, at: readonly (string | number)[]): ReadRule {
  const whole = Rule.safeParse(raw);
  if (whole.success) return { rule: whole.data, faults: [] };
  const { issues } = whole.error;
  const bad = new Set(issues.map(({ path }) => path[0]));
  const members = isJsonObject(raw) ? Object.entries(raw).filter(([name]) => !bad.has(name)) : [];
  const rest = PartOfRule.safeParse(Object.fromEntries(members));
  const faults = issues.map((issue) => formFault(issue, at, raw));
  return { rule: rest.success ? rest.data : {}, faults };
}

function formFault({ path }: z.core.$ZodIssue, at: readonly (string | number)[], value: unknown): Fault {
  const inner = path.filter((part) => typeof part !== 'symbol');
  const isMissing = inner.length > 0 && valueAt(value, inner) === undefined;
  return fileFault([...at, ...inner], isMissing ? 'missing' : 'form');
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((inner, part) => {
    if (Array.isArray(inner)) return inner[Number(part)];
    return isJsonObject(inner) && Object.hasOwn(inner, part) ? inner[part] : undefined;
  }, value);
}

/** Rule by rule; what is not of a rule comes first. */
function byPlace(a: Fault, b: Fault): number {
  return ruleOf(a) - ruleOf(b);
}

function ruleOf({ at }: Fault): number {
  return at?.[0] === 'rules' && typeof at[1] === 'number' ? at[1] : -1;
}
