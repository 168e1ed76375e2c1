import { instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { createReplayMemory } from '@symbolon/verifier/replay-memory';
import { replayed } from '@symbolon/verifier/scanner';
import { decodeVerdict } from '@symbolon/verifier/verdict-json';
import * as z from 'zod/mini';
import { cutChunks } from './cut-chunks.ts';
import { inOrder } from './in-order.ts';
import { type Judge, type JudgedLine, judged, type LineOutcome } from './judge-lines.ts';
import { LineCounts } from './line-counts.ts';

/** One chunk is judged and one waits, for each thread; and as many are done before their turn. */
const CHUNKS_A_JOB = 4;

export interface LinesRun {
  readonly input: AsyncIterable<Uint8Array>;
  readonly judge: Judge;
  readonly jobs: number;
  /** What is printed; everything when left out. */
  readonly only?: ReadonlySet<LineOutcome> | undefined;
  /** Takes lines to print. Nothing more is read until it has. */
  readonly write: (text: string) => Promise<void>;
  /** Ends the run early: what is under way is finished. */
  readonly stop: Promise<void>;
  readonly onProgress: (counts: LineCounts, received: number) => void;
  /** How many presentations are remembered, to refuse copies: `LIMITS.manifestReplayEntries` when left out. */
  readonly remembered?: number;
}

/**
 * Judges lines on several threads and prints them in their order. Held are a few chunks for each thread, and the ids of the last `LIMITS.manifestReplayEntries`
 * presentations with a key, whatever the times of their lines: who is shown twice in one list is `replayed` the second time.
 */
export async function runLines({
  input,
  judge,
  jobs,
  only,
  write,
  stop,
  onProgress,
  remembered = LIMITS.manifestReplayEntries,
}: LinesRun): Promise<LineCounts> {
  const counts = new LineCounts();
  const refuseCopies = copyRefuser(remembered, counts);
  const chunks = cutChunks(input);
  const work = async (chunk: Parameters<Judge>[0] & { readonly received: number }) => {
    const { received } = chunk;
    return { received, ...(await judge(chunk)) };
  };
  for await (const { lines, blank, received } of inOrder(chunks, work, CHUNKS_A_JOB * jobs, stop)) {
    let text = '';
    for (const each of lines) {
      const line = refuseCopies(each);
      counts.add(line);
      if (only === undefined || only.has(line.outcome)) text += `${line.text}\n`;
    }
    counts.blank += blank;
    if (text !== '') await write(text);
    onProgress(counts, received);
  }
  return counts;
}

const Printed = z.object({ line: z.int(), id: z.optional(z.string()), verdict: z.unknown() });

/** The rule and the memory of a scanner, of one moment that lasts for the whole run. */
function copyRefuser(entries: number, counts: LineCounts): (line: JudgedLine) => JudgedLine {
  const memory = createReplayMemory(entries);
  const moment = instant(0);
  return (judgedLine) => {
    // All are remembered, whichever was seen before.
    const fresh = judgedLine.replayIds.filter((id) => {
      const isFull = memory.size >= entries;
      if (memory.isRepeat(id, moment)) return false;
      if (isFull) counts.forgotten++;
      return true;
    });
    if (fresh.length === judgedLine.replayIds.length) return judgedLine;
    const { line, id, verdict } = Printed.parse(JSON.parse(judgedLine.text));
    return judged(line, id, replayed(decodeVerdict(verdict)), []);
  };
}
