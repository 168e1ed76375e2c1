import { kidOf } from '@symbolon/keys/kid';
import type { Authority } from '../../metadata/threshold.ts';
import { keysIn } from '../authority.ts';
import { changeLine, type DiffLine } from './line.ts';

/** How the keys of a role change. `role` is the one whose file names them, `of` the one that they sign. */
export function authorityDiff(
  role: string,
  of: string,
  before: Authority | undefined,
  after: Authority | undefined,
): readonly DiffLine[] {
  const [old, fresh] = [kidsOf(before), kidsOf(after)];
  const keyLine = (mark: 'added' | 'removed', kid: string): DiffLine => ({
    role,
    mark,
    subject: `key ${kid} of ${of}`,
  });
  const lines = [
    ...old.filter((kid) => !fresh.includes(kid)).map((kid) => keyLine('removed', kid)),
    ...fresh.filter((kid) => !old.includes(kid)).map((kid) => keyLine('added', kid)),
  ];
  const [from, to] = [thresholdOf(before), thresholdOf(after)];
  if (from === to) return lines;
  return [...lines, changeLine(role, `threshold of ${of}`, { before: from, after: to })];
}

function kidsOf(authority: Authority | undefined): readonly string[] {
  return authority === undefined ? [] : keysIn(authority).map(kidOf);
}

function thresholdOf(authority: Authority | undefined): string | undefined {
  return authority === undefined ? undefined : `${authority.threshold} of ${keysIn(authority).length}`;
}
