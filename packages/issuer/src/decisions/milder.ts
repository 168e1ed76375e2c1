import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import type { DecisionStore } from '../ports.ts';
import type { Draft } from './draft.ts';
import { isStricter } from './strictness.ts';
import { isWorse } from './worse.ts';

/** So many decisions that wait, one after the other, are looked past. Whoever has more of them waits as well. */
const AT_MOST = 16;

/**
 * REQ-ISS-037: which decision is the one in effect, where an adverse one that comes after it is milder. That one needs no witnesses: they have seen worse of this person, and an outage must
 * keep nobody red who would be amber (docs/adr/0032).
 *
 * One that waits for the witnesses is not in effect. Neither is what has had its effect and ended.
 *
 * @param sequence of the decision that is about to be appended
 * @returns nothing where it is as strict, or stricter, or no decision gives a status
 */
export async function milderThan(
  decisions: Pick<DecisionStore, 'find'>,
  scheme: Scheme,
  draft: Draft,
  sequence: number,
): Promise<number | undefined> {
  if (draft.mode === 'ended' || !isWorse(scheme, draft)) return undefined;
  const { subject } = draft;
  for (let before = sequence - 1; before >= Math.max(1, sequence - AT_MOST); before--) {
    const stored = await decisions.find({ subject, scheme: scheme.id, sequence: before });
    if (stored === undefined) return undefined;
    const { decision, isEffective } = stored;
    if (isWorse(scheme, decision) && !isEffective) continue;
    return decision.mode !== 'ended' && isStricter(scheme, decision.level, draft.level) ? before : undefined;
  }
  return undefined;
}
