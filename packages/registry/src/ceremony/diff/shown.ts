/** Longest text of a value that is shown whole, in characters. */
export const LONGEST = 1000;
/** How much is shown of a longer one before the place that counts. */
const AHEAD = 100;
const LONGEST_NAME = 200;
/** What cannot be seen, changes the direction of the text, looks like a space, or would end a code block. */
const HIDDEN = /[`\p{C}]|(?! )\p{Z}/gu;

export interface ShownPair {
  readonly before?: string;
  readonly after?: string;
  /** The length of what is not shown whole, in characters. */
  readonly cutFrom?: number;
}

/** A value of a file as text: quoted, on one line. Where it is too long, its beginning. */
export function shown(value: unknown): string {
  return windowOf(textOf(value), 0, LONGEST);
}

/** Two values, or one. Where they are too long, what is around the first character that differs, so that different values look different. */
export function shownPair(before: unknown, after: unknown): ShownPair {
  const texts = [before, after].map((value) => (value === undefined ? undefined : textOf(value)));
  const [old, fresh] = texts;
  const length = Math.max(old?.length ?? 0, fresh?.length ?? 0);
  const start = length <= LONGEST ? 0 : Math.max(0, firstDifference(old ?? '', fresh ?? '') - AHEAD);
  return {
    ...(old !== undefined && { before: windowOf(old, start, LONGEST) }),
    ...(fresh !== undefined && { after: windowOf(fresh, start, LONGEST) }),
    ...(length > LONGEST && { cutFrom: length }),
  };
}

/** Names that look like names stay as they are; one with a dot would look like two. */
export function shownName(name: string): string {
  return /^[A-Za-z0-9_@+-]{1,64}$/.test(name) ? name : windowOf(textOf(name), 0, LONGEST_NAME);
}

function firstDifference(a: string, b: string): number {
  if (a === '' || b === '') return 0;
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  return i;
}

function windowOf(text: string, start: number, length: number): string {
  if (start === 0 && text.length <= length) return text;
  const end = start + length;
  // A cut may leave half a character, which is hidden like all that cannot be seen.
  const inner = visible(text.slice(start, end));
  return `${start > 0 ? '…' : ''}${inner}${end < text.length ? '…' : ''} (${text.length} characters)`;
}

function textOf(value: unknown): string {
  return visible(JSON.stringify(value) ?? '');
}

function visible(text: string): string {
  return text.replaceAll(HIDDEN, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`);
}
