import type { DecisionLog, DecisionStore } from '@symbolon/issuer/ports';
import type { Publication } from '@symbolon/issuer/publication';
import { regionLog } from '@symbolon/issuer/region-log';
import { withoutLog } from '@symbolon/issuer/without-log';
import { logTrust } from '@symbolon/log/checkpoint';
import type { ReadLogFile } from '@symbolon/log/tile-reader';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { logFilesAt } from './adapters.ts';
import { type Clock, systemClock } from './clock.ts';
import { type Pause, systemPause, systemTimer } from './pause.ts';

/** Whoever waits for a leaf looks so often: for several rounds of the log. */
const LOOK_EVERY_MS = 250;
const LOOKS = 32;
/** Reads of a slow log are part of the wait. Both together are less than a function may run, so that whoever waits is answered. */
const PATIENCE_MS = { leaf: 9000, receipt: 4000 } as const;

export interface DecisionLogParts {
  readonly decisions: Pick<DecisionStore, 'find' | 'queueAgain'>;
  /** The public files of the log; nothing, where the function was given none. */
  readonly read: ReadLogFile | undefined;
  readonly publication: (now: Instant) => Promise<Publication>;
  readonly clock: Clock;
  readonly pause: Pause;
  /** Measures how long somebody has waited. Unlike `pause` it is never waited for alone. */
  readonly timer: Pause;
}

/** @param uri of the public files of the log; nothing, where the function was given none */
export function decisionLogAt(
  uri: string | undefined,
  { decisions, publication }: Pick<DecisionLogParts, 'decisions' | 'publication'>,
): DecisionLog {
  const read = uri === undefined ? undefined : logFilesAt(uri);
  return decisionLogOf({
    decisions,
    read,
    publication,
    clock: systemClock,
    pause: systemPause,
    timer: systemTimer,
  });
}

/**
 * The log that the region's decisions go to, by what the registry says of it now: its keys, and the witnesses of the federation.
 *
 * Where the registry names no log, everything takes effect at once, as before there were logs. Methods throw, beside what the port says, what `publication` throws and
 * SymbolonError `configuration-malformed` where the registry names a log that this function was not given: it must not decide past it.
 */
export function decisionLogOf(parts: DecisionLogParts): DecisionLog {
  const made = new WeakMap<Publication, DecisionLog>();
  const current = async () => {
    const publication = await parts.publication(parts.clock());
    const log = made.get(publication) ?? logBy(parts, publication);
    made.set(publication, log);
    return log;
  };
  return {
    awaitLeaf: async (ref, isWorse) => orUnlogged((await current()).awaitLeaf(ref, isWorse)),
    isEffective: async (ref, isWorse) => orUnlogged((await current()).isEffective(ref, isWorse)),
    receiptOf: async (decision) => orUnlogged((await current()).receiptOf(decision)),
  };
}

/** Whatever is wrong with the log's files, it is no fault of who asks, and may be right again by the next round. */
async function orUnlogged<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (cause) {
    if (!isSymbolonError(cause)) throw cause;
    throw new SymbolonError('decision-unlogged', { cause });
  }
}

function logBy(
  { decisions, read, pause, timer }: DecisionLogParts,
  { log, federation }: Publication,
): DecisionLog {
  if (log === undefined) return withoutLog();
  if (log === 'unknown') return read === undefined ? withoutLog() : silentLog(decisions);
  if (read === undefined) throw new SymbolonError('configuration-malformed', { path: 'LOG_URI' });
  return regionLog({
    decisions,
    store: { read },
    trust: logTrust(log, federation.witnesses),
    pause: () => pause(LOOK_EVERY_MS),
    pauses: LOOKS,
    patience: (what) => timer(PATIENCE_MS[what]),
  });
}

/** A log of which nothing can be told now: nothing is proven to be in it, and what has had effect has it. */
function silentLog(decisions: Pick<DecisionStore, 'find'>): DecisionLog {
  const unlogged = async () => {
    throw new SymbolonError('decision-unlogged');
  };
  const isEffective: DecisionLog['isEffective'] = async (ref) =>
    (await decisions.find(ref))?.isEffective === true || unlogged();
  return { awaitLeaf: unlogged, isEffective, receiptOf: unlogged };
}
