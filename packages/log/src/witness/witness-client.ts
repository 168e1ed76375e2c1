import { type Bytes, utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { HOUR_SECONDS, type Instant } from '@symbolon/protocol/instant';
import {
  type LogTrust,
  openCheckpoint,
  parseCheckpoint,
  type VerifiedCheckpoint,
} from '../note/checkpoint.ts';
import { formatNote, type NoteSignature, parseSignatureLines } from '../note/note.ts';
import { isSignedBy } from '../note/note-key.ts';
import { type LogStore, swap } from '../sequencer/log-store.ts';
import { CHECKPOINT } from '../tiles/tile-paths.ts';
import { tilesOf } from '../tiles/tile-reader.ts';
import { type Question, questions } from './questions.ts';
import { type WitnessRun, witnessRun } from './witness-run.ts';
import type { WitnessPort } from './witness-view.ts';
import { keepWitnessed, readWitnessed } from './witnessed.ts';

export { type Wait, type WitnessRun, witnessRun } from './witness-run.ts';
export { seenByWitnesses, type WitnessPort } from './witness-view.ts';

export interface Witnessing {
  /** The public files of the log. */
  readonly store: LogStore;
  readonly trust: LogTrust;
  readonly witnesses: readonly WitnessPort[];
  /** Where rounds follow one another: those that are slow or silent keep none of them. Without it every witness is waited for. */
  readonly run?: WitnessRun;
}

export interface Witnessed {
  /** Of the newest checkpoint that enough witnesses have cosigned; 0 when there is none. */
  readonly size: number;
  /** Witnesses that have cosigned the newest checkpoint, of those that are named. */
  readonly cosigned: number;
  /** Names of witnesses that gave nothing that counts, or whose key is not known. */
  readonly silent: readonly string[];
}

/** A cosignature is asked for anew when it is older than this: the log shows that it is alive. */
export const COSIGN_AGAIN_SECONDS = HOUR_SECONDS / 2;
/** And not again within this, whatever time the witness writes. */
const ASK_ANEW_SECONDS = HOUR_SECONDS / 12;
/** So long a witness that was silent is not asked, while the others are enough. */
const SILENT_SECONDS = 30;

/**
 * Has the newest checkpoint of a log cosigned by the witnesses that have not done it lately, and writes down the newest one that enough of them have, also when the log has grown
 * meanwhile. A witness that is down, slow or wrong keeps none of the others from it: where enough have answered the rest is waited for a moment only, and what they say later counts in the
 * next round. Nothing is written when nothing is new.
 *
 * @throws SymbolonError `log-fork` when a witness shows another tree that this log has signed, or as many as count as enough say that they have seen one; `checkpoint-malformed`,
 *   `log-origin`, `log-signature`, `cosignature-invalid` when the stored checkpoint is not the log's; `checkpoint-conflict` when another gatherer was faster again and again; what the store
 *   throws
 */
export async function gatherCosignatures(log: Witnessing, now: Instant): Promise<Witnessed> {
  const { store, trust, run = witnessRun() } = log;
  const stored = await store.read(CHECKPOINT);
  if (stored === undefined) return { size: 0, cosigned: 0, silent: [] };
  const checkpoint = await openCheckpoint(stored, trust);
  const before = await readWitnessed(store, trust);
  const late = lateLines(run, checkpoint);
  const tiles = tilesOf((path) => store.read(path), checkpoint.size);
  const asked = wanted(log, run, checkpoint, late, now).map(({ witness, key }): Question => {
    // Most often it has this one, or the last one that enough have: else its answer says where it is.
    const known = before.checkpoint?.cosigned.has(witness.name) === true ? before.checkpoint.size : 0;
    const last = run.sizes.get(witness.name) ?? known;
    const oldSize = checkpoint.cosigned.has(witness.name) ? checkpoint.size : Math.min(last, checkpoint.size);
    return { witness, key, oldSize };
  });
  const names = new Set([...checkpoint.cosigned.keys(), ...late.keys()]);
  const answered = await questions(run, { trust, checkpoint, tiles, now }, asked, names);
  await checkDisputes(log, run, checkpoint);
  const fresh = [...late.values(), ...answered.lines];
  const newest = fresh.length === 0 ? checkpoint : await addLines(log, checkpoint, stored, fresh);
  const size = await keepWitnessed(store, trust, newest, before);
  const strangers = log.witnesses.filter(({ name }) => trust.witnesses.every((key) => key.name !== name));
  const silent = [...run.untold, ...strangers.map(({ name }) => name)];
  run.untold.clear();
  return { size, cosigned: newest.cosigned.size, silent: inOrder(log.witnesses, silent) };
}

function inOrder(witnesses: readonly WitnessPort[], names: readonly string[]): readonly string[] {
  return witnesses.map(({ name }) => name).filter((name) => names.includes(name));
}

/** What came after the last round, where it is of this checkpoint still. */
function lateLines(
  { late }: WitnessRun,
  { note, cosigned }: VerifiedCheckpoint,
): ReadonlyMap<string, string> {
  const lines = new Map<string, string>();
  for (const [name, { text, line }] of late)
    if (text === note.text && !cosigned.has(name)) lines.set(name, line);
  late.clear();
  return lines;
}

/** Who is asked now. Those that were silent a moment ago only where the others are too few. */
function wanted(
  { witnesses, trust }: Witnessing,
  run: WitnessRun,
  { cosigned }: VerifiedCheckpoint,
  late: ReadonlyMap<string, string>,
  now: Instant,
): readonly Pick<Question, 'witness' | 'key'>[] {
  const need = witnesses.flatMap((witness) => {
    const { name } = witness;
    const key = trust.witnesses.find((each) => each.name === name);
    if (key === undefined || late.has(name) || run.asking.has(name)) return [];
    const at = cosigned.get(name);
    if (at === undefined) return [{ witness, key }];
    const anew = run.askedAnew.get(name);
    const isDue = now - at >= COSIGN_AGAIN_SECONDS && (anew === undefined || now - anew >= ASK_ANEW_SECONDS);
    if (isDue) run.askedAnew.set(name, now);
    return isDue ? [{ witness, key }] : [];
  });
  const isSilent = ({ witness: { name } }: { readonly witness: WitnessPort }) => {
    const since = run.silentSince.get(name);
    return since !== undefined && now - since < SILENT_SECONDS;
  };
  const others = need.filter((each) => !isSilent(each));
  const soon = new Set([...cosigned.keys(), ...late.keys(), ...others.map(({ witness }) => witness.name)]);
  return soon.size >= Math.max(trust.threshold, 1) ? others : need;
}

/** REQ-LOG-007. One that only says so may be wrong itself: as many as count as enough are believed. */
async function checkDisputes(
  { store, trust }: Witnessing,
  { disputed }: WitnessRun,
  checkpoint: VerifiedCheckpoint,
): Promise<void> {
  const isProven = [...disputed.values()].includes('proven');
  const isFork = isProven || disputed.size >= Math.max(trust.threshold, 1);
  if (disputed.size === 0) return;
  disputed.clear();
  if (!isFork) return;
  // The log may have grown while they were asked, and another one may have shown them that.
  const there = await store.read(CHECKPOINT);
  if (there !== undefined && parseCheckpoint(there).size > checkpoint.size) return;
  throw new SymbolonError('log-fork', { path: CHECKPOINT });
}

/** The checkpoint with these lines, in the place of older ones of the same witnesses. If the log has grown meanwhile, its newer checkpoint stays where it is. */
async function addLines(
  { store, trust }: Witnessing,
  { note }: VerifiedCheckpoint,
  stored: Bytes,
  fresh: readonly string[],
): Promise<VerifiedCheckpoint> {
  const names = new Set(fresh.flatMap((line) => parseSignatureLines(line).map(({ name }) => name)));
  const isReplaced = (each: NoteSignature) =>
    names.has(each.name) && trust.witnesses.some((key) => isSignedBy(key, each));
  const kept = note.signatures.filter((each) => !isReplaced(each)).map(({ line }) => line);
  const bytes = utf8(formatNote(note.text, [...kept, ...fresh]));
  await swap(store, CHECKPOINT, bytes, stored);
  return openCheckpoint(bytes, trust);
}
