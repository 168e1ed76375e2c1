import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type { Decision } from '../decisions/decision.ts';
import type { DecisionStore } from '../ports.ts';
import { changeEntries, type EndPorts, lastUnlisted } from './end-credentials.ts';

export interface SettlePorts extends EndPorts {
  readonly decisions: Pick<DecisionStore, 'newest'>;
}

export interface Settled {
  /** Status entries of other levels. */
  readonly suspended: number;
  /** Status entries of this level and rule. */
  readonly restored: number;
  /** When the last living credential without a status entry, of another level, runs out by itself. */
  readonly unlistedUntil: Instant | undefined;
}

/** How often decisions that come meanwhile are followed before the caller is told. */
const ATTEMPTS = 5;

/**
 * Makes the status entries of a subject's living credentials agree with its current decision: those of its level and rule are valid again, those of another
 * level are suspended. Those of its level by another rule stay as they are. What was revoked stays revoked. Idempotent: run again, it finishes what a crash left undone.
 *
 * It writes first and looks then whether the decision is still the newest, and follows the newer one if not: so of two at once, whichever is slower leaves
 * the entries as the newest decision wants them.
 *
 * @param current the newest decision as far as the caller knows
 * @throws SymbolonError `decision-conflict` when the decisions do not come to rest: call again
 */
export async function settleCredentials(
  ports: SettlePorts,
  current: Decision,
  now: Instant,
): Promise<Settled> {
  let decision = current;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const settled = await settleBy(ports, decision, now);
    const newest = await ports.decisions.newest(decision.subject, decision.scheme);
    if (newest === undefined || newest.sequence <= decision.sequence) return settled;
    decision = newest;
  }
  throw new SymbolonError('decision-conflict');
}

async function settleBy(
  { mints, lists }: SettlePorts,
  { subject, scheme, level, rule }: Decision,
  now: Instant,
): Promise<Settled> {
  const living = await mints.living(subject, scheme, now);
  const other = living.filter((mint) => mint.level !== level);
  const same = living.filter((mint) => mint.level === level && mint.rule === rule);
  // What must not be accepted any more first.
  for (const mint of other) await changeEntries(lists, mint, 'suspend');
  for (const mint of same) await changeEntries(lists, mint, 'restore');
  const entries = (of: typeof living) => of.reduce((sum, mint) => sum + mint.entries.length, 0);
  return { suspended: entries(other), restored: entries(same), unlistedUntil: lastUnlisted(other) };
}
