import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type { PlaceList } from '@symbolon/protocol/schemas/region';
import { decide } from '@symbolon/rules/decide';
import { placeFactsFor } from '@symbolon/rules/place-facts';
import type { CompiledRuleSet } from '@symbolon/rules/rule-set';
import { readFacts } from './facts-file.ts';
import type { JsonLine } from './json-lines.ts';

export interface Simulation {
  readonly subjects: number;
  /** Whose level would be another one. */
  readonly changed: number;
  /** Every pair of levels that occurred, the unchanged ones too; null for no status. The most frequent change comes first. */
  readonly levels: readonly {
    readonly from: string | null;
    readonly to: string | null;
    readonly subjects: number;
  }[];
}

/**
 * What a new rule set would make of people, who are known by their facts alone. One subject is held at a time.
 *
 * @throws SymbolonError `fact-malformed`, `expression-failed`, with the number of the line
 */
export async function simulate(
  before: CompiledRuleSet,
  after: CompiledRuleSet,
  subjects: AsyncIterable<JsonLine>,
  places: PlaceList | undefined,
  now: Instant,
): Promise<Simulation> {
  const counts = new Map<string, { from: string | null; to: string | null; subjects: number }>();
  let all = 0;
  for await (const { line, json } of subjects) {
    all++;
    const [from, to] = levelsOf(before, after, json, places, now, line);
    const key = JSON.stringify([from, to]);
    const pair = counts.get(key) ?? { from, to, subjects: 0 };
    pair.subjects++;
    counts.set(key, pair);
  }
  const levels = [...counts.values()].sort(
    (a, b) => Number(a.from === a.to) - Number(b.from === b.to) || b.subjects - a.subjects,
  );
  const changed = levels.reduce((sum, each) => sum + (each.from === each.to ? 0 : each.subjects), 0);
  return { subjects: all, changed, levels };
}

function levelsOf(
  before: CompiledRuleSet,
  after: CompiledRuleSet,
  json: unknown,
  places: PlaceList | undefined,
  now: Instant,
  line: number,
): readonly [string | null, string | null] {
  const { scheme } = before;
  const { facts } = readFacts(json, scheme, `line ${line}`);
  const all = [...facts, ...placeFactsFor(scheme, facts, places)];
  const levelBy = (rules: CompiledRuleSet) => decide(rules, all, now)?.rule.level ?? null;
  try {
    return [levelBy(before), levelBy(after)];
  } catch (error) {
    if (!isSymbolonError(error)) throw error;
    const { code, path, bound } = error;
    const where = path === undefined ? `line ${line}` : `line ${line}: ${path}`;
    throw new SymbolonError(code, { path: where, ...(bound !== undefined && { bound }) });
  }
}
