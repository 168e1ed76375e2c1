import { canonicalJson } from '@symbolon/protocol/canonical-json';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import { readPolicy } from '@symbolon/verifier/policy';

/** A gate asks the same all day, and an operator has a few kinds of them. Each is 4 KiB at most. */
const POLICIES = 64;

/**
 * Reads policies, and gives the same object for the same policy, as one is compiled once for each object. Those that were asked with last are kept, by all that is in
 * them: a digest would be shorter, and nothing is known of two policies by a part of them.
 *
 * @param most how many are kept
 * @throws SymbolonError (on use) `policy-malformed`
 */
export function policyReader(most: number = POLICIES): (value: unknown) => Policy {
  const known = new Map<string, Policy>();
  return (value) => {
    const read = readPolicy(value);
    const text = canonicalJson(read);
    const policy = known.get(text) ?? read;
    // Put in anew, it stands last: the first one was not asked with for longest.
    known.delete(text);
    known.set(text, policy);
    const [oldest] = known.keys();
    if (known.size > most && oldest !== undefined) known.delete(oldest);
    return policy;
  };
}
