import type { Instant } from '@symbolon/protocol/instant';

/**
 * More adverse decisions by one rule or authority than the federation allows (protocol, section 9.5). While it is held, what it holds does not take effect.
 */
export interface BurstRecord {
  /**
   * `<scheme>/<cause>/<hour in which it began>` (hours since 1970): two writers who notice it at once begin the same one. Where another one of that hour is
   * settled already, the next hour that is free.
   */
  readonly id: string;
  readonly scheme: string;
  /** `rule:<ref>` or `authority:<id>`. */
  readonly cause: string;
  readonly heldAt: Instant;
  /** What is not released by then lapses. */
  readonly lapsesAt: Instant;
  readonly state: 'held' | 'released' | 'lapsed';
  readonly settledAt?: Instant;
  /** Key ids of the two overseers who released it. */
  readonly releasedBy?: readonly string[];
  /** Rule versions that were released with it. */
  readonly releasedRules?: readonly string[];
  /** The burst of the same cause before this one: what it held and lapsed stays without effect. */
  readonly before?: string;
}
