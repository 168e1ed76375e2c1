import { formatRuleRef } from '@symbolon/protocol/ids';
import { own } from '@symbolon/protocol/own';
import type { Rule } from '@symbolon/protocol/schemas/rule-set';
import type { Publication } from '../publication.ts';

/** A rule by its `id@version`, if the region publishes it for this scheme. */
export function publishedRule(publication: Publication, scheme: string, ref: string): Rule | undefined {
  return own(publication.ruleSets, scheme)?.rules.find((rule) => formatRuleRef(rule) === ref);
}
