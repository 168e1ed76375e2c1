import { decodeBase64, encodeBase64 } from '@symbolon/protocol/base64url';
import { type Bytes, concatBytes, fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';

/** A signature line of a note. NOT verified. */
export interface NoteSignature {
  readonly name: string;
  /** Four bytes. */
  readonly id: Bytes;
  readonly signature: Bytes;
  /** With its end of line, as it came. */
  readonly line: string;
}

/** A signed note (C2SP signed-note). NOT verified: see checkpoint.ts. */
export interface Note {
  /** With its last end of line: what is signed. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

const KEY_ID_BYTES = 4;
// White space of Unicode (which is not quite what \s means) and the plus sign are not part of a name.
const LINE = /^— ([^\p{White_Space}+]+) ([A-Za-z0-9+/]+={0,2})$/u;
/** What lies below the space: ASCII control characters other than the end of line. */
const CONTROL = /[^\n -\uffff]/;

/** @throws SymbolonError `checkpoint-malformed` for anything that is not a note, and for one without any signature */
export function parseNote(note: string | Uint8Array): Note {
  if (isTooLong(note)) throw new SymbolonError('checkpoint-malformed', { bound: LIMITS.checkpointBytes });
  const whole = typeof note === 'string' ? note : textOf(note);
  const end = whole.lastIndexOf('\n\n');
  const lines = whole.slice(end + 2).split('\n');
  if (end < 0 || !whole.isWellFormed() || CONTROL.test(whole) || lines.pop() !== '' || lines.length === 0)
    throw new SymbolonError('checkpoint-malformed');
  if (lines.length > LIMITS.noteSignatures)
    throw new SymbolonError('checkpoint-malformed', { bound: LIMITS.noteSignatures });
  return { text: whole.slice(0, end + 1), signatures: lines.map(parseLine) };
}

/** Signature lines only, as a witness answers them. @throws SymbolonError `checkpoint-malformed` */
export function parseSignatureLines(text: string): readonly NoteSignature[] {
  const note = parseNote(`-\n\n${text}`);
  if (note.text !== '-\n') throw new SymbolonError('checkpoint-malformed');
  return note.signatures;
}

export function formatSignature(name: string, id: Uint8Array, signature: Uint8Array): string {
  return `— ${name} ${encodeBase64(concatBytes(id, signature))}\n`;
}

/** @param text with its last end of line */
export function formatNote(text: string, lines: readonly string[]): string {
  return `${text}\n${lines.join('')}`;
}

/** In UTF-8, whatever it came as: up to three bytes for each unit of a text. */
function isTooLong(note: string | Uint8Array): boolean {
  const bound = LIMITS.checkpointBytes;
  if (typeof note !== 'string' || note.length > bound) return note.length > bound;
  return 3 * note.length > bound && utf8(note).length > bound;
}

function parseLine(line: string): NoteSignature {
  const [, name, encoded] = LINE.exec(line) ?? [];
  if (name === undefined || encoded === undefined) throw new SymbolonError('checkpoint-malformed');
  const bytes = bytesOf(encoded);
  if (bytes.length <= KEY_ID_BYTES) throw new SymbolonError('checkpoint-malformed');
  return { name, id: bytes.slice(0, KEY_ID_BYTES), signature: bytes.slice(KEY_ID_BYTES), line: `${line}\n` };
}

function bytesOf(base64: string): Bytes {
  try {
    return decodeBase64(base64);
  } catch {
    throw new SymbolonError('checkpoint-malformed');
  }
}

function textOf(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes);
  } catch {
    throw new SymbolonError('checkpoint-malformed');
  }
}
