import { open } from 'node:fs/promises';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { type Json, parseStrictJson } from '@symbolon/protocol/strict-json';

export interface JsonLine {
  /** From 1. */
  readonly line: number;
  readonly json: Json;
}

/**
 * A file with one JSON value a line (JSON Lines), however long it is: one line is held at a time. Empty lines are passed over.
 *
 * @param path `-` for standard input
 * @param onBytes told how much was read, and how much there is where that is known
 * @throws SymbolonError `json-...`, `utf8-malformed`, `metadata-too-large`, with the number of the line
 */
export async function* jsonLines(
  path: string,
  onBytes: (received: number, total: number | undefined) => void,
): AsyncGenerator<JsonLine> {
  let received = 0;
  let line = 0;
  let rest = '';
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const { chunks, total, close } = await opened(path);
  try {
    for await (const chunk of chunks) {
      received += chunk.length;
      const lines = (rest + decoded(decoder, chunk, line + 1)).split('\n');
      rest = lines.pop() ?? '';
      for (const text of lines) yield* parsed(text, ++line);
      checkLength(rest, line + 1);
      onBytes(received, total);
    }
    yield* parsed(rest + decoded(decoder, undefined, line + 1), line + 1);
  } finally {
    await close();
  }
}

async function opened(path: string): Promise<{
  chunks: AsyncIterable<Uint8Array>;
  total: number | undefined;
  close: () => Promise<void>;
}> {
  if (path === '-') return { chunks: process.stdin, total: undefined, close: async () => undefined };
  const file = await open(path, 'r');
  const { size } = await file.stat();
  return { chunks: file.createReadStream({ autoClose: false }), total: size, close: () => file.close() };
}

function decoded(decoder: TextDecoder, chunk: Uint8Array | undefined, line: number): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch {
    throw new SymbolonError('utf8-malformed', { path: `line ${line} or later` });
  }
}

function* parsed(text: string, line: number): Generator<JsonLine> {
  if (text.trim() === '') return;
  checkLength(text, line);
  yield { line, json: jsonOf(text, line) };
}

function jsonOf(text: string, line: number): Json {
  try {
    return parseStrictJson(text);
  } catch (error) {
    if (!isSymbolonError(error)) throw error;
    throw new SymbolonError(error.code, { path: `line ${line}` });
  }
}

function checkLength(text: string, line: number): void {
  const bound = LIMITS.metadataBytes;
  if (text.length > bound) throw new SymbolonError('metadata-too-large', { path: `line ${line}`, bound });
}
