import { EMPTY_ROOT } from '@symbolon/log/hashes';
import { parseInstant } from '@symbolon/protocol/instant';
import { describe, expect, it } from 'vitest';
import { decision } from '../../../../../test/support/audit-world.ts';
import { formatState, newState, parseState } from './log-state.ts';
import { openTally } from './tally.ts';

describe('classes of a log', () => {
  const at = parseInstant('2026-09-04T00:00:00Z');
  const leaf = (level: string) =>
    decision(at, level, { level, rule: 'a@1', authority: 'cdc', mode: 'manual' });

  it('are held up to a bound; what is beyond is counted, and remembered', () => {
    const tally = openTally([], 0, 2);
    for (const [index, level] of ['a', 'b', 'c', 'b', 'd'].entries()) tally.add(leaf(level), index);
    expect(tally.classes().map(({ level, count }) => [level, count])).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
    expect(tally.uncounted()).toBe(2);
    const newest = { size: 0, root: EMPTY_ROOT };
    const state = { ...newState('log.example/a'), newest, classes: tally.classes(), uncounted: 2 };
    expect(parseState(formatState(state), 'log.example/a')).toEqual(state);
    const later = openTally(state.classes, state.uncounted, 2);
    later.add(leaf('e'), 5);
    expect(later.uncounted()).toBe(3);
  });

  it('leaves that say the day are told apart by the hour in which they came', () => {
    const tally = openTally([]);
    for (const [index, seen] of [7, 7, 8, undefined].entries()) tally.add(leaf('a'), index, seen);
    expect(tally.classes().map(({ seen, count }) => [seen, count])).toEqual([
      [7, 2],
      [8, 1],
      [undefined, 1],
    ]);
    const again = openTally(tally.classes());
    again.add(leaf('a'), 4, 8);
    expect(again.classes()[1]?.count).toBe(2);
  });
});
