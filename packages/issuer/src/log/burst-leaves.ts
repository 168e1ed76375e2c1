import type { BurstLeaf } from '@symbolon/protocol/schemas/leaf';
import type { BurstRecord } from '../decisions/burst-record.ts';

/**
 * The leaves of a burst that are not in the log yet: each state that it has come to has its own, also where it has come to two of them since the last round.
 *
 * @param logged the newest state that has a leaf
 */
export function burstLeaves(
  region: string,
  burst: BurstRecord,
  logged: BurstRecord['state'] | undefined,
): readonly BurstLeaf[] {
  const { scheme, cause, heldAt, state, settledAt, releasedBy, releasedRules } = burst;
  if (logged === state) return [];
  const common = { v: 1, kind: 'burst', region, scheme, cause, heldAt } as const;
  const held: BurstLeaf = { ...common, state: 'held', at: heldAt };
  if (state === 'held') return [held];
  const settled: BurstLeaf = {
    ...common,
    state,
    at: settledAt ?? heldAt,
    ...(releasedBy !== undefined && { by: [...releasedBy] }),
    ...(releasedRules !== undefined && { rules: [...releasedRules] }),
  };
  return logged === undefined ? [held, settled] : [settled];
}
