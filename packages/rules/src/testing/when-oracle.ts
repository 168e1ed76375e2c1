import fc from 'fast-check';
import type { Fact } from '../fact.ts';
import { HOUR } from './health-scheme.ts';

/**
 * A second evaluator for a small family of rules, written without CEL: a tree has its text, for the code under test, and its
 * truth as a plain function. Facts are filtered here by their own rule of expiry (within these tests nothing is old enough).
 */
export interface WhenTree {
  readonly text: string;
  readonly truth: (facts: readonly Fact[], now: number) => boolean;
}

type Condition = {
  readonly text: (name: string) => string;
  readonly truth: (fact: Fact, now: number) => boolean;
};

const COMPARISONS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
};
const comparison = fc.constantFrom(...Object.entries(COMPARISONS));
const small = fc.integer({ min: 0, max: 4 });

function numberField(field: string): fc.Arbitrary<Condition> {
  return fc.tuple(comparison, small).map(([[op, compare], bound]) => ({
    text: (name) => `${name}.${field} ${op} ${bound}`,
    truth: (fact) => compare(Number(fact.fields[field]), bound),
  }));
}

function textField(field: string, values: readonly string[]): fc.Arbitrary<Condition> {
  const one = fc.constantFrom(...values).map((value) => ({
    text: (name: string) => `${name}.${field} == "${value}"`,
    truth: (fact: Fact) => fact.fields[field] === value,
  }));
  const among = fc.subarray([...values], { minLength: 1 }).map((list) => ({
    text: (name: string) => `${name}.${field} in [${list.map((value) => `"${value}"`).join(', ')}]`,
    truth: (fact: Fact) => list.some((value) => value === fact.fields[field]),
  }));
  return fc.oneof(one, among);
}

const age: fc.Arbitrary<Condition> = fc
  .tuple(comparison, fc.integer({ min: 0, max: 9 }), fc.boolean())
  .map(([[op, compare], hours, asDuration]) => ({
    text: (name) =>
      asDuration
        ? `now - ${name}.at ${op} duration("${hours}h")`
        : `${name}.at + duration("${hours * 60}m") ${op} now`,
    truth: (fact, now) =>
      asDuration ? compare(now - fact.at, hours * HOUR) : compare(fact.at + hours * HOUR, now),
  }));

const CONDITIONS: Readonly<Record<string, fc.Arbitrary<Condition>>> = {
  exposure: fc.oneof(
    numberField('minutes'),
    textField('risk', ['low', 'high']),
    age,
    fc.constant<Condition>({
      text: (name) => `!${name}.indoors`,
      truth: (fact) => fact.fields['indoors'] === false,
    }),
  ),
  test: fc.oneof(numberField('cycles'), textField('result', ['negative', 'positive']), age),
};

const QUANTIFIERS: Readonly<Record<string, (matching: number, all: number) => boolean>> = {
  exists: (matching) => matching > 0,
  all: (matching, all) => matching === all,
  exists_one: (matching) => matching === 1,
};

const leaf: fc.Arbitrary<WhenTree> = fc
  .constantFrom(...Object.entries(CONDITIONS))
  .chain(([type, condition]) => {
    const matching = (one: Condition, facts: readonly Fact[], now: number) =>
      facts.filter((fact) => fact.type === type && fact.at <= now && one.truth(fact, now)).length;
    const count = (facts: readonly Fact[], now: number) =>
      facts.filter((fact) => fact.type === type && fact.at <= now).length;
    const quantified = fc
      .tuple(fc.constantFrom(...Object.entries(QUANTIFIERS)), condition)
      .map(([[name, holds], one]) => ({
        text: `${type}.${name}(x, ${one.text('x')})`,
        truth: (facts: readonly Fact[], now: number) => holds(matching(one, facts, now), count(facts, now)),
      }));
    const counted = fc.tuple(condition, comparison, small).map(([one, [op, compare], bound]) => ({
      text: `${type}.filter(x, ${one.text('x')}).size() ${op} ${bound}`,
      truth: (facts: readonly Fact[], now: number) => compare(matching(one, facts, now), bound),
    }));
    return fc.oneof(quantified, counted);
  });

/** Leaves joined by `&&`, `||`, `!` and `?:`, three levels deep. */
export const whenTree: fc.Arbitrary<WhenTree> = fc.letrec<{ tree: WhenTree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    tie('tree').map((a): WhenTree => ({ text: `!(${a.text})`, truth: (facts, now) => !a.truth(facts, now) })),
    fc.tuple(tie('tree'), tie('tree'), fc.boolean()).map(
      ([a, b, both]): WhenTree => ({
        text: both ? `(${a.text} && ${b.text})` : `(${a.text} || ${b.text})`,
        truth: (facts, now) =>
          both ? a.truth(facts, now) && b.truth(facts, now) : a.truth(facts, now) || b.truth(facts, now),
      }),
    ),
    fc.tuple(tie('tree'), tie('tree'), tie('tree')).map(
      ([a, b, c]): WhenTree => ({
        text: `(${a.text} ? ${b.text} : ${c.text})`,
        truth: (facts, now) => (a.truth(facts, now) ? b.truth(facts, now) : c.truth(facts, now)),
      }),
    ),
  ),
})).tree;
