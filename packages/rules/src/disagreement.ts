import type { Instant } from '@symbolon/protocol/instant';
import { candidateFacts } from './candidate-facts.ts';
import { decide } from './decide.ts';
import type { Fact } from './fact.ts';
import type { CompiledRuleSet } from './rule-set.ts';

/** Sets of facts that one search tries at most. */
export const SEARCHED_SETS = 200_000;
export const SEARCHED_FACTS = 3;

export interface Disagreement {
  /** The fewest on which the two differ, of those that were tried. */
  readonly facts: readonly Fact[];
  readonly levels: readonly [string | undefined, string | undefined];
  readonly refs: readonly [string | undefined, string | undefined];
}

export interface Search {
  readonly found: Disagreement | undefined;
  /** Sets of facts that were tried. */
  readonly tried: number;
  /** Whether all of them were: up to `SEARCHED_FACTS` facts of those that `candidateFacts` gives. */
  readonly whole: boolean;
}

/**
 * Looks for the smallest set of facts of which two rule sets say different levels at `now`: no fact, one, two, three. Values come from the scheme's closed
 * lists and from what the rules compare with; ages lie around each duration in them. Nothing found is no proof that they agree.
 *
 * @param onProgress told the number of sets that were tried, now and then
 */
export function findDisagreement(
  a: CompiledRuleSet,
  b: CompiledRuleSet,
  now: Instant,
  onProgress: (tried: number) => void = () => {},
): Search {
  let tried = 0;
  for (let size = 0; size <= SEARCHED_FACTS; size++) {
    // Of three, each age stands for all between two durations.
    const candidates = candidateFacts(a, b, now, size < SEARCHED_FACTS ? 'around' : 'between');
    for (const facts of combinations(candidates, size)) {
      if (tried === SEARCHED_SETS) return { found: undefined, tried, whole: false };
      tried++;
      if (tried % 1000 === 0) onProgress(tried);
      const found = differ(a, b, facts, now);
      if (found !== undefined) return { found, tried, whole: false };
    }
  }
  return { found: undefined, tried, whole: true };
}

function differ(
  a: CompiledRuleSet,
  b: CompiledRuleSet,
  facts: readonly Fact[],
  now: Instant,
): Disagreement | undefined {
  const [one, other] = [decide(a, facts, now), decide(b, facts, now)];
  if (one?.rule.level === other?.rule.level) return undefined;
  return { facts, levels: [one?.rule.level, other?.rule.level], refs: [one?.ref, other?.ref] };
}

/** All choices of `size` candidates, each at most once, in the order of the candidates. */
function* combinations<T>(candidates: readonly T[], size: number, from = 0): Generator<readonly T[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (let index = from; index <= candidates.length - size; index++) {
    const first = candidates[index];
    if (first === undefined) continue;
    for (const rest of combinations(candidates, size - 1, index + 1)) yield [first, ...rest];
  }
}
