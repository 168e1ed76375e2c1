import { SALT_BYTES } from '@symbolon/log/commitment';
import { encodeLeaf } from '@symbolon/log/leaf';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import { isSymbolonError } from '@symbolon/protocol/errors';
import type { RandomBytes } from '@symbolon/protocol/random';
import type { DecisionLeaf } from '@symbolon/protocol/schemas/leaf';
import { concurrently } from '@symbolon/registry/concurrently';
import type { Decision } from '../decisions/decision.ts';
import type { DecisionRef, DecisionStore } from '../ports.ts';
import type { ClassCounter } from './class-counts.ts';
import { decisionLeaf, leafClass } from './decision-leaf.ts';

export interface WaitingDecision {
  readonly decision: Decision;
  readonly leaf: DecisionLeaf;
  readonly salt: string;
}

/**
 * Decisions that wait for the log, about oldest first, each with a salt of its own and its leaf. The queue is a hint, so each is read: one that is logged already, or is none, is left
 * out. So is one that no leaf can say, which must not keep the others out; it stays in the queue.
 */
export async function decisionLeaves(
  { decisions, random }: { readonly decisions: DecisionStore; readonly random: RandomBytes },
  region: string,
  counter: ClassCounter,
  limit: number,
): Promise<readonly WaitingDecision[]> {
  if (limit === 0) return [];
  const refs = withoutDoubles(await decisions.pending(limit));
  const read = await concurrently(refs, async (ref) => {
    const stored = await decisions.find(ref);
    return stored?.place === undefined ? stored?.decision : undefined;
  });
  const salts = random(refs.length * SALT_BYTES);
  return read.flatMap((decision, i) => {
    if (decision === undefined) return [];
    const salt = encodeBase64url(salts.subarray(i * SALT_BYTES, (i + 1) * SALT_BYTES));
    // Whether it can be said does not hang on how it is dated.
    if (!isSayable(decisionLeaf(region, decision, salt, 'hour'))) return [];
    const per = counter.count(leafClass(decision), decision.decidedAt);
    return [{ decision, salt, leaf: decisionLeaf(region, decision, salt, per) }];
  });
}

function withoutDoubles(refs: readonly DecisionRef[]): readonly DecisionRef[] {
  const byName = new Map(refs.map((ref) => [`${ref.scheme} ${ref.sequence} ${ref.subject}`, ref]));
  return [...byName.values()];
}

function isSayable(leaf: DecisionLeaf): boolean {
  try {
    encodeLeaf(leaf);
    return true;
  } catch (error) {
    if (!isSymbolonError(error)) throw error;
    return false;
  }
}
