import type { Instant } from '@symbolon/protocol/instant';

/** A region's determination of one subject's level, by one rule, one authority, at one time. Append-only. */
export interface Decision {
  readonly subject: string;
  readonly scheme: string;
  /** 1, 2, 3, ...: the newest is the current one. */
  readonly sequence: number;
  readonly level: string;
  /** `id@version` of the published rule. */
  readonly rule: string;
  readonly authority: string;
  readonly evidence: string;
  readonly mode: 'automatic';
  readonly decidedAt: Instant;
  /** When the newest fact that counted was observed; only where the scheme has an age. */
  readonly sampledAt?: Instant;
}
