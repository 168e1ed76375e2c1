import type { Leaf } from '@symbolon/protocol/schemas/leaf';
import type { Findings } from '../findings.ts';
import type { NumberedLeaf } from '../log/numbered-leaf.ts';
import type { PastRegistry } from '../registry/past.ts';
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
    if (leaf.kind === 'rule') checkRule(leaf, rules, place, findings);
    if (leaf.kind === 'publication') findings.add('leaf-form', 'failed', 'leaf-malformed', place);
  }
}

function checkKey(
  leaf: LeafOf<'key'>,
  { publications }: PastRegistry,
  place: string,
  findings: Findings,
): void {
  const published = publications.flatMap(({ regions }) =>
    (regions.get(leaf.region)?.keys ?? []).filter(
      ({ kid, use, notBefore }) => kid === leaf.kid && use === leaf.use && notBefore === leaf.notBefore,
    ),
  );
  if (published.length === 0) {
    findings.add('keys', 'failed', 'key-unknown', place);
    return;
  }
  if (leaf.state === 'revoked' && published.every(({ revoked }) => revoked === undefined))
    findings.add('keys', 'failed', 'key-unknown', place);
}

function checkRule(
  leaf: LeafOf<'rule'>,
  rules: ReadonlyMap<string, KnownRule>,
  place: string,
  findings: Findings,
): void {
  const known = rules.get(`${leaf.region} ${leaf.scheme} ${leaf.rule}`);
  if (known === undefined) {
    findings.add('rules', 'failed', 'rule-unknown', place);
    return;
  }
  // REQ-RUL-005
  if (known.digest !== leaf.digest) findings.add('rules', 'failed', 'rule-mutated', place);
}
