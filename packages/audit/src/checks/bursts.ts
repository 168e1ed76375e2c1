import { HOUR_SECONDS, type Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import type { Findings } from '../findings.ts';
import type { LogState } from '../log/log-state.ts';
import type { NumberedLeaf } from '../log/numbered-leaf.ts';
import type { PastRegistry } from '../registry/past.ts';
import { checkExcesses, timeOf } from './excesses.ts';
import { checkReleases } from './releases.ts';

/** One burst, by all that the log says of it. */
export interface Burst {
  readonly region: string;
  readonly scheme: string;
  readonly cause: string;
  readonly heldAt: Instant;
  readonly state: 'held' | 'released' | 'lapsed';
  /** When it was released or lapsed; nothing while it is held. */
  readonly settledAt: Instant | undefined;
  readonly by: readonly string[];
  readonly rules: readonly string[];
  /** Index of its newest leaf. */
  readonly leaf: number;
}

/** The bursts of a log, oldest first. */
export function burstsOf(others: readonly NumberedLeaf[]): readonly Burst[] {
  const bursts = new Map<string, Burst>();
  for (const { index, leaf } of others) {
    if (leaf.kind !== 'burst') continue;
    const { region, scheme, cause, heldAt, state, at, by = [], rules = [] } = leaf;
    const key = `${region} ${scheme} ${cause} ${heldAt}`;
    const isSettled = state !== 'held';
    if (!isSettled && bursts.has(key)) continue;
    const settledAt = isSettled ? at : undefined;
    bursts.set(key, { region, scheme, cause, heldAt, state, settledAt, by, rules, leaf: index });
  }
  return [...bursts.values()].toSorted((a, b) => a.heldAt - b.heldAt);
}

/**
 * REQ-AUD-001, REQ-AUD-007: bursts as the log tells them, and those that it does not tell.
 *
 * @param now what is held longer than a burst can be is lapsed, whether or not a leaf says so yet
 */
export function checkBursts(
  { classes, others }: Pick<LogState, 'classes' | 'others'>,
  past: PastRegistry,
  now: Instant,
  findings: Findings,
): readonly Burst[] {
  const bursts = burstsOf(others);
  const releasedAt = checkReleases(others, past, findings);
  checkExcesses(classes, releasedAt, past, findings);
  for (const { region, scheme, cause, state, heldAt } of bursts) {
    if (state === 'held' && now < heldAt + LIMITS.burstHoldHours * HOUR_SECONDS)
      findings.add('bursts', 'warning', 'burst-held', `${region} ${scheme} ${cause}, ${timeOf(heldAt)}`);
  }
  return bursts;
}
