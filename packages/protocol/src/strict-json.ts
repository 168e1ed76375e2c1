import { SymbolonError } from './errors.ts';
import { LIMITS } from './limits.ts';
import { isSpace } from './white-space.ts';

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json | undefined;
}

/**
 * Parses JSON (RFC 8259), refusing what lets two readers see two documents: duplicate names, `__proto__`, and nesting
 * deeper than `LIMITS.jsonDepth`. The value is not yet checked against any schema.
 *
 * @throws SymbolonError `json-malformed`, `json-duplicate-name`, `json-too-deep`
 */
export function parseStrictJson(text: string): Json {
  let value: Json;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    // The cause of a JSON.parse error quotes the input, so it is not kept.
    void cause;
    throw new SymbolonError('json-malformed');
  }
  // Of two members of one name the second replaced the first, so a text with a duplicate has more names than its value. The texts of values
  // may look like names, too, and then every name is looked at.
  if (countMembers(value, 0) !== countNames(text)) refuseDuplicateNames(text);
  return value;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** All members of all objects in it. */
function countMembers(value: Json, depth: number): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (depth >= LIMITS.jsonDepth) throw new SymbolonError('json-too-deep', { bound: LIMITS.jsonDepth });
  let count = 0;
  if (!isJsonObject(value)) {
    for (const inner of value) count += countMembers(inner, depth + 1);
    return count;
  }
  // What JSON.parse made inherits nothing that would be listed here.
  for (const name in value) {
    if (name === '__proto__') throw new SymbolonError('json-duplicate-name');
    const inner = value[name];
    if (inner !== undefined) count += 1 + countMembers(inner, depth + 1);
  }
  return count;
}

/** As many as there are colons that follow a quotation mark. Behind every name there is one; within a string, there may be. */
function countNames(text: string): number {
  let count = 0;
  for (let at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1)) {
    let before = at - 1;
    while (isSpace(text.charCodeAt(before))) before--;
    if (text.charCodeAt(before) === QUOTE) count++;
  }
  return count;
}

const QUOTE = 0x22;

/** Walks a text that JSON.parse has already accepted, so only its structure needs to be followed. */
function refuseDuplicateNames(text: string): void {
  const open: (Set<string> | null)[] = [];
  let expectName = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '{') {
      open.push(new Set());
      expectName = true;
    } else if (char === '[') {
      open.push(null);
      expectName = false;
    } else if (char === '}' || char === ']') {
      open.pop();
      expectName = false;
    } else if (char === ',') {
      expectName = open.at(-1) !== null;
    } else if (char === '"') {
      const end = endOfString(text, i);
      if (expectName) {
        const name: string = JSON.parse(text.slice(i, end + 1));
        const names = open.at(-1);
        if (name === '__proto__' || names?.has(name)) throw new SymbolonError('json-duplicate-name');
        names?.add(name);
        expectName = false;
      }
      i = end;
    }
  }
}

function endOfString(text: string, start: number): number {
  let i = start + 1;
  while (text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
  return i;
}
