import { canonicalJson } from '@symbolon/protocol/canonical-json';
import { LIMITS } from '@symbolon/protocol/limits';
import { own } from '@symbolon/protocol/own';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import type { Fact } from '@symbolon/rules/fact';

/**
 * The facts that the rules read, when there are more than they can (`LIMITS.subjectFacts`).
 *
 * Facts that say the same are thinned out first, as one more negative test tells a rule little: the newest of each kind are taken in turn, so that a
 * rare kind is never crowded out by a frequent one, whoever reports how many. A kind is a type with the values of its fields that have a closed list or are
 * true or false; free texts and numbers make no kind of their own, or anyone could make as many as they like.
 */
export function selectFacts(scheme: Scheme, facts: readonly Fact[]): Fact[] {
  if (facts.length <= LIMITS.subjectFacts) return [...facts];
  const kinds = new Map<string, Fact[]>();
  for (const fact of facts.toSorted((a, b) => b.at - a.at)) {
    const kind = kindOf(scheme, fact);
    const same = kinds.get(kind);
    if (same === undefined) kinds.set(kind, [fact]);
    else same.push(fact);
  }
  const selected: Fact[] = [];
  for (let round = 0; selected.length < LIMITS.subjectFacts; round++) {
    for (const same of kinds.values()) {
      const fact = same[round];
      if (fact !== undefined && selected.length < LIMITS.subjectFacts) selected.push(fact);
    }
  }
  return selected;
}

function kindOf({ factTypes }: Scheme, { type, fields }: Fact): string {
  const declared = own(factTypes, type);
  const isClosed = (name: string) =>
    own(declared?.fields ?? {}, name) === 'bool' || own(declared?.values ?? {}, name) !== undefined;
  return canonicalJson({
    type,
    fields: Object.fromEntries(Object.entries(fields).filter(([name]) => isClosed(name))),
  });
}
