import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import type { Decision } from '../decisions/decision.ts';
import { isWorse } from '../decisions/worse.ts';
import type { MintRecord } from '../minting/mint-record.ts';
import type { DecisionLog, DecisionStore } from '../ports.ts';
import { changeEntries, type EndPorts, lastUnlisted } from './end-credentials.ts';

export interface SettlePorts extends EndPorts {
  readonly decisions: Pick<DecisionStore, 'newest'>;
  readonly decisionLog: Pick<DecisionLog, 'isEffective'>;
}

export interface Settled {
  /** Status entries of other levels, or of samples that do not count any more. */
  readonly suspended: number;
  /** Status entries of this level, rule and sample. */
  readonly restored: number;
  /** When the last living credential without a status entry, of those that would be suspended, runs out by itself. */
  readonly unlistedUntil: Instant | undefined;
}

const NOTHING: Settled = { suspended: 0, restored: 0, unlistedUntil: undefined };

/** When nothing was sampled: before every time. */
const NEVER = -1;

/** How often decisions that come meanwhile are followed before the caller is told. */
const ATTEMPTS = 5;

/**
 * Makes the status entries of a subject's living credentials agree with the newest of its decisions, where that takes effect. REQ-ISS-037: a worse one changes nothing before
 * witnesses have seen its leaf: entries stay as they are, and nothing is restored by an older one. The log's rounds settle it then (log/settle-witnessed.ts). Suspended are those of another level, and those whose sample is
 * later than the decision's, or that have one where it has none: that sample was taken back, and a gate that asks for an age must not go by it. Valid again are
 * those of its level, rule and sample. Others of its level stay as they are. A decision that says there is no status any more (`ended`) suspends them all. What
 * was revoked stays revoked. Idempotent: run again, it finishes what a crash left undone.
 *
 * It looks before it writes, and again after, whether that decision is still the newest, and follows the newer one if not: so of two at once, whichever is slower leaves the
 * entries as that one wants them, and what a merge brings along is not settled by what was decided before it.
 *
 * @param scheme nothing where there is no such scheme any more: then every decision counts as a worse one
 * @param current the newest decision as far as the caller knows
 * @throws SymbolonError `decision-conflict` when the decisions do not come to rest, and what reading the log throws: call again
 */
export async function settleCredentials(
  ports: SettlePorts,
  scheme: Scheme | undefined,
  current: Decision,
  now: Instant,
): Promise<Settled> {
  let decision = current;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const isEffective = !isWorse(scheme, decision) || (await ports.decisionLog.isEffective(decision, true));
    const newest = async () => (await ports.decisions.newest(current.subject, current.scheme)) ?? decision;
    const living = isEffective ? await ports.mints.living(current.subject, current.scheme, now) : [];
    // What a merge brings along comes after the decision that it needs: of two decisions, the older one says nothing of it.
    let after = await newest();
    if (after.sequence === decision.sequence) {
      const settled = isEffective ? await settleBy(ports, decision, living) : NOTHING;
      if (isEffective) after = await newest();
      if (after.sequence === decision.sequence) return settled;
    }
    decision = after;
  }
  throw new SymbolonError('decision-conflict');
}

async function settleBy(
  { lists }: SettlePorts,
  decision: Decision,
  living: readonly MintRecord[],
): Promise<Settled> {
  const ended = living.filter((mint) => !canStay(mint, decision));
  const same = living.filter((mint) => canStay(mint, decision) && isOf(mint, decision));
  // What must not be accepted any more first.
  for (const mint of ended) await changeEntries(lists, mint, 'suspend');
  for (const mint of same) await changeEntries(lists, mint, 'restore');
  const entries = (of: typeof living) => of.reduce((sum, mint) => sum + mint.entries.length, 0);
  return { suspended: entries(ended), restored: entries(same), unlistedUntil: lastUnlisted(ended) };
}

function canStay(mint: MintRecord, { mode, level, sampledAt }: Decision): boolean {
  return mode !== 'ended' && mint.level === level && (mint.sampledAt ?? NEVER) <= (sampledAt ?? NEVER);
}

function isOf(mint: MintRecord, { rule, sampledAt }: Decision): boolean {
  return mint.rule === rule && mint.sampledAt === sampledAt;
}
