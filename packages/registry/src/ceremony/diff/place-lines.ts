import type { JsonDifference } from './json-diff.ts';
import { changeLine, type DiffLine, gapLine } from './line.ts';
import { shownName, shownPair } from './shown.ts';

/** How much of one file, and of one event, is shown, in characters: more is read by nobody, and the folder has to travel. */
const FILE_CHARS = 96 * 1024;
const EVENT_CHARS = 512 * 1024;

/** What may still be shown. */
export interface Room {
  /** @returns false when there is no room for so many characters; nothing is taken then */
  take(chars: number): boolean;
}

export function roomOf(chars: number = EVENT_CHARS, outer?: Room): Room {
  let left = chars;
  return {
    take: (wanted) => {
      if (wanted > left || (outer !== undefined && !outer.take(wanted))) return false;
      left -= wanted;
      return true;
    },
  };
}

/** The places at which one file differs, as lines. What is cut or has no room is told by a `!` line. */
export function placeLines(
  role: string,
  file: string,
  places: Iterable<JsonDifference>,
  room: Room,
): readonly DiffLine[] {
  const here = roomOf(FILE_CHARS, room);
  const lines: DiffLine[] = [];
  let untold = 0;
  for (const place of places) {
    const told = untold === 0 ? linesOf(role, file, place) : [];
    const chars = told.reduce((sum, each) => sum + charsOf(each), 0);
    if (untold > 0 || !here.take(chars)) untold++;
    else lines.push(...told);
  }
  if (untold === 0) return lines;
  return [...lines, gapLine(role, `${file === '' ? role : file} differs in ${untold} more places`)];
}

function linesOf(role: string, file: string, { path, before, after, isOrder }: JsonDifference): DiffLine[] {
  const place = path.map(shownName).join('.');
  const subject = [file, place, isOrder ? '(order)' : ''].filter((part) => part !== '').join(' ');
  const { cutFrom, ...pair } = shownPair(before, after);
  const line = changeLine(role, subject, pair);
  if (cutFrom === undefined) return [line];
  const where = before !== undefined && after !== undefined ? ' around the first difference' : '';
  return [line, gapLine(role, `${subject} is cut${where} (${cutFrom} characters)`)];
}

function charsOf({ subject, before, after }: DiffLine): number {
  return 2 * subject.length + (before?.length ?? 0) + (after?.length ?? 0) + 8;
}
