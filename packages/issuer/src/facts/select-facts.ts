import { canonicalJson } from '@symbolon/protocol/canonical-json';
import { LIMITS } from '@symbolon/protocol/limits';
import type { Fact } from '@symbolon/rules/fact';

/**
 * The facts that the rules read, when there are more than they can (`LIMITS.subjectFacts`).
 *
 * Facts that say the same are thinned out first, as one more negative test of the same kind tells a rule little: the newest of each kind are taken in turn, so
 * that a rare kind is never crowded out by a frequent one, whoever reports how many.
 */
export function selectFacts(facts: readonly Fact[]): Fact[] {
  if (facts.length <= LIMITS.subjectFacts) return [...facts];
  const kinds = new Map<string, Fact[]>();
  for (const fact of facts.toSorted((a, b) => b.at - a.at)) {
    const kind = canonicalJson({ type: fact.type, fields: fact.fields });
    kinds.set(kind, [...(kinds.get(kind) ?? []), fact]);
  }
  const selected: Fact[] = [];
  const rounds = Math.max(...[...kinds.values()].map((same) => same.length));
  for (let round = 0; round < rounds && selected.length < LIMITS.subjectFacts; round++) {
    for (const same of kinds.values()) {
      const fact = same[round];
      if (fact !== undefined && selected.length < LIMITS.subjectFacts) selected.push(fact);
    }
  }
  return selected;
}
