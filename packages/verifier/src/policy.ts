import { check } from '@symbolon/protocol/schemas/common';
import { Policy } from '@symbolon/protocol/schemas/policy';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { type CompiledPolicy, compilePolicy } from '@symbolon/rules/policy';

/** @throws SymbolonError `policy-malformed`, naming every bad path */
export function readPolicy(value: unknown): Policy {
  return check(Policy, value, 'policy-malformed');
}

const compiled = new WeakMap<Policy, { schemes: Readonly<Record<string, Scheme>>; policy: CompiledPolicy }>();

/**
 * Compiles a policy once for the schemes of one registry.
 *
 * @throws SymbolonError `policy-malformed`: an unusable policy is the verifier's mistake, not the holder's, so it is never a verdict
 */
export function policyFor(policy: Policy, schemes: Readonly<Record<string, Scheme>>): CompiledPolicy {
  const known = compiled.get(policy);
  if (known?.schemes === schemes) return known.policy;
  const fresh = compilePolicy(policy, schemes);
  compiled.set(policy, { schemes, policy: fresh });
  return fresh;
}
