import type { Leaf } from '@symbolon/protocol/schemas/leaf';
import type { Findings } from '../findings.ts';
import type { NumberedLeaf } from '../log/numbered-leaf.ts';
import { mayBeHidden, type PastRegistry, SLOW_SECONDS } from '../registry/past.ts';
import type { KnownRule } from '../registry/past-rules.ts';

type LeafOf<K extends Leaf['kind']> = Extract<Leaf, { kind: K }>;

/** Leaves of keys and rules say what the region published. */
export function checkOthers(
  others: readonly NumberedLeaf[],
  past: PastRegistry,
  rules: ReadonlyMap<string, KnownRule>,
  findings: Findings,
): void {
  for (const { index, leaf } of others) {
    const place = `leaf ${index}`;
    if (leaf.kind === 'key') checkKey(leaf, past, place, findings);
    if (leaf.kind === 'rule') checkRule(leaf, past, rules, place, findings);
    if (leaf.kind === 'publication') findings.add('leaf-form', 'failed', 'leaf-malformed', place);
  }
}

function checkKey(leaf: LeafOf<'key'>, past: PastRegistry, place: string, findings: Findings): void {
  const published = past.publications.flatMap(({ regions }) =>
    (regions.get(leaf.region)?.keys ?? []).filter(
      ({ kid, use, notBefore }) => kid === leaf.kid && use === leaf.use && notBefore === leaf.notBefore,
    ),
  );
  const isRevoked = leaf.state !== 'revoked' || published.some(({ revoked }) => revoked !== undefined);
  if (published.length > 0 && isRevoked) return;
  if (isHidden(leaf, past)) findings.add('keys', 'unchecked', undefined, place);
  else findings.add('keys', 'failed', 'key-unknown', place);
}

function checkRule(
  leaf: LeafOf<'rule'>,
  past: PastRegistry,
  rules: ReadonlyMap<string, KnownRule>,
  place: string,
  findings: Findings,
): void {
  const known = rules.get(`${leaf.region} ${leaf.scheme} ${leaf.rule}`);
  if (known === undefined) {
    if (isHidden(leaf, past)) findings.add('rules', 'unchecked', undefined, place);
    else findings.add('rules', 'failed', 'rule-unknown', place);
    return;
  }
  // REQ-RUL-005
  if (known.digest !== leaf.digest) findings.add('rules', 'failed', 'rule-mutated', place);
}

/** Leaves of what is published come after it. */
function isHidden({ region, at }: LeafOf<'key' | 'rule'>, past: PastRegistry): boolean {
  return mayBeHidden(past, region, at) || mayBeHidden(past, region, at - SLOW_SECONDS);
}
