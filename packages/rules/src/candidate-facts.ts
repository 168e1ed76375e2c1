import { HOUR_SECONDS, type Instant, isInstant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import type { FactType, Scheme } from '@symbolon/protocol/schemas/scheme';
import type { Fact } from './fact.ts';
import { joinLiterals, type Literals } from './literals-of.ts';
import type { CompiledRuleSet } from './rule-set.ts';

/** A place that the facts of a search share, unless rules name places themselves. */
const PLACE = 'somewhere';
/** Combinations of values of one fact type. */
const MOST_VALUES = 64;

/**
 * Facts on which two rule sets may disagree at `now`: of each type that one of them reads, with every combination of values that can make a difference (up
 * to 64 of a type), at every age that can.
 *
 * @param ages `around`: just before, at and just after each duration; `between`: one for each stretch between two durations
 */
export function candidateFacts(
  a: CompiledRuleSet,
  b: CompiledRuleSet,
  now: Instant,
  ages: 'around' | 'between',
): readonly Fact[] {
  const { scheme } = a;
  const literals = joinLiterals([...a.rules, ...b.rules].map(({ when }) => when.literals()));
  const times = agesOf(literals, ages);
  return Object.entries(scheme.factTypes)
    .filter(([name]) => literals.names.has(name))
    .flatMap(([type, factType]) => {
      const kept = times.filter((age) => age < factType.keepHours * HOUR_SECONDS && isInstant(now - age));
      return valuesOf(scheme, factType, literals, now).flatMap((fields) =>
        kept.map((age) => ({ type, at: timeBefore(now, age), fields })),
      );
    });
}

function agesOf({ durations }: Literals, ages: 'around' | 'between'): readonly number[] {
  const sorted = [...durations].sort((x, y) => x - y);
  const around = sorted.flatMap((each) => {
    const step = stepFor(each);
    return ages === 'around' ? [each - step, each, each + step] : [each - step];
  });
  const last = sorted.at(-1) ?? 0;
  const all = new Set([HOUR_SECONDS, ...around, last + stepFor(last)]);
  return [...all].filter((age) => age >= 0).sort((x, y) => x - y);
}

/** An hour, or a minute around what is shorter than two. */
function stepFor(duration: number): number {
  return duration < 2 * HOUR_SECONDS ? 60 : HOUR_SECONDS;
}

function timeBefore(now: Instant, age: number): Instant {
  const time = now - age;
  return isInstant(time) ? time : now;
}

function valuesOf(
  scheme: Scheme,
  type: FactType,
  literals: Literals,
  now: Instant,
): readonly Readonly<Record<string, string | number | boolean>>[] {
  let all: Record<string, string | number | boolean>[] = [{}];
  for (const name of Object.keys(type.fields)) {
    const values = fieldValues(scheme, type, name, literals, now);
    all = all.flatMap((fields) => values.map((value) => ({ ...fields, [name]: value })));
  }
  return all.slice(0, MOST_VALUES);
}

function fieldValues(
  scheme: Scheme,
  type: FactType,
  name: string,
  { strings, ints, timestamps, durations }: Literals,
  now: Instant,
): readonly (string | number | boolean)[] {
  const kind = own(type.fields, name);
  if (kind === 'bool') return [false, true];
  if (kind === 'int') {
    const near = [...ints].flatMap((each) => [each - 1, each, each + 1]);
    return [...new Set(near.length === 0 ? [0] : near)];
  }
  if (kind === 'timestamp') {
    const times = [now, ...timestamps, ...[...durations].map((each) => now - each + 1)];
    return [...new Set(times)].filter(isInstant);
  }
  const listed = own(type.values ?? {}, name);
  if (listed !== undefined) return listed;
  if (name === 'place') return [PLACE];
  // Of all that is written in the rules, what belongs to a closed list is not meant for this field.
  const closed = new Set(
    Object.values(scheme.factTypes).flatMap(({ values }) => Object.values(values ?? {}).flat()),
  );
  return ['other', ...[...strings].filter((text) => !closed.has(text))];
}
