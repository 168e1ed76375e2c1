import { SymbolonError } from './errors.ts';

declare const instantBrand: unique symbol;
/** A point in time: whole seconds since 1970-01-01T00:00:00Z (a JWT NumericDate). Never milliseconds. */
export type Instant = number & { readonly [instantBrand]: true };

export const HOUR_SECONDS = 3600;
export const DAY_SECONDS = 86_400;

/** 9999-12-31T23:59:59Z: beyond it the text form of an instant has no four-digit year. */
const LAST = 253_402_300_799;
const FORM = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

export function isInstant(value: unknown): value is Instant {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= LAST;
}

/** @throws SymbolonError `instant-malformed` unless `seconds` is a whole, non-negative second before the year 10000. */
export function instant(seconds: number): Instant {
  if (!isInstant(seconds)) throw new SymbolonError('instant-malformed');
  return seconds;
}

/**
 * Reads `YYYY-MM-DDTHH:MM:SSZ` and nothing else (the date-time of TUF 1.0, section 4.2.3): no fraction, no offset,
 * no 30 February, no leap second.
 *
 * @throws SymbolonError `instant-malformed`
 */
export function parseInstant(text: string): Instant {
  if (!FORM.test(text)) throw new SymbolonError('instant-malformed');
  const seconds = Date.parse(text) / 1000;
  // What there is not (30 February, 24 o'clock) either is no date, or rolls over to another day: only days beyond the 28th and hour 24 can.
  const mayRoll = text.charAt(8) > '2' || text.startsWith('29', 8) || text.startsWith('24', 11);
  if (!isInstant(seconds) || (mayRoll && formatInstant(seconds) !== text)) {
    throw new SymbolonError('instant-malformed');
  }
  return seconds;
}

export function formatInstant(at: Instant): string {
  return `${new Date(at * 1000).toISOString().slice(0, 19)}Z`;
}

export function hourFloor(at: Instant): Instant {
  return instant(at - (at % HOUR_SECONDS));
}

export function isOnTheHour(at: Instant): boolean {
  return at % HOUR_SECONDS === 0;
}

export function addSeconds(at: Instant, seconds: number): Instant {
  return instant(at + seconds);
}

export function addHours(at: Instant, hours: number): Instant {
  return instant(at + hours * HOUR_SECONDS);
}
