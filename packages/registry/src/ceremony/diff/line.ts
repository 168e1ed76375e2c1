/** One thing that an event changes, ready to be shown: nothing in it makes a terminal or an editor do anything. */
export interface DiffLine {
  /** The role whose file says so. */
  readonly role: string;
  readonly mark: 'added' | 'removed' | 'changed' | 'warning';
  /** What it is about: `expires`, `key E2sK7HuAyMY of CN-HA`, `regions/CN-HA/region.json endpoints.issuer`. */
  readonly subject: string;
  readonly before?: string;
  readonly after?: string;
  /** A warning that something is not shown, or not whole: only the files say it all. */
  readonly isGap?: true;
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

/** A line that says what the diff does not. */
export function gapLine(role: string, subject: string): DiffLine {
  return { role, mark: 'warning', subject: `${subject}: compare the files`, isGap: true };
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
