import { plain } from './terminal.ts';

/** A path as one word of a shell's command, to be copied: in quotes where it has to be. */
export function shellWord(path: string): string {
  const word = plain(path.startsWith('-') ? `./${path}` : path);
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
