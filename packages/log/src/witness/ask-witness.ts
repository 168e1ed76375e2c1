import { encodeBase64 } from '@symbolon/protocol/base64url';
import { HOUR_SECONDS, type Instant } from '@symbolon/protocol/instant';
import type { LogTrust, VerifiedCheckpoint } from '../note/checkpoint.ts';
import { verifyCosignature } from '../note/cosignature.ts';
import { formatNote, parseSignatureLines } from '../note/note.ts';
import { isSignedBy, type NoteKey } from '../note/note-key.ts';
import type { Tiles } from '../tiles/tile-reader.ts';
import { checkConsistency, consistencyProof, type TreeHead } from '../tree/proofs.ts';
import { type WitnessPort, witnessedBy } from './witness-view.ts';

/** What is asked: a cosignature of this checkpoint. */
export interface Asking {
  readonly trust: LogTrust;
  readonly checkpoint: VerifiedCheckpoint;
  readonly tiles: Tiles;
  readonly now: Instant;
  /** The size at which the witness is believed to be. */
  readonly oldSize: number;
  /** Stops the questions: all of them have one deadline. */
  readonly signal: AbortSignal;
}

/** `old`: a right cosignature that is not enough newer than the one there is. `disputed`: it has seen another tree of this log; `proof` is that tree, where it could be had. */
export type WitnessReply =
  | { readonly is: 'cosigned'; readonly line: string }
  | { readonly is: 'old' }
  | { readonly is: 'disputed'; readonly proof: TreeHead | undefined }
  | { readonly is: 'silent' };

/** A cosignature that is newer by less than this is no news: a witness whose clock is slow would have every round write. */
export const NEWER_BY_SECONDS = HOUR_SECONDS / 4;

/** How far the clock of a witness may be ahead: a time beyond it would count as fresh for as long. */
const AHEAD_SECONDS = HOUR_SECONDS / 12;
/** The size that a witness has can change between two questions. */
const ASKED_AT_MOST = 3;

const SILENT: WitnessReply = { is: 'silent' };

/** Asks one witness, from the size that it has. Never rejects: one that is down, slow, or talks nonsense is silent. */
export async function askWitness(asking: Asking, key: NoteKey, witness: WitnessPort): Promise<WitnessReply> {
  const { checkpoint, tiles, signal } = asking;
  let { oldSize } = asking;
  try {
    const note = ownNote(asking);
    for (let asked = 0; asked < ASKED_AT_MOST && !signal.aborted; asked++) {
      const proof = await consistencyProof(oldSize, checkpoint.size, tiles.hashOf);
      const body = [`old ${oldSize}`, ...proof.map(encodeBase64), '', note].join('\n');
      const { status, text } = await witness.addCheckpoint(body, signal);
      if (status === 200) return await judged(asking, key, text);
      if (status === 422) return await disputed(asking, key, witness);
      const size = status === 409 ? /^(0|[1-9]\d{0,15})\n$/.exec(text)?.[1] : undefined;
      if (size === undefined) return SILENT;
      if (Number(size) > checkpoint.size) return await disputed(asking, key, witness);
      oldSize = Number(size);
    }
  } catch {
    // Down, slow, or nonsense: the others may be enough.
  }
  return SILENT;
}

/** Signatures of others are not its concern, and would only grow the request. */
function ownNote({ trust, checkpoint: { note } }: Asking): string {
  const own = note.signatures.filter((each) => trust.keys.some((known) => isSignedBy(known, each)));
  return formatNote(
    note.text,
    own.map(({ line }) => line),
  );
}

async function judged({ checkpoint, now }: Asking, key: NoteKey, text: string): Promise<WitnessReply> {
  const last = checkpoint.cosigned.get(key.name);
  const found = parseSignatureLines(text).find((each) => isSignedBy(key, each));
  const at = found && (await verifyCosignature(checkpoint.note.text, key, found));
  if (found === undefined || at === undefined || at > now + AHEAD_SECONDS) return SILENT;
  if (last === undefined || at >= last + NEWER_BY_SECONDS) return { is: 'cosigned', line: found.line };
  return at > last ? { is: 'old' } : SILENT;
}

/** REQ-LOG-007: what it has seen, it can show, signed by this log. Anyone can say a number. */
async function disputed(asking: Asking, key: NoteKey, witness: WitnessPort): Promise<WitnessReply> {
  const { trust, checkpoint, tiles, signal } = asking;
  const seen = await witnessedBy(witness, key, trust, signal);
  if (seen === undefined) return { is: 'disputed', proof: undefined };
  if (seen.size > checkpoint.size) return { is: 'disputed', proof: seen };
  try {
    checkConsistency(seen, checkpoint, await consistencyProof(seen.size, checkpoint.size, tiles.hashOf));
  } catch {
    return { is: 'disputed', proof: seen };
  }
  // It shows what is right, and refuses it: it is out of order.
  return SILENT;
}
