import { sha256Hex } from '@symbolon/keys/digest';
import { canonicalJson } from '@symbolon/protocol/canonical-json';
import { formatRuleRef } from '@symbolon/protocol/ids';
import type { Instant } from '@symbolon/protocol/instant';
import type { KeyLeaf, RuleLeaf } from '@symbolon/protocol/schemas/leaf';
import { Rule } from '@symbolon/protocol/schemas/rule-set';
import * as z from 'zod/mini';
import type { Publication } from '../publication.ts';

/** A leaf of something that the region has published, and the name by which it is known to be in the log. */
export interface PublishedLeaf {
  readonly name: string;
  readonly leaf: KeyLeaf | RuleLeaf;
}

/** A leaf for each key and each rule that is published now, and for each key that is revoked, as seen at `now`. */
export function publishedLeaves(publication: Publication, now: Instant): readonly PublishedLeaf[] {
  return [...keyLeaves(publication, now), ...ruleLeaves(publication, now)];
}

function keyLeaves({ region: { region }, keys }: Publication, at: Instant): readonly PublishedLeaf[] {
  return keys.flatMap(({ kid, use, notBefore, notAfter, revoked }) =>
    (revoked === undefined ? (['published'] as const) : (['published', 'revoked'] as const)).map((state) => ({
      name: `key ${kid} ${state}`,
      leaf: { v: 1, kind: 'key', region, kid, use, state, notBefore, notAfter, at } as const,
    })),
  );
}

function ruleLeaves({ region: { region }, ruleSets }: Publication, at: Instant): readonly PublishedLeaf[] {
  return Object.values(ruleSets).flatMap(({ scheme, rules }) =>
    rules.map((each) => {
      const { from, sunset } = each;
      const rule = formatRuleRef(each);
      const digest = sha256Hex(canonicalJson(z.encode(Rule, each)));
      return {
        name: `rule ${scheme} ${rule} ${digest}`,
        leaf: { v: 1, kind: 'rule', region, scheme, rule, from, sunset, digest, at } as const,
      };
    }),
  );
}
