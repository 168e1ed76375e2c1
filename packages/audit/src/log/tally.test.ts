import { EMPTY_ROOT } from '@symbolon/log/hashes';
import { parseInstant } from '@symbolon/protocol/instant';
import { describe, expect, it } from 'vitest';
import { decision } from '../../../../test/support/audit-world.ts';
import { newState } from './log-state.ts';
import { formatState, parseState } from './stored-state.ts';
import { openTally } from './tally.ts';

describe('classes of a log', () => {
  const at = parseInstant('2026-09-04T00:00:00Z');
  const leaf = (level: string) =>
    decision(at, level, { level, rule: 'a@1', authority: 'cdc', mode: 'manual' });
  const none = { classes: [], uncounted: 0 };

  it('are held up to a bound; what is beyond is counted, and remembered', () => {
    const tally = openTally(none, 2);
    for (const [index, level] of ['a', 'b', 'c', 'b', 'd'].entries()) tally.add(leaf(level), index);
    const known = tally.state();
    expect(known.classes.map(({ level, count }) => [level, count])).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
    expect(known.uncounted).toBe(2);
    const newest = { size: 0, root: EMPTY_ROOT };
    const state = { ...newState('log.example/a'), newest, ...known };
    expect(parseState(formatState(state), 'log.example/a')).toEqual(state);
    const later = openTally(state, 2);
    later.add(leaf('e'), 5);
    expect(later.state().uncounted).toBe(3);
  });

  it('leaves that say the day are told apart by the hour in which they came', () => {
    const tally = openTally(none);
    for (const [index, seen] of [7, 7, 8, undefined].entries()) tally.add(leaf('a'), index, seen);
    expect(tally.state().classes.map(({ seen, count }) => [seen, count])).toEqual([
      [7, 2],
      [8, 1],
      [undefined, 1],
    ]);
    const again = openTally(tally.state());
    again.add(leaf('a'), 4, 8);
    expect(again.state().classes[1]?.count).toBe(2);
  });
});
