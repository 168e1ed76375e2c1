import { SymbolonError } from './errors.ts';
import { LIMITS } from './limits.ts';

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
  checkDepth(value, 0);
  // A text that serialises back to itself has no duplicate name: the second would have replaced the first. `__proto__` is looked for
  // among the names only, so that a *value* of that text is judged alike however the document is spaced.
  if (JSON.stringify(value) !== text || text.includes('"__proto__"')) refuseDuplicateNames(text);
  return value;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkDepth(value: Json, depth: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth >= LIMITS.jsonDepth) throw new SymbolonError('json-too-deep', { bound: LIMITS.jsonDepth });
  for (const inner of Object.values(value)) if (inner !== undefined) checkDepth(inner, depth + 1);
}

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
