/** Where something stands in a text, both counted from 1; columns in UTF-16 units. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/**
 * Finds a member of a JSON text, or as much of the way to it as there is: of a missing member, the object that lacks it.
 *
 * @param text that `JSON.parse` takes, without duplicate names
 * @param path names and indexes
 * @param offset of an expression: within the string at that place, in UTF-16 units of its value
 */
export function placeInJson(text: string, path: readonly (string | number)[], offset?: number): TextPlace {
  const { at, isFound } = findValue(text, path);
  const isInside = offset !== undefined && isFound && text[at] === '"';
  const inside = isInside ? at + rawLength(text, at, offset) : at;
  const before = text.slice(0, inside);
  return { line: before.split('\n').length, column: inside - before.lastIndexOf('\n') };
}

function findValue(text: string, path: readonly (string | number)[]): { at: number; isFound: boolean } {
  let at = skipSpace(text, 0);
  for (const part of path) {
    const inner = typeof part === 'number' ? element(text, at, part) : member(text, at, part);
    if (inner === undefined) return { at, isFound: false };
    at = inner;
  }
  return { at, isFound: true };
}

function member(text: string, start: number, name: string): number | undefined {
  if (text[start] !== '{') return undefined;
  let at = skipSpace(text, start + 1);
  while (text[at] === '"') {
    const end = endOfValue(text, at);
    const value = skipSpace(text, skipSpace(text, end) + 1);
    if (JSON.parse(text.slice(at, end)) === name) return value;
    at = afterComma(text, endOfValue(text, value));
  }
  return undefined;
}

function element(text: string, start: number, index: number): number | undefined {
  if (text[start] !== '[') return undefined;
  let at = skipSpace(text, start + 1);
  for (let passed = 0; at < text.length && text[at] !== ']'; passed++) {
    if (passed === index) return at;
    at = afterComma(text, endOfValue(text, at));
  }
  return undefined;
}

function afterComma(text: string, end: number): number {
  const at = skipSpace(text, end);
  return text[at] === ',' ? skipSpace(text, at + 1) : at;
}

/** Where the value that begins here ends. */
function endOfValue(text: string, start: number): number {
  if (text[start] === '"') return start + rawLength(text, start, Number.POSITIVE_INFINITY) + 1;
  if (text[start] !== '{' && text[start] !== '[') {
    let at = start;
    while (at < text.length && !/[\s,\]}]/.test(text[at] ?? '')) at++;
    return at;
  }
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const char = text[at];
    if (char === '"') at += rawLength(text, at, Number.POSITIVE_INFINITY);
    else if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') depth--;
    if (depth === 0) return at + 1;
  }
  return text.length;
}

/** How far behind the opening quotation mark so many characters of the value lie; at most up to the closing one. */
function rawLength(text: string, start: number, characters: number): number {
  let at = start + 1;
  for (let passed = 0; passed < characters && at < text.length && text[at] !== '"'; passed++) {
    at += text[at] !== '\\' ? 1 : text[at + 1] === 'u' ? 6 : 2;
  }
  return at - start;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (/\s/.test(text[at] ?? '')) at++;
  return at;
}
