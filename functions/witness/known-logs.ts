import { NOTE_TYPE, type NoteKey, parseVerifierKey } from '@symbolon/log/note-key';
import { type Bytes, fromUtf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { addSeconds, type Instant } from '@symbolon/protocol/instant';

/** How long a list of logs is used without reading it again. */
const FRESH_SECONDS = 60;
const LONGEST_FILE = 1024 * 1024;

/** The logs that a witness was given, by their origin, each with its keys. */
export type KnownLogs = ReadonlyMap<string, readonly NoteKey[]>;

/**
 * The logs that a file names: a verifier key a line (C2SP signed-note, "Verifier keys"), whose name is the log's origin. Lines that are empty, or begin with `#`, say nothing.
 * While a log's key is replaced it has two lines.
 *
 * @throws SymbolonError `configuration-malformed`, with the number of the line
 */
export function parseKnownLogs(bytes: Bytes): KnownLogs {
  if (bytes.length > LONGEST_FILE) throw malformed(undefined, LONGEST_FILE);
  const keys = textIn(bytes)
    .split('\n')
    .map((line, i) => ({ text: line.trim(), number: i + 1 }))
    .filter(({ text }) => text !== '' && !text.startsWith('#'))
    .map(({ text, number }) => keyOf(text, number));
  return Map.groupBy(keys, ({ name }) => name);
}

/** The same, read once a minute at most: whoever adds a log need not start the witness anew. */
export function knownLogsIn(read: () => Promise<Bytes | undefined>): (now: Instant) => Promise<KnownLogs> {
  let known: KnownLogs | undefined;
  let nextRead = 0;
  return async (now) => {
    if (known !== undefined && now < nextRead) return known;
    const bytes = await read();
    if (bytes === undefined) throw malformed();
    known = parseKnownLogs(bytes);
    nextRead = addSeconds(now, FRESH_SECONDS);
    return known;
  };
}

/** A fault of this file is the witness's own, and not that of whoever asks. */
function textIn(bytes: Bytes): string {
  try {
    return fromUtf8(bytes);
  } catch {
    throw malformed();
  }
}

function keyOf(text: string, line: number): NoteKey {
  let key: NoteKey;
  try {
    key = parseVerifierKey(text);
  } catch {
    throw malformed(line);
  }
  if (key.type !== NOTE_TYPE.log) throw malformed(line);
  return key;
}

function malformed(line?: number, bound?: number): SymbolonError {
  const path = line === undefined ? 'LOGS_URI' : `LOGS_URI, line ${line}`;
  return new SymbolonError('configuration-malformed', { path, ...(bound === undefined ? {} : { bound }) });
}
