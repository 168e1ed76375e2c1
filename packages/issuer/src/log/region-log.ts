import type { LogTrust } from '@symbolon/log/checkpoint';
import type { LogStore } from '@symbolon/log/log-store';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Decision } from '../decisions/decision.ts';
import type { DecisionLog, DecisionRef, DecisionStore, LeafPlace, StoredDecision } from '../ports.ts';
import { makeReceipt } from './make-receipt.ts';
import { withPatience } from './patience.ts';
import { verifiedNotes } from './verified-notes.ts';

export interface RegionLogOptions {
  readonly decisions: Pick<DecisionStore, 'find' | 'queueAgain'>;
  /** The public files of the log that the region logs in. */
  readonly store: Pick<LogStore, 'read'>;
  readonly trust: LogTrust;
  /** Waits for a moment, as long as a round takes, say. */
  readonly pause: () => Promise<void>;
  /** How many times it is waited for a leaf. */
  readonly pauses: number;
  /**
   * Begins with each wait for a leaf, and with each receipt; resolves when that has taken long enough, reads and all. Left out, it may take as long as the store does.
   */
  readonly patience?: (what: 'leaf' | 'receipt') => Promise<void>;
}

const FOR_EVER = () => new Promise<void>(() => {});

/** A log that there is: what is in it has a receipt. */
export interface RegionLog extends DecisionLog {
  receiptOf(decision: Decision): Promise<string>;
}

/**
 * The log that a region's decisions go to, as everyone sees it: its public files, held to its key and the witnesses of the federation. `log-sequence` has the key, and writes it.
 *
 * Where the place of a leaf in the store and the log do not agree, the log is believed. A place in another log is none. REQ-ISS-037: what is not proven has no effect; what has had it, as the
 * store says, goes on having it.
 *
 * Methods throw, beside what the port says, what reading the checkpoints and the store throws.
 */
export function regionLog({
  decisions,
  store,
  trust,
  pause,
  pauses,
  patience = FOR_EVER,
}: RegionLogOptions): RegionLog {
  const read = (path: string) => store.read(path);
  const notes = verifiedNotes(read, trust);
  const placeHere = (stored: StoredDecision | undefined): LeafPlace | undefined =>
    stored?.place?.origin === trust.origin ? stored.place : undefined;

  /** For one wait. */
  const looker = () => {
    let isQueuedAgain = false;
    return async (ref: DecisionRef, isWorse: boolean): Promise<boolean> => {
      const stored = await decisions.find(ref);
      const place = placeHere(stored);
      if (place !== undefined) return notes.covers(place.index, isWorse && stored?.isEffective === false);
      // Once for whoever waits: if it comes back to another log, that may be one of which this process has not heard yet.
      if (stored?.place === undefined || isQueuedAgain) return false;
      isQueuedAgain = true;
      await decisions.queueAgain(stored.decision, stored.place.origin);
      return false;
    };
  };
  return {
    isEffective: async (ref, isWorse) => {
      const stored = await decisions.find(ref);
      if (stored?.isEffective === true) return true;
      const place = placeHere(stored);
      return place !== undefined && (await notes.covers(place.index, isWorse));
    },
    awaitLeaf: (ref, isWorse) =>
      withPatience(patience('leaf'), async (isOver) => {
        const hasLeaf = looker();
        for (let paused = 0; !(await hasLeaf(ref, isWorse)); paused++) {
          if (paused >= pauses || isOver()) throw new SymbolonError('decision-unlogged');
          await pause();
        }
      }),
    receiptOf: (decision) =>
      withPatience(patience('receipt'), async () => {
        const place = placeHere(await decisions.find(decision));
        if (place === undefined) throw new SymbolonError('decision-unlogged');
        return makeReceipt(read, notes, decision, place);
      }),
  };
}
