import { utf8 } from '@symbolon/protocol/bytes';
import { instant } from '@symbolon/protocol/instant';
import type {
  BurstLeaf,
  DecisionLeaf,
  Opening,
  PublicationLeaf,
  RuleLeaf,
} from '@symbolon/protocol/schemas/leaf';
import { commitmentOf, subjectTag } from '../leaf/commitment.ts';

/** One leaf of each kind. For tests. */
export const AT = instant(1_800_000_000);
export const SALT = utf8('salt of thirty-two bytes, always');

export const opening: Opening = {
  subject: subjectTag(SALT, 'S-1'),
  evidence: 'test',
  sequence: 3,
  decidedAt: instant(AT + 61),
};

export function decision(said: Opening = opening): DecisionLeaf {
  return {
    v: 1,
    kind: 'decision',
    region: 'CN-HA',
    scheme: 'health',
    level: 'red',
    rule: 'manual-isolation@1',
    authority: 'health-bureau',
    mode: 'manual',
    at: AT,
    per: 'hour',
    approvers: ['operator-0A', 'operator-0E'],
    commitment: commitmentOf(SALT, said),
  };
}

export const burst: BurstLeaf = {
  v: 1,
  kind: 'burst',
  region: 'CN-HA',
  scheme: 'health',
  cause: 'authority:health-bureau',
  state: 'held',
  at: AT,
  heldAt: AT,
};

export const rule: RuleLeaf = {
  v: 1,
  kind: 'rule',
  region: 'CN-HA',
  scheme: 'health',
  rule: 'manual-isolation@1',
  from: AT,
  sunset: instant(AT + 86_400),
  digest: 'ab'.repeat(32),
  at: AT,
};

export const published: PublicationLeaf = {
  v: 1,
  kind: 'publication',
  version: 7,
  sha256: 'cd'.repeat(32),
  root: 2,
  at: AT,
  first: false,
  part: 1,
  parts: 1,
  items: [{ role: 'CN-HA', keyids: ['ef'.repeat(32)] }],
};
