import type { Bytes } from '@symbolon/protocol/bytes';
import type { Finding } from '../findings.ts';
import { type CompactRange, EMPTY_RANGE } from './compact-range.ts';
import type { NumberedLeaf } from './numbered-leaf.ts';
import type { Sighting, Unwitnessed } from './sightings.ts';
import type { TallyState } from './tally.ts';

/** What an auditor remembers of one log: as far as it has read it, and what it found there. */
export interface LogState extends TallyState {
  readonly origin: string;
  /** The leaves that were read, and held to the tree. */
  readonly range: CompactRange;
  /** The newest checkpoint that was right: a signed note, which is evidence if the log ever shows another history. */
  readonly checkpoint: string | undefined;
  readonly newest: { readonly size: number; readonly root: Bytes } | undefined;
  /** Oldest first. */
  readonly sightings: readonly Sighting[];
  /** By increasing size. */
  readonly unwitnessed: readonly Unwitnessed[];
  readonly others: readonly NumberedLeaf[];
  /** Leaves that are no decisions and are not in `others`: there are too many. */
  readonly unheld: number;
  /** Of leaves that are read: they do not get better. */
  readonly findings: readonly Finding[];
}

export function newState(origin: string): LogState {
  return {
    origin,
    range: EMPTY_RANGE,
    checkpoint: undefined,
    newest: undefined,
    sightings: [],
    unwitnessed: [],
    classes: [],
    uncounted: 0,
    others: [],
    unheld: 0,
    findings: [],
  };
}
