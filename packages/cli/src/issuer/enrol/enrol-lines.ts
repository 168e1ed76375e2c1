import { givenBy } from '../../files/file-fault.ts';
import { Interrupted } from '../../interrupted.ts';
import { jsonLines } from '../../rules/json-lines.ts';
import { ToldError } from '../../told-error.ts';
import { atLine } from '../intake/survey-input.ts';
import { type CodeFile, type Enrolled, openCodeFile } from './code-file.ts';
import { type Identifiers, readIdentifiers } from './identifier-line.ts';

export interface EnrolOrder {
  /** JSON Lines: the identifiers of one person a line. */
  readonly path: string;
  readonly out: string;
  readonly enrol: (identifiers: Identifiers) => Promise<Omit<Enrolled, 'line'>>;
  readonly isInterrupted: () => boolean;
  readonly onPerson: (done: number, all: number) => void;
}

export interface EnrolResult {
  readonly enrolled: number;
  /** Those that the output had before. */
  readonly skipped: number;
}

/**
 * Enrols people line by line, in the order of the file. All of it is read first: a file that is wrong somewhere enrols nobody. Lines that the output has are
 * passed over, so a run that was cut off goes on. What a crash leaves is at most one person without a written code, who is enrolled again and gets another.
 *
 * @throws SymbolonError with the number of the line: `request-malformed`, `json-...`, or the issuer's code; Interrupted; FileFault
 */
export async function enrolLines(order: EnrolOrder): Promise<EnrolResult> {
  const all = await survey(order.path);
  const file = await givenBy('--out', () => openCodeFile(order.out));
  try {
    return await enrolEach(order, file, all);
  } finally {
    await file.close();
  }
}

async function survey(path: string): Promise<number> {
  let all = 0;
  for await (const _ of people(path)) all++;
  if (all === 0)
    throw new ToldError(
      'input-unreadable',
      'Nothing is in the file of --identifiers: with --lines it is JSON Lines, one array of identifiers a line.',
    );
  return all;
}

async function enrolEach(
  { path, enrol, isInterrupted, onPerson }: EnrolOrder,
  file: CodeFile,
  all: number,
): Promise<EnrolResult> {
  let enrolled = 0;
  let skipped = 0;
  for await (const { line, identifiers } of people(path)) {
    if (file.lines.has(line)) skipped++;
    else {
      if (isInterrupted()) throw new Interrupted();
      const answer = await enrol(identifiers).catch((error: unknown) => {
        throw atLine(line, error);
      });
      await file.append({ line, ...answer });
      enrolled++;
    }
    onPerson(enrolled + skipped, all);
  }
  return { enrolled, skipped };
}

async function* people(path: string): AsyncGenerator<{ line: number; identifiers: Identifiers }> {
  const lines = jsonLines(path, () => undefined);
  while (true) {
    // A file that is not there is named by its option.
    const next = await givenBy('--identifiers', () => lines.next());
    if (next.done) return;
    const { line, json } = next.value;
    yield { line, identifiers: readAt(line, json) };
  }
}

function readAt(line: number, json: Parameters<typeof readIdentifiers>[0]): Identifiers {
  try {
    return readIdentifiers(json);
  } catch (error) {
    throw atLine(line, error);
  }
}
