import type { Instant } from '@symbolon/protocol/instant';

/** Port: waits for so many milliseconds. */
export type Wait = (milliseconds: number) => Promise<void>;

/**
 * What one run of a log remembers of its witnesses between rounds. It is memory only: answers that come late are kept here, and nothing is written by them.
 */
export interface WitnessRun {
  readonly wait: Wait;
  /** For all questions to one witness in a round, from the first request to the last byte. */
  readonly deadlineMilliseconds: number;
  /** Witnesses whose answer has not come yet: they are not asked another thing meanwhile. */
  readonly asking: Set<string>;
  /** Cosignatures that came when a round was over, by name, and the text that they sign. */
  readonly late: Map<string, { readonly text: string; readonly line: string }>;
  /** Since when a witness gives nothing that counts. */
  readonly silentSince: Map<string, Instant>;
  /** Those that gave nothing that counts, and are not told of yet. */
  readonly untold: Set<string>;
  /** When a witness was last asked for a newer cosignature of what it had cosigned. */
  readonly askedAnew: Map<string, Instant>;
  /** The size at which a witness is, as it said itself. */
  readonly sizes: Map<string, number>;
  /** Names of those that have seen another tree, and could prove it, or could not. */
  readonly disputed: Map<string, 'proven' | 'said'>;
}

/** REQ-LOG-009 */
const DEADLINE_MS = 3000;

/** @param wait without one every witness is waited for, as long as its port does */
export function witnessRun(
  wait: Wait = () => new Promise(() => {}),
  deadlineMilliseconds: number = DEADLINE_MS,
): WitnessRun {
  return {
    wait,
    deadlineMilliseconds,
    asking: new Set(),
    late: new Map(),
    silentSince: new Map(),
    untold: new Set(),
    askedAnew: new Map(),
    sizes: new Map(),
    disputed: new Map(),
  };
}
