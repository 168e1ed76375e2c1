import type { Code } from '@symbolon/protocol/codes';
import type { Instant } from '@symbolon/protocol/instant';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import type { Verdict } from '@symbolon/protocol/schemas/verdict';
import { type OpenTrust, openTrust } from '@symbolon/verifier/open-trust';
import { replayIdsOf } from '@symbolon/verifier/scanner';
import type { Trust } from '@symbolon/verifier/trust';
import { encodeVerdict } from '@symbolon/verifier/verdict-json';
import { verify } from '@symbolon/verifier/verify';
import { jsonText } from '../output/terminal.ts';
import { type Chunk, linesOf } from './cut-chunks.ts';
import { type AskedLine, readLine, type UnreadLine } from './read-line.ts';
import { decisiveCode, isUnreadable } from './verdict-kind.ts';

export type LineOutcome = Verdict['outcome'] | 'unreadable';

/** What became of a line. */
export interface JudgedLine {
  readonly outcome: LineOutcome;
  /** Why, where it is not accepted. */
  readonly code?: Code;
  /** What a scanner would remember of it. */
  readonly replayIds: readonly string[];
  /** To print, without a line end. */
  readonly text: string;
}

export interface JudgedChunk {
  /** In their order, blank ones left out. */
  readonly lines: readonly JudgedLine[];
  readonly blank: number;
}

export type Judge = (chunk: Chunk) => Promise<JudgedChunk>;

/** Plain data, so that every thread opens the same. */
export interface JudgeOrder {
  readonly opening: OpenTrust;
  readonly policy: Policy;
  /** For lines that do not say as of when. */
  readonly now: Instant;
  /** Whether a line may say as of when: its whole verdict, the age of the registry with it, is then as of that time. */
  readonly lineTimes: boolean;
}

/** What opens the trust once, and then judges any number of lines. Whether a line repeats another one is not known here. */
export async function openJudge({ opening, policy, now, lineTimes }: JudgeOrder): Promise<Judge> {
  const { trust } = await openTrust(opening);
  return async (chunk) => {
    const lines: JudgedLine[] = [];
    let blank = 0;
    for (const { line, bytes } of linesOf(chunk)) {
      const read = readLine(bytes, lineTimes);
      if (read === undefined) blank++;
      else lines.push(await judge(line, read, trust, policy, now));
    }
    return { lines, blank };
  };
}

async function judge(
  line: number,
  read: AskedLine | UnreadLine,
  trust: Trust,
  policy: Policy,
  now: Instant,
): Promise<JudgedLine> {
  if ('error' in read) return unreadable(line, read.id, read.error);
  const { id, at = now, presentation } = read;
  const verdict = await verify(presentation, trust, policy, at);
  // What is no presentation at all is unreadable input, not a refused holder.
  if (isUnreadable(verdict, typeof presentation === 'string' ? 1 : presentation.length))
    return unreadable(line, id, 'presentation-unrecognised');
  return judged(line, id, verdict, replayIdsOf(verdict));
}

function unreadable(line: number, id: string | undefined, error: Code): JudgedLine {
  const text = jsonText({ line, ...(id !== undefined && { id }), error });
  return { outcome: 'unreadable', code: error, replayIds: [], text };
}

/** A line with its verdict, as it is printed. */
export function judged(
  line: number,
  id: string | undefined,
  verdict: Verdict,
  replayIds: readonly string[],
): JudgedLine {
  const code = decisiveCode(verdict);
  const text = jsonText({ line, ...(id !== undefined && { id }), verdict: encodeVerdict(verdict) });
  return { outcome: verdict.outcome, ...(code !== undefined && { code }), replayIds, text };
}
