import { TIMESTAMP_FILE } from '../metadata/file-names.ts';

/**
 * The order in which a bundle holds its files. Files that are alike stand side by side, and one that tells the hash of another comes after it: targets,
 * lists, roles, snapshot, log, timestamp. It makes a bundle small; a reader takes any order.
 */
export function inBundleOrder<T>(
  files: Iterable<readonly [path: string, content: T]>,
): (readonly [string, T])[] {
  return [...files]
    .map((file) => ({ file, key: keyOf(file[0]) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ file }) => file);
}

const TARGET = /^targets\/.*[0-9a-f]{64}\.([^/]+)$/;
const SNAPSHOT = /^metadata\/\d+\.snapshot\.json$/;

function keyOf(path: string): string {
  const name = TARGET.exec(path)?.[1];
  if (name !== undefined) return `0 ${name} ${path}`;
  if (path === TIMESTAMP_FILE) return '5';
  // It says the key ids of all roles again.
  if (path.startsWith('log/')) return `4 ${path}`;
  if (SNAPSHOT.test(path)) return `3 ${path}`;
  if (path.startsWith('metadata/')) return `2 ${path.endsWith('.keys.json') ? 'keys' : 'role'} ${path}`;
  return `1 ${path}`;
}
