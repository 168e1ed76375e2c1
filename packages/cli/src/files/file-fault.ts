import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { ToldError } from '../told-error.ts';

/** A file or folder that is not there, or cannot be read or written. The sentence says by which option it was given, never its path. */
export class FileFault extends Error {
  constructor(sentence: string) {
    super(sentence);
    this.name = 'FileFault';
  }
}

const FAULTS = [
  'EACCES',
  'EEXIST',
  'EISDIR',
  'ELOOP',
  'ENAMETOOLONG',
  'ENOENT',
  'ENOSPC',
  'ENOTDIR',
  'EPERM',
  'EROFS',
];

/** What the file system says, told for people; nothing when it is another fault. */
export function fileFaultOf(error: unknown, option?: string): FileFault | undefined {
  if (error instanceof FileFault) return error;
  const code = error instanceof Error && 'code' in error && FAULTS.find((each) => each === error.code);
  if (!code) return undefined;
  const where = option === undefined ? '' : `, ${option}`;
  return new FileFault(
    `A file or folder cannot be read or written (${code}${where}): check the paths given, and who may write there.`,
  );
}

/** Does what an option or argument asks for; a fault of a file, or of what is in it, names the option. */
export async function givenBy<T>(option: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isTold = error instanceof ToldError;
    if (
      !isTold &&
      isSymbolonError(error) &&
      error.path === undefined &&
      !(error.cause instanceof AggregateError)
    ) {
      const { code, bound, cause } = error;
      throw new SymbolonError(code, { path: option, ...(bound !== undefined && { bound }), cause });
    }
    throw fileFaultOf(error, option) ?? error;
  }
}
