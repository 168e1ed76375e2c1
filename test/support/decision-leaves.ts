import { commitmentOf, SALT_BYTES, subjectTag } from '@symbolon/log/commitment';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import type { Bytes } from '@symbolon/protocol/bytes';
import type { Instant } from '@symbolon/protocol/instant';
import type { RandomBytes } from '@symbolon/protocol/random';
import type { DecisionLeaf, Opening } from '@symbolon/protocol/schemas/leaf';

/** A decision as it gets into the log, and what its holder gets besides. */
export interface LoggedDecision {
  readonly leaf: DecisionLeaf;
  readonly opening: Opening;
  readonly salt: string;
}

/** Decisions about as many people, in one hour. */
export function loggedDecisions(count: number, at: Instant, random: RandomBytes): readonly LoggedDecision[] {
  return Array.from({ length: count }, () => {
    const salt: Bytes = random(SALT_BYTES);
    const subject = subjectTag(salt, encodeBase64url(random(16)));
    const opening: Opening = { subject, evidence: 'no-adverse-fact', sequence: 1, decidedAt: at };
    const leaf: DecisionLeaf = {
      v: 1,
      kind: 'decision',
      region: 'CN-HA',
      scheme: 'health',
      level: 'green',
      rule: 'clear@1',
      authority: 'cdc',
      mode: 'automatic',
      at,
      per: 'hour',
      commitment: commitmentOf(salt, opening),
    };
    return { leaf, opening, salt: encodeBase64url(salt) };
  });
}
