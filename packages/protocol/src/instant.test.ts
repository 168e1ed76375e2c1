import fc from 'fast-check';
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

  it('reads a text that is in the form if, and only if, there is such a time', () => {
    const two = (most: number) => fc.integer({ min: 0, max: most }).map((n) => String(n).padStart(2, '0'));
    const year = fc.constantFrom('1970', '1900', '1999', '2000', '2023', '2024', '2100', '9999', '0000');
    fc.assert(
      fc.property(year, two(14), two(33), two(25), two(61), two(61), (...parts) => {
        const [y, mo, d, h, mi, s] = parts;
        const text = `${y}-${mo}-${d}T${h}:${mi}:${s}Z`;
        const there = new Date(
          Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s)),
        );
        if (there.toISOString() !== `${text.slice(0, -1)}.000Z` || there.getTime() < 0) {
          expect(() => parseInstant(text)).toThrow();
        } else {
          expect(parseInstant(text)).toBe(there.getTime() / 1000);
        }
      }),
      { seed: 5, numRuns: 5000 },
    );
  });
});
