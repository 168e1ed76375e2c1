import { constants, type FileHandle, open } from 'node:fs/promises';
import { fromUtf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { check } from '@symbolon/protocol/schemas/common';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';
import { MODE } from '../../files/write-file.ts';

const OTHERS = 0o077;

/** What an issuer answered for a line of the input. */
const Enrolled = z.object({
  line: z.int().check(z.gte(1)),
  subject: z.string(),
  code: z.string(),
  expiresAt: z.string(),
});
export type Enrolled = z.output<typeof Enrolled>;

/** The file that subjects and their codes go to, a line each as they come. */
export interface CodeFile {
  /** Lines of the input that it has. */
  readonly lines: ReadonlySet<number>;
  append(enrolled: Enrolled): Promise<void>;
  /** All of it is on the disk then. */
  close(): Promise<void>;
}

/**
 * Opens it, or makes it, for its owner only: a code is as good as the person's wallet. A last line that a crash cut off is taken away: its person is enrolled again, and
 * gets another code.
 *
 * @throws SymbolonError `key-file-exposed` when others can read it, `input-unreadable` when it is another file; the file system's own error
 */
export async function openCodeFile(path: string): Promise<CodeFile> {
  const file = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK, MODE.secret);
  try {
    const found = await file.stat();
    if (!found.isFile()) throw new SymbolonError('input-unreadable');
    if (process.platform !== 'win32' && (found.mode & OTHERS) !== 0)
      throw new SymbolonError('key-file-exposed');
    const { lines, end } = await linesIn(file);
    await file.truncate(end);
    let at = end;
    return {
      lines,
      append: async (enrolled) => {
        const bytes = Buffer.from(`${JSON.stringify(enrolled)}\n`);
        await file.writev([bytes], at);
        at += bytes.length;
      },
      close: async () => {
        await file.sync().finally(() => file.close());
      },
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function linesIn(file: FileHandle): Promise<{ lines: Set<number>; end: number }> {
  const bytes = new Uint8Array(await file.readFile());
  const end = bytes.lastIndexOf(0x0a) + 1;
  const texts = fromUtf8(bytes.subarray(0, end)).split('\n').slice(0, -1);
  return { lines: new Set(texts.map(lineOf)), end };
}

function lineOf(text: string, index: number): number {
  try {
    return check(Enrolled, parseStrictJson(text), 'input-unreadable').line;
  } catch {
    throw new SymbolonError('input-unreadable', { path: `--out, line ${index + 1}` });
  }
}
