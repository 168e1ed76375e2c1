import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

/**
 * Whether neither folder is, or holds, the other, also by way of links. Neither need exist yet.
 *
 * @throws the file system's own errors
 */
export async function areSeparate(one: string, other: string): Promise<boolean> {
  const [a, b] = [await realPathOf(one), await realPathOf(other)];
  return !holds(a, b) && !holds(b, a);
}

function holds(outer: string, inner: string): boolean {
  const way = relative(outer, inner);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** What does not exist yet has no links, either; what it lies in may have. */
async function realPathOf(path: string): Promise<string> {
  const absolute = resolve(path);
  try {
    return await realpath(absolute);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    return join(await realPathOf(dirname(absolute)), basename(absolute));
  }
}
