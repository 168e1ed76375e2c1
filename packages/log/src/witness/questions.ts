import type { NoteKey } from '../note/note-key.ts';
import { type Asking, askWitness, type WitnessReply } from './ask-witness.ts';
import type { WitnessRun } from './witness-run.ts';
import type { WitnessPort } from './witness-view.ts';

export interface Question {
  readonly witness: WitnessPort;
  readonly key: NoteKey;
  readonly oldSize: number;
}

/** How long the others are waited for, once enough have answered. */
const REST_MS = 200;

/**
 * Asks all at once, and waits until all have answered, or enough and a moment more, or the deadline. What comes after that is kept for the next round.
 *
 * @param names of those that have cosigned it already
 * @returns signature lines, in the order of the questions
 */
export async function questions(
  run: WitnessRun,
  asking: Omit<Asking, 'oldSize' | 'signal'>,
  asked: readonly Question[],
  names: Set<string>,
): Promise<{ readonly lines: readonly string[] }> {
  if (asked.length === 0) return { lines: [] };
  const { trust } = asking;
  const stop = new AbortController();
  const lines = new Map<string, string>();
  const enough = Promise.withResolvers<void>();
  const isEnough = () => names.size >= Math.max(trust.threshold, 1);
  let isOver = false;
  const all = asked.map(async ({ witness, key, oldSize }) => {
    const { name } = witness;
    run.asking.add(name);
    const reply = await askWitness({ ...asking, oldSize, signal: stop.signal }, key, witness);
    run.asking.delete(name);
    note(run, asking, name, reply);
    if (reply.is !== 'cosigned') return;
    if (isOver) run.late.set(name, { text: asking.checkpoint.note.text, line: reply.line });
    else lines.set(name, reply.line);
    names.add(name);
    if (isEnough()) enough.resolve();
  });
  if (isEnough()) enough.resolve();
  const deadline = run.wait(run.deadlineMilliseconds).then(() => stop.abort());
  const rest = enough.promise.then(() => run.wait(REST_MS));
  await Promise.race([Promise.all(all), deadline, rest]);
  isOver = true;
  // Those that are stopped say so in their own time: until then they are not asked another thing.
  return { lines: asked.flatMap(({ witness: { name } }) => lines.get(name) ?? []) };
}

function note(
  run: WitnessRun,
  { checkpoint, now }: Pick<Asking, 'checkpoint' | 'now'>,
  name: string,
  reply: WitnessReply,
): void {
  if (reply.is === 'cosigned' || reply.is === 'old') {
    run.sizes.set(name, checkpoint.size);
    run.silentSince.delete(name);
    return;
  }
  run.sizes.delete(name);
  run.silentSince.set(name, now);
  run.untold.add(name);
  if (reply.is === 'disputed') run.disputed.set(name, reply.proof === undefined ? 'said' : 'proven');
}
