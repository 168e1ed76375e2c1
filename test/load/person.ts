import { addHours, type Instant } from '@symbolon/protocol/instant';
import type { SampleFact } from '../../packages/issuer/src/testing/sample-batch.ts';

export const RISKY_PLACE = 'CN-HA.zhengzhou.test-market';

/** What is true of one person of the load, by their number: the same in every run. */
export interface LoadPerson {
  readonly passport: string;
  readonly positive: boolean;
  /** Was in the place that the list of places says is at high risk. */
  readonly visited: boolean;
  /** Since the test. Whole, 1 to 60. */
  readonly testedHoursAgo: number;
  /** Has credentials. */
  readonly hasWallet: boolean;
}

/** One in a hundred tested positive, two were in the place, one in 97 has a wallet. */
export function personOf(number: number): LoadPerson {
  return {
    passport: `TEST${String(number).padStart(8, '0')}`,
    positive: number % 100 === 0,
    visited: number % 100 === 1 || number % 100 === 2,
    testedHoursAgo: 1 + ((number * 37) % 60),
    hasWallet: number % 97 === 0,
  };
}

/** What sources report of a person. */
export function factsOf(
  { passport, positive, visited, testedHoursAgo }: LoadPerson,
  now: Instant,
): SampleFact[] {
  const identifier = { kind: 'passport', value: passport };
  const result = positive ? 'positive' : 'negative';
  const at = addHours(now, -testedHoursAgo);
  const test = { id: 'test', identifier, type: 'pcr', at, fields: { result } };
  const visit = { id: 'visit', identifier, type: 'visit', at, fields: { place: RISKY_PLACE } };
  return visited ? [test, visit] : [test];
}

/** The levels that a person has had one after another, worked out here without the rules' language, the stores or the issuer. */
export function expectedLevels({ positive, visited, testedHoursAgo }: LoadPerson): readonly string[] {
  if (positive) return ['red'];
  if (visited) return ['amber'];
  // The new rules want a test of the last 48 hours.
  return testedHoursAgo < 48 ? ['green'] : ['green', 'amber'];
}
