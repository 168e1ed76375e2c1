import { type Instant, instant, parseInstant } from '@symbolon/protocol/instant';
import { note } from './output/terminal.ts';
import { UsageError } from './usage-error.ts';

/** Read once per command, at the edge. */
export function systemNow(): Instant {
  return instant(Math.floor(Date.now() / 1000));
}

/**
 * For tests of ceremonies only, in which weeks pass between two commands: `YYYY-MM-DDTHH:MM:SSZ`. What is signed under a wrong clock is signed
 * for good, so it is noted each time, and nothing is published to where others read.
 */
const TEST_CLOCK = 'SYMBOLON_TEST_CLOCK';

export function isTestClock(): boolean {
  return process.env[TEST_CLOCK] !== undefined;
}

/** The time of a ceremony. @throws UsageError when the test clock is not set to a time */
export function ceremonyNow(): Instant {
  const text = process.env[TEST_CLOCK];
  if (text === undefined) return systemNow();
  note(`${TEST_CLOCK} is set: this is a test, and not a ceremony.`);
  try {
    return parseInstant(text);
  } catch {
    throw new UsageError(`${TEST_CLOCK} has the form YYYY-MM-DDTHH:MM:SSZ. Outside of tests, unset it.`);
  }
}
