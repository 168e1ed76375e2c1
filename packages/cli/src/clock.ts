import { type Instant, instant } from '@symbolon/protocol/instant';

/** Read once per command, at the edge. */
export function systemNow(): Instant {
  return instant(Math.floor(Date.now() / 1000));
}
