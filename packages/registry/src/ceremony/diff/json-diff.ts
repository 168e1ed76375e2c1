import { canonicalJson } from '@symbolon/protocol/canonical-json';
import { isJsonObject, type Json, type JsonObject } from '@symbolon/protocol/strict-json';
import { shown, shownName } from './line.ts';

/** Where two JSON texts differ. */
export interface JsonDifference {
  /** From the root: `freshness.warnAfterHours`, `rules.clear@1.when`. Empty: the whole. */
  readonly path: string;
  /** Left out where there was nothing. */
  readonly before?: string;
  readonly after?: string;
}

/** The places at which two values differ, the smallest ones. Lists of named things are compared by their names. */
export function jsonDiff(
  before: Json | undefined,
  after: Json | undefined,
  path: readonly string[] = [],
): readonly JsonDifference[] {
  if (before !== undefined && after !== undefined) {
    if (textOf(before) === textOf(after)) return [];
    const [left, right] = [membersOf(before), membersOf(after)];
    if (left !== undefined && right !== undefined && Array.isArray(before) === Array.isArray(after)) {
      const names = new Set([...left.keys(), ...right.keys()]);
      const inner = [...names].flatMap((name) => jsonDiff(left.get(name), right.get(name), [...path, name]));
      if (inner.length > 0) return inner;
    }
  }
  return [
    {
      path: path.map(shownName).join('.'),
      ...(before !== undefined && { before: shown(before) }),
      ...(after !== undefined && { after: shown(after) }),
    },
  ];
}

function membersOf(value: Json): ReadonlyMap<string, Json | undefined> | undefined {
  if (isJsonObject(value)) return new Map(Object.entries(value));
  if (!Array.isArray(value)) return undefined;
  const items: readonly Json[] = value;
  const names = items.map((item, i) => (isJsonObject(item) ? nameOf(item) : undefined) ?? String(i));
  const distinct = new Set(names).size === names.length;
  return new Map(items.map((item, i) => [distinct ? (names[i] ?? '') : String(i), item]));
}

function nameOf(item: JsonObject): string | undefined {
  const { kid, id, version } = item;
  if (typeof kid === 'string') return kid;
  if (typeof id !== 'string') return undefined;
  return typeof version === 'number' ? `${id}@${version}` : id;
}

/** Files that clients read may hold fractions, which have no canonical form. */
function textOf(value: Json): string {
  try {
    return canonicalJson(value);
  } catch {
    return JSON.stringify(value);
  }
}
