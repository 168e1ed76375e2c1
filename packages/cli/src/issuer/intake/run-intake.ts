import { fromUtf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { Interrupted } from '../../interrupted.ts';
import { UsageError } from '../../usage-error.ts';
import type { BatchLine } from './input-line.ts';
import { readLines } from './read-lines.ts';
import { type IntakeState, MOST_BURSTS, readResumeFile, resumePath, writeResumeFile } from './resume-file.ts';
import { type BatchAnswer, type BatchSender, sendBatch } from './send-batch.ts';
import { type NumberedLine, splitter } from './split-batches.ts';
import type { Survey } from './survey-input.ts';

/** A run that goes on later signs anew: a statement must not be older than a day when it arrives. */
const SIGNED_FOR_SECONDS = 12 * 3600;
/** Who knows so few of a file's people has taken another region's file. */
const MOST_UNKNOWN = 10_000;

export interface IntakeResult {
  readonly state: IntakeState;
  /** It was finished before: this run has sent nothing. */
  readonly wasDone: boolean;
}

export interface IntakeOrder {
  readonly path: string;
  readonly region: string;
  readonly survey: Survey;
  readonly read: (text: string) => BatchLine;
  readonly sender: BatchSender;
  readonly batch: number;
  readonly skipsUnknown: boolean;
  readonly clock: () => Instant;
  readonly isInterrupted: () => boolean;
  readonly onState: (state: IntakeState) => void;
}

/**
 * Sends a file batch by batch, in its order, and keeps beside it how far it has come: before the first batch, and after each one is settled. A run that was cut off
 * goes on behind the last settled batch, and sends the one that may have arrived once more as it was. A run that is finished says so and sends nothing. One that
 * has settled nothing yet begins anew when the file is another one: a mistake in the first batch is mended in the file.
 *
 * @throws SymbolonError the issuer's code with the numbers of lines; UsageError when the state is of another file; Interrupted
 */
export async function runIntake(order: IntakeOrder): Promise<IntakeResult> {
  let state = begin(order, await readResumeFile(resumePath(order.path)));
  if (state.done) return { state, wasDone: true };
  const keep = async (next: IntakeState) => {
    await writeResumeFile(resumePath(order.path), next);
    state = next;
    order.onState(state);
  };
  /** What batches are signed with is known before the first of them goes out. */
  const keepTime = async () => {
    const now = order.clock();
    const age = now - state.signedAt;
    if (age < 0 || age > SIGNED_FOR_SECONDS) await keep({ ...state, signedAt: now });
  };
  await keep(state);
  let sha256 = '';
  const split = splitter(order.batch);
  const send = async (lines: readonly NumberedLine[]) => {
    if (order.isInterrupted()) throw new Interrupted();
    await keepTime();
    await keep(await settled(state, lines, order));
  };
  for await (const lines of readLines(order.path, (hash) => {
    sha256 = hash;
  })) {
    for (const { number, bytes } of lines) {
      if (number <= state.line) continue;
      const full = split.add({ ...order.read(fromUtf8(bytes)), number });
      if (full !== undefined) await send(full);
    }
  }
  const rest = split.rest();
  if (rest.length > 0) await send(rest);
  if (sha256 !== order.survey.sha256)
    throw new UsageError('The file was changed while it was sent: what it said then may be in.');
  await keep({ ...state, done: true });
  return { state, wasDone: false };
}

function begin(
  { path, region, survey, sender, clock }: IntakeOrder,
  kept: IntakeState | undefined,
): IntakeState {
  const { scheme, source } = sender;
  const fresh = {
    symbolonIntake: 1,
    input: survey.sha256,
    region,
    scheme,
    source,
    signedAt: clock(),
  } as const;
  const nothing = { line: 0, batches: 0, facts: 0, retracts: 0, added: 0, held: [], bursts: [], unknown: [] };
  if (kept === undefined) return { ...fresh, ...nothing, done: false };
  const isSame =
    kept.input === fresh.input && kept.region === region && kept.scheme === scheme && kept.source === source;
  if (!isSame && kept.line === 0) return { ...fresh, ...nothing, done: false };
  if (!isSame)
    throw new UsageError(
      `The ${resumePath(path).slice(path.length)} file beside the input is of another content, region, scheme or source, and says how far that had come. ` +
        'Give the new content a name of its own, or delete that file.',
    );
  return kept;
}

async function settled(
  state: IntakeState,
  lines: readonly NumberedLine[],
  { sender, skipsUnknown }: IntakeOrder,
): Promise<IntakeState> {
  const { answer, unknown } = await sendBatch(lines, state.signedAt, skipsUnknown, sender);
  if (state.unknown.length + unknown.length > MOST_UNKNOWN)
    throw new SymbolonError('subject-unknown', { bound: MOST_UNKNOWN });
  const left = lines.filter(({ number }) => !unknown.includes(number));
  const facts = left.filter(({ kind }) => kind === 'fact').length;
  const held =
    answer?.state === 'held'
      ? [{ id: answer.id, digest: answer.digest, facts: answer.facts, adverse: answer.adverse ?? 0 }]
      : [];
  return {
    ...state,
    line: lines.at(-1)?.number ?? state.line,
    batches: state.batches + (answer === undefined ? 0 : 1),
    facts: state.facts + facts,
    retracts: state.retracts + left.length - facts,
    added: state.added + (answer?.added ?? 0),
    held: [...state.held, ...held],
    bursts: burstsOf(state, answer),
    unknown: [...state.unknown, ...unknown.toSorted((a, b) => a - b)],
  };
}

/** A batch that waits has led to no decision yet: its `held` is not this list. */
function burstsOf({ bursts }: IntakeState, answer: BatchAnswer | undefined): string[] {
  const more = answer?.state === 'done' ? (answer.held ?? []) : [];
  return [...new Set([...bursts, ...more])].slice(0, MOST_BURSTS);
}
