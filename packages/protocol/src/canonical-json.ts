import { SymbolonError } from './errors.ts';
import { isJsonObject, type Json } from './strict-json.ts';

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
  if (!isJsonObject(value)) return `[${value.map(canonicalJson).join(',')}]`;
  let members = '';
  for (const name of sorted(Object.keys(value))) {
    const inner = value[name];
    if (inner === undefined) continue;
    members += `${members === '' ? '' : ','}${quote(name)}:${canonicalJson(inner)}`;
  }
  return `{${members}}`;
}

/** As many as most objects have. */
const FEW = 32;

/** By UTF-16 code units, in place. A few names are sorted by insertion, which takes half the time of `sort`, and many by `sort`. */
function sorted(names: string[]): readonly string[] {
  if (names.length > FEW) return names.sort();
  for (let i = 1; i < names.length; i++) {
    const name = names[i] ?? '';
    let at = i;
    for (let before = names[at - 1]; before !== undefined && name < before; before = names[at - 1]) {
      names[at--] = before;
    }
    names[at] = name;
  }
  return names;
}

const ESCAPED = /["\\]/;

function quote(text: string): string {
  return ESCAPED.test(text) ? `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"` : `"${text}"`;
}
