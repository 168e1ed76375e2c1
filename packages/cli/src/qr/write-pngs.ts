import { writeFile } from 'node:fs/promises';
import { qrPng, qrVersion } from './write-image.ts';

/**
 * Writes each text as a QR image: one to `path`, several to names with `-1`, `-2` before the ending.
 *
 * @returns a line about each
 */
export async function writePngs(path: string, texts: readonly string[]): Promise<readonly string[]> {
  const files = texts.length === 1 ? [path] : texts.map((_, index) => numbered(path, index + 1));
  const lines: string[] = [];
  for (const [index, text] of texts.entries()) {
    const file = files[index] ?? path;
    await writeFile(file, qrPng(text));
    lines.push(`QR version ${qrVersion(text)}, ${text.length} characters, in ${file}.`);
  }
  return lines;
}

/** `shown.png`: `shown-1.png`. */
function numbered(path: string, number: number): string {
  const dot = path.lastIndexOf('.');
  const hasEnding = dot > path.lastIndexOf('/') + 1;
  return hasEnding ? `${path.slice(0, dot)}-${number}${path.slice(dot)}` : `${path}-${number}`;
}
