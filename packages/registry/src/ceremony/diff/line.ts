/** One thing that an event changes, ready to be shown: nothing in it makes a terminal or an editor do anything. */
export interface DiffLine {
  /** The role whose file says so. */
  readonly role: string;
  readonly mark: 'added' | 'removed' | 'changed' | 'warning';
  /** What it is about: `expires`, `key E2sK7HuAyMY of CN-HA`, `regions/CN-HA/region.json endpoints.issuer`. */
  readonly subject: string;
  readonly before?: string;
  readonly after?: string;
}

/** A line on what was there before, is there after, or both. */
export function changeLine(
  role: string,
  subject: string,
  { before, after }: { readonly before?: string | undefined; readonly after?: string | undefined },
): DiffLine {
  const mark = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
  return {
    role,
    mark,
    subject,
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
  };
}

const LONGEST = 300;
/** What cannot be seen, changes the direction of the text, or would end a code block. */
const HIDDEN = /[`\p{C}\p{Zl}\p{Zp}]/gu;

/** A value of a file as text: quoted, on one line, of bounded length. */
export function shown(value: unknown): string {
  const text = visible(JSON.stringify(value) ?? '');
  return text.length > LONGEST ? `${text.slice(0, LONGEST)} (${text.length} characters)` : text;
}

/** Names that look like names stay as they are. */
export function shownName(name: string): string {
  return /^[A-Za-z0-9_.@+-]{1,64}$/.test(name) ? name : shown(name);
}

function visible(text: string): string {
  return text.replaceAll(HIDDEN, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`);
}

/** A line of `DIFF.md`, or two. */
export function textOf({ mark, subject, before, after }: DiffLine): string {
  const line = (sign: string, value?: string) =>
    `${sign} ${subject}${value === undefined ? '' : `: ${value}`}`;
  switch (mark) {
    case 'added':
      return line('+', after);
    case 'removed':
      return line('-', before);
    case 'changed':
      return `${line('-', before)}\n${line('+', after)}`;
    case 'warning':
      return line('!', after);
  }
}
