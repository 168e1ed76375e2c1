import { decodeLeaf, encodeLeaf } from '@symbolon/log/leaf';
import type { Bytes } from '@symbolon/protocol/bytes';
import { isSymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type { Leaf } from '@symbolon/protocol/schemas/leaf';
import { collectFindings } from '../findings.ts';
import { seenBetween } from './leaf-dates.ts';
import type { LogState } from './log-state.ts';
import { type NumberedLeaf, OTHERS } from './numbered-leaf.ts';
import type { Sighting } from './sightings.ts';
import { MOST_CLASSES, openTally, type TallyState } from './tally.ts';

export interface BookBounds {
  readonly classes: number;
  /** Leaves that are no decisions, and bytes of them. */
  readonly others: { readonly leaves: number; readonly bytes: number };
}

export const BOOK_BOUNDS: BookBounds = { classes: MOST_CLASSES, others: OTHERS };

export type BookState = TallyState & Pick<LogState, 'others' | 'unheld' | 'findings'>;

/** What is known of the leaves of a log, as they are read. */
export interface LeafBook {
  /** An entry that is in the tree, and its place there. */
  take(entry: Bytes, index: number): void;
  state(): BookState;
}

/**
 * @param sightings what the leaves are dated by, and
 * @param readAt no leaf is from later
 */
export function openBook(
  before: BookState,
  { sightings, readAt }: { readonly sightings: readonly Sighting[]; readonly readAt: Instant },
  bounds: BookBounds = BOOK_BOUNDS,
): LeafBook {
  const others: NumberedLeaf[] = [...before.others];
  const findings = collectFindings(before.findings);
  const tally = openTally(before, bounds.classes);
  let { unheld } = before;
  let bytes = others.reduce((sum, { leaf }) => sum + encodeLeaf(leaf).length, 0);

  const hold = (leaf: Leaf, index: number, length: number) => {
    // After one that is not held none is: what is left out would look like something missing in between.
    const fits = others.length < bounds.others.leaves && bytes + length <= bounds.others.bytes;
    if (unheld > 0 || !fits) {
      unheld++;
      return;
    }
    others.push({ index, leaf });
    bytes += length;
  };

  return {
    take: (entry, index) => {
      const leaf = leafOf(entry);
      // REQ-LOG-001
      if (leaf === undefined) {
        findings.add('leaf-form', 'failed', 'leaf-malformed', `leaf ${index}`);
        return;
      }
      const { dated, seen } = seenBetween(leaf, index, sightings, readAt);
      if (dated !== 'ok') findings.add('leaf-dates', dated, 'leaf-misdated', `leaf ${index}`);
      if (leaf.kind === 'decision') tally.add(leaf, index, seen);
      else hold(leaf, index, entry.length);
    },
    state: () => ({ ...tally.state(), others: [...others], unheld, findings: findings.all() }),
  };
}

function leafOf(entry: Bytes): Leaf | undefined {
  try {
    return decodeLeaf(entry);
  } catch (error) {
    if (isSymbolonError(error)) return undefined;
    throw error;
  }
}
