import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import type { DecisionLog, DecisionStore } from '../ports.ts';
import type { Decision } from './decision.ts';
import type { Draft } from './draft.ts';
import { isAdverse, isStricter } from './strictness.ts';
import { isWorse } from './worse.ts';

/** So many decisions that wait, one after the other, are looked past. Whoever has more of them waits as well. */
const AT_MOST = 16;

export interface EffectPorts {
  readonly decisions: Pick<DecisionStore, 'find'>;
  readonly decisionLog: Pick<DecisionLog, 'isEffective'>;
}

/** What was decided, and in which place of the sequence one is looked for that is in effect. */
export interface Before {
  readonly subject: string;
  readonly sequence: number;
  /** Where one that waits is milder than this level, it is not looked past: it may have had its effect when the scheme called its level favourable. */
  readonly level?: string;
}

/**
 * The decision in effect: the newest one before that needed no witnesses, or that they have seen. An end may be one.
 *
 * @returns nothing where none is; `unknown` where too many wait, or one that came of a merge: beneath that one there may be as many in effect as there were subjects
 * @throws SymbolonError what reading the log throws: a log that does not answer is not one that says no
 */
export async function inEffect(
  { decisions, decisionLog }: EffectPorts,
  scheme: Scheme,
  { subject, sequence, level }: Before,
): Promise<Decision | 'unknown' | undefined> {
  for (let before = sequence - 1; before >= 1; before--) {
    if (before < sequence - AT_MOST) return 'unknown';
    const ref = { subject, scheme: scheme.id, sequence: before };
    const decision = (await decisions.find(ref))?.decision;
    if (decision === undefined) return undefined;
    if (!isWorse(scheme, decision) || (await decisionLog.isEffective(ref, true))) return decision;
    if (decision.mode === 'merged') return 'unknown';
    if (level !== undefined && isStricter(scheme, level, decision.level)) return 'unknown';
  }
  return undefined;
}

/**
 * REQ-ISS-037: which decision is the one in effect, where an adverse one that comes after it is milder. That one needs no witnesses: they have seen worse of this person, and an outage must
 * keep nobody red who would be amber (docs/adr/0032).
 *
 * One that waits for the witnesses is not in effect. Neither is what has had its effect and ended. Where one waits that came of a merge, witnesses have not seen worse of all whom it made one.
 *
 * @param sequence of the decision that is about to be appended
 * @returns nothing where it is as strict, or stricter, or no decision gives a status
 * @throws SymbolonError as `inEffect` does
 */
export async function milderThan(
  ports: EffectPorts,
  scheme: Scheme,
  draft: Draft,
  sequence: number,
): Promise<number | undefined> {
  if (draft.mode === 'ended' || !isWorse(scheme, draft)) return undefined;
  const { subject, level } = draft;
  const found = await inEffect(ports, scheme, { subject, sequence, level });
  if (found === undefined || found === 'unknown' || found.mode === 'ended') return undefined;
  // Also where the order of a scheme is odd.
  const isMilder = isAdverse(scheme, found.level) && isStricter(scheme, found.level, level);
  return isMilder ? found.sequence : undefined;
}
