import { addHours, parseInstant } from '@symbolon/protocol/instant';
import { POLICY_DEFAULTS } from '@symbolon/protocol/limits';
import { describe, expect, it } from 'vitest';
import { burstBounds, causesOf, exceeds, hourOf, isHeld, releases } from './burst-guard.ts';
import type { BurstRecord } from './burst-record.ts';

const BOUNDS = { perHour: 10, perDay: 30, perWeek: 100 };
const HOUR = 495_000;
const counts = (...of: [hoursAgo: number, count: number][]) =>
  new Map(of.map(([hoursAgo, count]) => [HOUR - hoursAgo, count]));

describe('the burst guard counts by hours of the clock, and lets no window more through than the bound', () => {
  it.each([
    ['the bound itself passes', counts([0, 10]), false],
    ['one more does not', counts([0, 11]), true],
    ['the hour before is within 60 minutes', counts([1, 6], [0, 5]), true],
    ['two hours before is not', counts([2, 10], [0, 10]), false],
    ['another clock is ahead', counts([0, 6], [-1, 5]), true],
    [
      'a day of little ones',
      counts(...Array.from({ length: 12 }, (_, i): [number, number] => [2 * i, 3])),
      true,
    ],
    [
      'what is just allowed in a day',
      counts(...Array.from({ length: 10 }, (_, i): [number, number] => [2 * i, 3])),
      false,
    ],
    ['the 25th hour touches the same 24 hours', counts([24, 8], [20, 8], [10, 8], [0, 7]), true],
    ['the 26th does not', counts([25, 8], [20, 8], [10, 8], [0, 7]), false],
    [
      'a week of days that pass',
      counts(
        ...[0, 26, 52, 78, 104, 130, 156].map((ago): [number, number] => [ago, 10]),
        [168, 10],
        [90, 10],
        [40, 10],
        [14, 1],
      ),
      true,
    ],
    ['what is older than a week', counts([169, 1000], [0, 1]), false],
    ['nothing', new Map<number, number>(), false],
  ])('%s', (_, given, expected) => {
    expect(exceeds(given, HOUR, BOUNDS)).toBe(expected);
  });

  it('no 60 minutes let more through, wherever the turn of the hour lies', () => {
    // Oracle: decisions by the minute, each passes unless its clock hours exceed; any 60 minutes are then counted.
    const passed: number[] = [];
    const hours = new Map<number, number>();
    for (let minute = 0; minute < 600; minute++) {
      for (let each = 0; each < (minute * 7) % 5; each++) {
        const hour = Math.floor(minute / 60);
        const after = new Map(hours).set(hour, (hours.get(hour) ?? 0) + 1);
        if (exceeds(after, hour, { ...BOUNDS, perDay: 1000, perWeek: 1000 })) continue;
        hours.set(hour, after.get(hour) ?? 0);
        passed.push(minute);
      }
    }
    const inHour = (from: number) => passed.filter((minute) => minute >= from && minute < from + 60).length;
    const most = Math.max(...Array.from({ length: 541 }, (_, from) => inHour(from)));
    expect(most).toBe(BOUNDS.perHour);
  });

  it('takes the bounds of the federation, or the ones that hold without', () => {
    const federation = {
      names: { en: 'f', zh: 'f' },
      groups: {},
      freshness: { warnAfterHours: 1, referAfterHours: 2, blockAfterHours: 3 },
      smallestClass: 1,
    };
    expect(burstBounds(federation)).toEqual(POLICY_DEFAULTS.burst);
    expect(burstBounds({ ...federation, burst: BOUNDS })).toEqual(BOUNDS);
  });

  it('counts for the rule version and for the authority', () => {
    expect(causesOf({ rule: 'positive@1', authority: 'cdc' })).toEqual(['rule:positive@1', 'authority:cdc']);
    expect(hourOf(parseInstant('1970-01-02T01:59:59Z'))).toBe(25);
  });

  it('a burst holds until its time is over, and releases only the rules that were named', () => {
    const heldAt = parseInstant('2026-09-07T08:20:30Z');
    const burst: BurstRecord = {
      id: 'health/authority:cdc/1',
      scheme: 'health',
      cause: 'authority:cdc',
      heldAt,
      lapsesAt: addHours(heldAt, 24),
      state: 'held',
    };
    expect(isHeld(burst, addHours(heldAt, 23))).toBe(true);
    expect(isHeld(burst, addHours(heldAt, 24))).toBe(false);
    const released: BurstRecord = { ...burst, state: 'released', releasedRules: ['positive@1'] };
    expect(isHeld(released, heldAt)).toBe(false);
    expect(releases(released, 'positive@1')).toBe(true);
    expect(releases(released, 'risk-area@1')).toBe(false);
    expect(releases({ ...released, state: 'held' }, 'positive@1')).toBe(false);
  });
});
