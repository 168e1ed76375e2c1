import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Reading the project's pages, for the tests that hold them to the code. */

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const NOT_OURS = new Set(['node_modules', '.git', '.symbolon', 'cdk.out', 'dist', 'coverage']);

export function page(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** Every page of the repository, by its path from the root. */
export function pages(folder = ROOT): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : pages(path);
    return entry.name.endsWith('.md') ? [relative(ROOT, path)] : [];
  });
}

export interface Block {
  /** What stands after the fence: `ts gate.ts`. */
  readonly info: string;
  readonly text: string;
}

export function blocks(markdown: string): Block[] {
  return [...markdown.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(([, info = '', text = '']) => ({
    info,
    text,
  }));
}

/** The text of the one block of this kind that has `part` in it. */
export function block(markdown: string, info: string, part = ''): string {
  const found = blocks(markdown).filter((each) => each.info === info && each.text.includes(part));
  if (found.length !== 1) throw new Error(`${found.length} blocks of ${info} with ${part}`);
  return found[0]?.text ?? '';
}

/** Rows of all tables, as cells; a bar within a cell is written `\|`. */
export function rows(markdown: string): string[][] {
  return withoutBlocks(markdown)
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\|[ :|-]+\|$/.test(line))
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim().replaceAll('\\|', '|')),
    );
}

/** The words of a page: no code. */
export function withoutBlocks(markdown: string): string {
  return markdown.replaceAll(/^```[\s\S]*?^```$/gm, '');
}

/** `[words](target)`, outside of code. */
export function links(markdown: string): string[] {
  const prose = withoutBlocks(markdown).replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
}

/** Anchors of the headings, as the forge makes them. */
export function anchors(markdown: string): string[] {
  return [...withoutBlocks(markdown).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
