import { type Bytes, fromUtf8 } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import { hoursAfter, LONGEST_VALIDITY_HOURS } from '../../epochs/keep-hours.ts';
import { regionOfRole, TARGETS } from '../../metadata/delegations.ts';
import { ruleSchemeOfFile } from '../../registry-view/owners.ts';
import { readRuleSet } from '../../registry-view/region-files.ts';
import { hashRules } from '../../registry-view/rule-hashes.ts';
import { contentOf, listedContentOf } from '../content.ts';
import type { Draft } from '../draft.ts';
import type { Overlay } from '../event/lay-over.ts';

interface Published {
  readonly hash: string;
  /** Until when a credential may be out there that names the rule. */
  readonly until: Instant;
}
type Rules = ReadonlyMap<string, Published>;

/**
 * REQ-RUL-005: a published rule stays until what was decided by it has ended. One that could leave could come back with another text, and verifiers that
 * remember the first would take the region for one that lies.
 */
export function ruleFaults({ event, published, next }: Overlay, now: Instant): readonly SymbolonError[] {
  if (published === undefined) return [];
  return [...event.roles.keys()]
    .filter((role) => role !== TARGETS && regionOfRole(role) === role)
    .flatMap((role) =>
      Object.keys(published.roles.get(role)?.signed.targets ?? {})
        .filter((path) => ruleSchemeOfFile(role, path) !== undefined)
        .filter((path) => {
          const before = rulesIn(role, path, listedContentOf(published, role, path));
          const after = rulesIn(role, path, contentOf(next, role, path));
          return [...before].some(([rule, known]) => isGone(published, rule, known, after, now));
        })
        .map((path) => new SymbolonError('rule-mutated', { path })),
    );
}

function isGone(
  published: Draft,
  rule: string,
  { hash, until }: Published,
  after: Rules,
  now: Instant,
): boolean {
  const found = after.get(rule);
  if (found === undefined) return now < until;
  // Where clients can use the region, `checkContent` has told it.
  return found.hash !== hash && own(published.base?.state.ruleHashes ?? {}, rule) === undefined;
}

/** A file that nobody can read has published no rule; a new one that nobody can read is told by `checkContent`. */
function rulesIn(role: string, path: string, bytes: Bytes | undefined): Rules {
  const scheme = ruleSchemeOfFile(role, path);
  if (bytes === undefined || scheme === undefined) return new Map();
  try {
    const json = parseStrictJson(fromUtf8(bytes));
    const ruleSet = readRuleSet(role, scheme, json);
    const hashes = hashRules(ruleSet, json);
    return new Map(
      ruleSet.rules.map(({ id, version, sunset }) => {
        const name = `${role}/${ruleSet.scheme}/${id}@${version}`;
        return [name, { hash: own(hashes, name) ?? '', until: hoursAfter(sunset, LONGEST_VALIDITY_HOURS) }];
      }),
    );
  } catch (error) {
    if (isSymbolonError(error)) return new Map();
    throw error;
  }
}
