import { sha256Hex } from '@symbolon/keys/digest';
import { verifySignature } from '@symbolon/keys/signature';
import type { Signer } from '@symbolon/keys/signer';
import { decodeBase64 } from '@symbolon/protocol/base64url';
import { type Bytes, utf8 } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { type Checkpoint, parseCheckpoint } from '../note/checkpoint.ts';
import { cosign } from '../note/cosignature.ts';
import { formatNote } from '../note/note.ts';
import { isSignedBy, type NoteKey } from '../note/note-key.ts';
import { type LogStore, swap } from '../sequencer/log-store.ts';
import { EMPTY_ROOT, HASH_BYTES } from '../tree/hashes.ts';
import { checkConsistency, type TreeHead } from '../tree/proofs.ts';

export interface Witness {
  readonly key: NoteKey;
  readonly signer: Signer;
  /** The logs that it was given, by their origin: each with its keys. */
  readonly logs: ReadonlyMap<string, readonly NoteKey[]>;
  /** The newest checkpoint of each log that it has cosigned. */
  readonly store: LogStore;
}

/** `conflict`: the client asked from another size than the one that this witness has, which is told. */
export type WitnessAnswer =
  | { readonly is: 'cosigned'; readonly line: string }
  | { readonly is: 'conflict'; readonly size: number };

/** Where a witness keeps, and serves, the newest checkpoint that it cosigned (C2SP tlog-witness, "Monitor Retrieval Mechanism"). */
export function witnessedPath(origin: string): string {
  return `${sha256Hex(origin)}/checkpoint`;
}

/**
 * `add-checkpoint` (C2SP tlog-witness): cosigns a checkpoint if it follows from the newest one that this witness has cosigned of that log. The record is moved by compare and swap
 * before the cosignature is handed out: so no two inconsistent checkpoints get one, whatever comes at once.
 *
 * @throws SymbolonError `request-malformed`, `log-unknown`, `log-signature`, `log-fork`; `checkpoint-malformed` when its own record cannot be read; what store and signer throw
 */
export async function addCheckpoint(witness: Witness, body: string, now: Instant): Promise<WitnessAnswer> {
  const { oldSize, proof, checkpoint } = parseRequest(body);
  await checkLog(witness, checkpoint);
  if (oldSize > checkpoint.size) throw new SymbolonError('request-malformed', { path: 'old' });
  const path = witnessedPath(checkpoint.origin);
  const stored = await witness.store.read(path);
  const before = recordOf(stored);
  // REQ-LOG-021
  if (oldSize !== before.size) return { is: 'conflict', size: before.size };
  // REQ-LOG-007. A tree without leaves has the root of the empty tree.
  checkConsistency(before, checkpoint, proof);
  const line = await cosign(checkpoint.note.text, witness.key, witness.signer, now);
  const record = utf8(formatNote(checkpoint.note.text, [...logLines(witness, checkpoint), line]));
  if (await swap(witness.store, path, record, stored)) return { is: 'cosigned', line };
  return { is: 'conflict', size: recordOf(await witness.store.read(path)).size };
}

/** What this witness has cosigned last. It wrote that itself: that it cannot be read is no fault of who asks. */
function recordOf(stored: Bytes | undefined): TreeHead {
  return stored === undefined ? { size: 0, root: EMPTY_ROOT } : parseCheckpoint(stored);
}

const OLD = /^old (0|[1-9]\d{0,15})$/;

function parseRequest(body: string) {
  const end = body.indexOf('\n\n');
  const [old = '', ...lines] = body.slice(0, Math.max(end, 0)).split('\n');
  const oldSize = OLD.exec(old)?.[1];
  if (oldSize === undefined || lines.length > LIMITS.proofHashes)
    throw new SymbolonError('request-malformed');
  try {
    return {
      oldSize: Number(oldSize),
      proof: lines.map(hashOf),
      checkpoint: parseCheckpoint(body.slice(end + 2)),
    };
  } catch (cause) {
    if (!isSymbolonError(cause)) throw cause;
    throw new SymbolonError('request-malformed', { cause });
  }
}

function hashOf(line: string): Bytes {
  const hash = decodeBase64(line);
  if (hash.length !== HASH_BYTES) throw new SymbolonError('request-malformed');
  return hash;
}

/** REQ-LOG-020, REQ-LOG-004: one right signature by a key of the log, and none by such a key that is wrong. */
async function checkLog({ logs }: Witness, { origin, note }: Checkpoint): Promise<void> {
  const keys = logs.get(origin);
  if (keys === undefined) throw new SymbolonError('log-unknown');
  let isSigned = false;
  for (const signature of note.signatures) {
    const key = keys.find((each) => isSignedBy(each, signature));
    if (key === undefined) continue;
    if (!(await verifySignature(key.jwk, utf8(note.text), signature.signature)))
      throw new SymbolonError('log-signature');
    isSigned = true;
  }
  if (!isSigned) throw new SymbolonError('log-signature');
}

function logLines({ logs }: Witness, { origin, note }: Checkpoint): readonly string[] {
  const keys = logs.get(origin) ?? [];
  // One of each key: whoever repeats a line must not fill the record beyond what is read again.
  return keys.flatMap((key) => note.signatures.find((each) => isSignedBy(key, each))?.line ?? []);
}
