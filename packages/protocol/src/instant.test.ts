import { describe, expect, it } from 'vitest';
import { formatInstant, hourFloor, instant, parseInstant } from './instant.ts';

describe('REQ-DEC-025 an instant is whole seconds, written one way', () => {
  it('reads and writes the same text', () => {
    expect(formatInstant(parseInstant('2026-11-21T21:07:00Z'))).toBe('2026-11-21T21:07:00Z');
    expect(parseInstant('1970-01-01T00:00:43Z')).toBe(43);
  });

  it.each([
    'never',
    '2026-02-30T00:00:00Z',
    '2026-11-21T24:00:00Z',
    '2026-11-21T21:07:00.5Z',
    '2026-11-21T21:07:00+08:00',
    '2026-11-21',
    '',
  ])('refuses %j', (text) => {
    expect(() => parseInstant(text)).toThrowError(expect.objectContaining({ code: 'instant-malformed' }));
  });

  it('refuses fractions, negatives and milliseconds', () => {
    for (const bad of [1.5, -1, Date.UTC(2026, 0), Number.NaN])
      expect(() => instant(bad * (bad === 1.5 ? 1 : 1000))).toThrow();
    expect(hourFloor(instant(7199))).toBe(3600);
  });
});
