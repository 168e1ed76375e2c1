import { page } from '../architecture/markdown.ts';

/** One command block of a runbook, and what it says one sees. */
export interface Step {
  readonly script: string;
  /** Lines that the screen shows, in this order; `…` stands for anything. */
  readonly shows: readonly string[];
  /** What the clock says then: `<!-- clock: ... -->` above it. */
  readonly clock: string;
}

const PART = /^<!-- clock: (\S+) -->$|^```(sh|text)\n([\s\S]*?)^```$/gm;

/** The commands of a runbook, in order. */
export function stepsOf(path: string): readonly Step[] {
  const steps: { script: string; shows: string[]; clock: string }[] = [];
  let clock = '';
  for (const [, time, kind, text = ''] of page(path).matchAll(PART)) {
    if (time !== undefined) clock = time;
    else if (kind === 'sh') steps.push({ script: text, shows: [], clock });
    else steps.at(-1)?.shows.push(...text.split('\n').filter((line) => line.trim() !== ''));
  }
  return steps;
}

/** What is left of a line when a command has drawn over it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a terminal gets
const DRAWN_OVER = /[^\n]*\x1b\[K/g;

/** The lines that are missing from a screen. */
export function missingFrom(screen: string, shows: readonly string[]): readonly string[] {
  const lines = screen.replaceAll(DRAWN_OVER, '').split(/\r?\n/);
  let at = 0;
  return shows.filter((wanted) => {
    const pattern = new RegExp(`^${wanted.trim().split('…').map(escaped).join('.*')}$`);
    const found = lines.findIndex((line, i) => i >= at && pattern.test(line.trim()));
    if (found >= 0) at = found + 1;
    return found < 0;
  });
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
