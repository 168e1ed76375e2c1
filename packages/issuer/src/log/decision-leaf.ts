import { commitmentOf, subjectTag } from '@symbolon/log/commitment';
import { decodeBase64url } from '@symbolon/protocol/base64url';
import { DAY_SECONDS, hourFloor, type Instant, instant } from '@symbolon/protocol/instant';
import type { DecisionLeaf, Opening } from '@symbolon/protocol/schemas/leaf';
import type { Decision } from '../decisions/decision.ts';

/** How exactly a leaf is dated. */
export type Per = DecisionLeaf['per'];

/**
 * What everyone sees of a decision (protocol, section 9.6): nothing of the subject, its facts, the sample, or the second.
 *
 * @param region that decided
 * @param salt 32 random bytes, base64url, of this leaf only
 */
export function decisionLeaf(region: string, decision: Decision, salt: string, per: Per): DecisionLeaf {
  const { scheme, level, rule, authority, mode, approvers, decidedAt } = decision;
  return {
    v: 1,
    kind: 'decision',
    region,
    scheme,
    level,
    rule,
    authority,
    mode,
    at: per === 'hour' ? hourFloor(decidedAt) : dayFloor(decidedAt),
    per,
    ...(mode === 'manual' && approvers !== undefined && { approvers: [...approvers] }),
    commitment: commitmentOf(decodeBase64url(salt), openingOf(decision, salt)),
  };
}

/** What the commitment is over. It goes to the holder only. */
export function openingOf({ subject, evidence, sequence, decidedAt }: Decision, salt: string): Opening {
  return { subject: subjectTag(decodeBase64url(salt), subject), evidence, sequence, decidedAt };
}

/**
 * What decisions have in common whose leaves differ in the commitment only, but for the hour. The approvers are part of it: they are in the leaf.
 */
export function leafClass(decision: Decision): string {
  const { scheme, level, rule, authority, mode, approvers = [] } = decision;
  return [scheme, level, rule, authority, mode, ...(mode === 'manual' ? approvers : [])].join(' ');
}

function dayFloor(at: Instant): Instant {
  return instant(at - (at % DAY_SECONDS));
}
