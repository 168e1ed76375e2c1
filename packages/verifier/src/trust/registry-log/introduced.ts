import type { Instant } from '@symbolon/protocol/instant';
import type { PublicationLeaf, PublishedItem } from '@symbolon/protocol/schemas/leaf';
import type { Introductions } from '@symbolon/registry/introductions';

/** A publication, and since when it was public. */
export interface Publication {
  readonly leaf: PublicationLeaf;
  readonly since: Instant;
}

/** Since when a thing is public. Nothing: without a lead to show. */
type Since = Instant | undefined;

/**
 * What proven publications say of when things were introduced. What the log began with, and what is said to be the first of its kind, has no lead to show. Of
 * several that tell one thing the newest counts: it was taken out, and put back then.
 *
 * @param publications in the order of the log
 * @param otherwise for what none of them introduces: the time of the publication in hand
 */
export function introductionsIn(publications: readonly Publication[], otherwise: Instant): Introductions {
  const known = new Map<string, Since>();
  for (const { leaf, since } of publications) {
    for (const item of leaf.items) {
      const isFirst = leaf.first || ('first' in item && item.first === true);
      for (const name of namesIn(item)) known.set(name, isFirst ? undefined : since);
    }
  }
  const sinceOf = (name: string) => (known.has(name) ? known.get(name) : otherwise);
  return {
    role: (role, keyid) => sinceOf(roleKey(role, keyid)),
    key: (region, { kid, use, notBefore }) => sinceOf(regionKey(region, use, kid, notBefore)),
    rule: (region, scheme, rule, sha256) => sinceOf(ruleText(region, scheme, rule, sha256)),
  };
}

function namesIn(item: PublishedItem): readonly string[] {
  if ('role' in item) return item.keyids.map((keyid) => roleKey(item.role, keyid));
  if ('keys' in item)
    return item.keys.map(({ kid, use, notBefore }) => regionKey(item.region, use, kid, notBefore));
  return item.rules.map(({ rule, digest }) => ruleText(item.region, item.scheme, rule, digest));
}

function roleKey(role: string, keyid: string): string {
  return `role ${role} ${keyid}`;
}

/** With another beginning it is another one. */
function regionKey(region: string, use: string, kid: string, notBefore: Instant): string {
  return `key ${region} ${use} ${kid} ${notBefore}`;
}

function ruleText(region: string, scheme: string, rule: string, sha256: string): string {
  return `rule ${region} ${scheme} ${rule} ${sha256}`;
}
