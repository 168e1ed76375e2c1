import { check } from '@symbolon/protocol/schemas/common';
import { Policy } from '@symbolon/protocol/schemas/policy';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { type CompiledPolicy, compilePolicy } from '@symbolon/rules/policy';

/** @throws SymbolonError `policy-malformed`, naming every bad path */
export function readPolicy(value: unknown): Policy {
  return check(Policy, value, 'policy-malformed');
}

interface Known {
  readonly schemes: Readonly<Record<string, Scheme>>;
  readonly compiled: CompiledPolicy;
}

const known = new WeakMap<object, Known>();

/**
 * Reads and compiles a policy once for the schemes of one registry. It is held to its form here, whoever made the object: a misspelt `onContested` must not be
 * passed over. What is changed in the object afterwards has no effect: another policy is another object.
 *
 * @returns `policy` of it is the one to go by
 * @throws SymbolonError `policy-malformed`: an unusable policy is the verifier's mistake, not the holder's, so it is never a verdict
 */
export function policyFor(policy: Policy, schemes: Readonly<Record<string, Scheme>>): CompiledPolicy {
  const before = known.get(policy);
  if (before?.schemes === schemes) return before.compiled;
  const own = before?.compiled.policy ?? structuredClone(readPolicy(policy));
  const compiled = compilePolicy(own, schemes);
  known.set(policy, { schemes, compiled });
  return compiled;
}
