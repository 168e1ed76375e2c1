import type { Bytes } from '@symbolon/protocol/bytes';
import type { Json } from '@symbolon/protocol/strict-json';

/** A leaf that waits. */
export interface WaitingLeaf {
  readonly leaf: Bytes;
  /** What the source needs to know of it again once it is in the log: JSON of its own. Kept in private until then. */
  readonly note: Json;
}

export interface Waiting {
  readonly leaves: readonly WaitingLeaf[];
  /** What the source remembers from now on, if these leaves get into the log. It is moved by the same compare and swap. */
  readonly memory: Json;
}

export interface PlacedLeaf {
  readonly index: number;
  readonly note: Json;
}

/** Port: where a sequencer gets its leaves from. */
export interface LeafSource {
  /**
   * What waits, at most `limit` leaves. Nothing that was settled is among it: what waits is read consistently.
   *
   * @param memory what the last call gave whose leaves got into the log; null at first
   * @param unsettled leaves that are in the log and could not be settled: none of them waits, whatever the source reads
   */
  pending(limit: number, memory: Json, unsettled?: readonly PlacedLeaf[]): Promise<Waiting>;
  /** Says where leaves are in the log. It may be called again with the same ones, which changes nothing. */
  settle(placed: readonly PlacedLeaf[]): Promise<void>;
  /**
   * The same, where some may fail without the others: called in the place of `settle`.
   *
   * @returns those that could not be settled. They are tried again before each round, and `pending` is told of them
   */
  settleSome?(placed: readonly PlacedLeaf[]): Promise<readonly PlacedLeaf[]>;
}
