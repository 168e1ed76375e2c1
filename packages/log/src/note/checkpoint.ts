import { verifySignature } from '@symbolon/keys/signature';
import type { Signer } from '@symbolon/keys/signer';
import { decodeBase64, encodeBase64 } from '@symbolon/protocol/base64url';
import { type Bytes, equalBytes, utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import type { LogPlace, Witnesses } from '@symbolon/protocol/schemas/log';
import { EMPTY_ROOT, HASH_BYTES } from '../tree/hashes.ts';
import type { TreeHead } from '../tree/proofs.ts';
import { verifyCosignature } from './cosignature.ts';
import { formatNote, formatSignature, type Note, parseNote } from './note.ts';
import { isSignedBy, NOTE_TYPE, type NoteKey, noteKey } from './note-key.ts';

/** A checkpoint (C2SP tlog-checkpoint) without extension lines. Who signed it is NOT verified by parsing it. */
export interface Checkpoint extends TreeHead {
  readonly origin: string;
  readonly root: Bytes;
  readonly note: Note;
}

/** Whose checkpoints are believed: of one log, watched by these witnesses. */
export interface LogTrust {
  readonly origin: string;
  readonly keys: readonly NoteKey[];
  readonly witnesses: readonly NoteKey[];
  /** How many of them must have seen a checkpoint where witnesses are asked for. */
  readonly threshold: number;
}

export interface VerifiedCheckpoint extends Checkpoint {
  /** When each witness that is known said to have seen it, by its name. */
  readonly cosigned: ReadonlyMap<string, Instant>;
}

export function logTrust({ origin, keys }: LogPlace, witnesses: Witnesses | undefined): LogTrust {
  return {
    origin,
    keys: keys.map(({ jwk }) => noteKey(origin, NOTE_TYPE.log, jwk)),
    witnesses: (witnesses?.of ?? []).map(({ name, jwk }) => noteKey(name, NOTE_TYPE.witness, jwk)),
    threshold: witnesses?.threshold ?? 0,
  };
}

/** The three lines that are signed. */
export function checkpointText(origin: string, { size, root }: TreeHead): string {
  return `${origin}\n${size}\n${encodeBase64(root)}\n`;
}

/** Signs a checkpoint as its log. @returns the signed note */
export async function signCheckpoint(text: string, key: NoteKey, signer: Signer): Promise<string> {
  return formatNote(text, [formatSignature(key.name, key.id, await signer.sign(utf8(text)))]);
}

const TEXT = /^([^\n]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\n$/;

/** REQ-LOG-002. @throws SymbolonError `checkpoint-malformed` */
export function parseCheckpoint(bytes: string | Uint8Array): Checkpoint {
  const note = parseNote(bytes);
  const [, origin, digits, encoded] = TEXT.exec(note.text) ?? [];
  const size = Number(digits);
  if (origin === undefined || encoded === undefined || !(size <= LIMITS.logLeaves))
    throw new SymbolonError('checkpoint-malformed');
  return { origin, size, root: hashOf(encoded), note };
}

/**
 * Opens a checkpoint of one log. Signatures by keys that are not known are passed over; one by a known key that is not right spoils the note (C2SP signed-note).
 *
 * How many witnesses have seen it is told, and judged by `requireWitnesses`.
 *
 * @throws SymbolonError `checkpoint-malformed`, `log-origin`, `log-signature`, `cosignature-invalid`
 */
export async function openCheckpoint(
  bytes: string | Uint8Array,
  trust: LogTrust,
): Promise<VerifiedCheckpoint> {
  const checkpoint = parseCheckpoint(bytes);
  // There is one empty tree. A witness has another answer to this (C2SP tlog-witness), so it is not a matter of the text.
  if (checkpoint.size === 0 && !equalBytes(checkpoint.root, EMPTY_ROOT))
    throw new SymbolonError('checkpoint-malformed');
  const { text, signatures } = checkpoint.note;
  const signed = utf8(text);
  // REQ-LOG-003
  if (checkpoint.origin !== trust.origin) throw new SymbolonError('log-origin');
  let isSigned = false;
  const cosigned = new Map<string, Instant>();
  for (const signature of signatures) {
    const log = trust.keys.find((key) => isSignedBy(key, signature));
    if (log !== undefined) {
      // REQ-LOG-004
      if (!(await verifySignature(log.jwk, signed, signature.signature)))
        throw new SymbolonError('log-signature');
      isSigned = true;
    }
    const witness = trust.witnesses.find((key) => isSignedBy(key, signature));
    if (witness !== undefined) {
      const at = await verifyCosignature(text, witness, signature);
      // REQ-LOG-016
      if (at === undefined) throw new SymbolonError('cosignature-invalid');
      // The newest one counts, where a witness has signed it several times.
      if (at > (cosigned.get(witness.name) ?? 0)) cosigned.set(witness.name, at);
    }
  }
  if (!isSigned) throw new SymbolonError('log-signature');
  return { ...checkpoint, cosigned };
}

/**
 * REQ-LOG-005. @returns since when enough of them have it: the time of the last one that was needed
 * @param latest later cosignatures are not counted: they are from the future
 * @throws SymbolonError `witnesses-too-few`; where no witnesses are named, too
 */
export function requireWitnesses(
  { cosigned }: VerifiedCheckpoint,
  { threshold }: LogTrust,
  latest?: Instant,
): Instant {
  const counted = [...cosigned.values()].filter((time) => latest === undefined || time <= latest);
  const times = counted.toSorted((a, b) => b - a);
  const at = times[Math.max(threshold, 1) - 1];
  if (at === undefined) throw new SymbolonError('witnesses-too-few', { bound: threshold });
  return at;
}

function hashOf(base64: string): Bytes {
  try {
    const root = decodeBase64(base64);
    if (root.length === HASH_BYTES) return root;
  } catch {
    // Told below.
  }
  throw new SymbolonError('checkpoint-malformed');
}
