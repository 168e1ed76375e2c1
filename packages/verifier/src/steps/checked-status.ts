import type { Instant } from '@symbolon/protocol/instant';

export interface CheckedStatus {
  readonly contested: boolean;
  /** As of when the status is known. */
  readonly asOf: Instant | undefined;
}
