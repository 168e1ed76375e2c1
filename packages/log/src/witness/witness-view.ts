import { type LogTrust, openCheckpoint } from '../note/checkpoint.ts';
import type { NoteKey } from '../note/note-key.ts';
import type { TreeHead } from '../tree/proofs.ts';
import type { Wait } from './witness-run.ts';

/** Port: a witness over the network (C2SP tlog-witness). */
export interface WitnessPort {
  /** The name of its key. */
  readonly name: string;
  /** POST `add-checkpoint`. @throws when there is no answer in time, or the signal stops it */
  addCheckpoint(
    body: string,
    signal?: AbortSignal,
  ): Promise<{ readonly status: number; readonly text: string }>;
  /** GET the newest checkpoint that it has cosigned of a log. @returns nothing where it has none. @throws when there is no answer in time, or the signal stops it */
  newest?(origin: string, signal?: AbortSignal): Promise<string | undefined>;
}

/** For all of them at once: a run begins by it. */
const LOOK_MS = 1000;

/**
 * What a witness shows that it has cosigned of this log, with both signatures verified.
 *
 * @returns nothing where it shows nothing that counts; it never rejects
 */
export async function witnessedBy(
  witness: WitnessPort,
  { name }: NoteKey,
  trust: LogTrust,
  signal: AbortSignal,
): Promise<TreeHead | undefined> {
  try {
    const text = await witness.newest?.(trust.origin, signal);
    if (text === undefined) return undefined;
    const checkpoint = await openCheckpoint(text, trust);
    return checkpoint.cosigned.has(name) ? checkpoint : undefined;
  } catch {
    // That it does not answer, or that nothing is right: both say nothing about the log.
    return undefined;
  }
}

/** Asks all witnesses what they have seen of this log. Those that do not answer within a second are passed over: an outage of witnesses stops no log. */
export async function seenByWitnesses(
  witnesses: readonly WitnessPort[],
  trust: LogTrust,
  wait: Wait,
): Promise<readonly TreeHead[]> {
  const stop = new AbortController();
  const seen: TreeHead[] = [];
  const looks = witnesses.map(async (witness) => {
    const key = trust.witnesses.find(({ name }) => name === witness.name);
    const found = key && (await witnessedBy(witness, key, trust, stop.signal));
    if (found !== undefined) seen.push(found);
  });
  await Promise.race([Promise.all(looks), wait(LOOK_MS)]);
  stop.abort();
  return [...seen];
}
