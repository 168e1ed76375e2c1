/** What an editor, a scanner or a shell leaves around a text is taken off, and no more: other spaces of Unicode are part of it. */
export function withoutSpaceAround(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isSpace(text.charCodeAt(from))) from++;
  while (from < to && isSpace(text.charCodeAt(to - 1))) to--;
  return text.slice(from, to);
}

/** Of JSON (RFC 8259, section 2): space, tab, line feed and carriage return. */
export function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}
