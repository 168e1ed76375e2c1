import { SymbolonError } from './errors.ts';
import type { Json } from './strict-json.ts';

/**
 * Canonical JSON as TUF signs it (TUF 1.0, section 4.1; the OLPC subdialect): names sorted, no white space, whole numbers
 * only, and within a string only `"` and `\` are escaped.
 *
 * @throws SymbolonError `json-not-canonical` on a fraction or an unsafe integer
 */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new SymbolonError('json-not-canonical');
    return Object.is(value, -0) ? '0' : String(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.entries(value)
    .filter((entry): entry is [string, Json] => entry[1] !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, inner]) => `${quote(name)}:${canonicalJson(inner)}`);
  return `{${members.join(',')}}`;
}

function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
