import { parseInstant } from '@symbolon/protocol/instant';

/**
 * The texts that `duration(...)` and `timestamp(...)` take. The CEL library reads them at run time, and either fails then
 * (`14d`) or takes more than anyone means (`1.5h-`, a date without a zone), so they are read here, when a rule is compiled.
 */

/** Whole hours, minutes and seconds, in this order: `336h`, `1h30m`. At most about 600 years. */
const DURATION_TEXT = /^(?=.)(?:\d{1,6}h)?(?:\d{1,8}m)?(?:\d{1,10}s)?$/;

export function isDurationText(text: string): boolean {
  return DURATION_TEXT.test(text);
}

/** `YYYY-MM-DDTHH:MM:SSZ`, as everywhere in the protocol. */
export function isTimestampText(text: string): boolean {
  try {
    parseInstant(text);
    return true;
  } catch {
    return false;
  }
}
