import { isJsonObject, type Json, type JsonObject } from '@symbolon/protocol/strict-json';

/** A place at which two JSON texts differ. */
export interface JsonDifference {
  /** From the root: `['freshness', 'warnAfterHours']`. Empty: the whole. */
  readonly path: readonly string[];
  /** Left out where there was nothing. */
  readonly before?: Json;
  readonly after?: Json;
  /** The same things stand in another order, or new ones between them: `before` and `after` are their names. */
  readonly isOrder?: true;
}

/**
 * The places at which two values differ, down to the leaves, also within what is new or gone as a whole. Lists of named things (`kid`, `id`, `version`)
 * are compared by their names and then by their order, other lists item by item. The order of an object's members means nothing, and is not told.
 */
export function* jsonDiff(
  before: Json | undefined,
  after: Json | undefined,
  path: readonly string[] = [],
): Generator<JsonDifference, void> {
  const [left, right] = [membersOf(before, after), membersOf(after, before)];
  if (left === undefined && right === undefined) {
    if (before !== after) yield difference(path, before, after);
    return;
  }
  const isSameKind = Array.isArray(before) === Array.isArray(after);
  if (before !== undefined && after !== undefined && !(left && right && isSameKind)) {
    yield* jsonDiff(before, undefined, path);
    yield* jsonDiff(undefined, after, path);
    return;
  }
  const size = (left?.size ?? 0) + (right?.size ?? 0);
  if (size === 0 && (left === undefined || right === undefined)) yield difference(path, before, after);
  for (const name of new Set([...(left?.keys() ?? []), ...(right?.keys() ?? [])])) {
    yield* jsonDiff(left?.get(name), right?.get(name), [...path, name]);
  }
  if (Array.isArray(before) && Array.isArray(after) && left && right) {
    yield* orderDiff([...left.keys()], [...right.keys()], path);
  }
}

/** Whether what was there before still comes first and in its order; if not, both orders. */
export function* orderDiff(
  before: readonly string[],
  after: readonly string[],
  path: readonly string[] = [],
): Generator<JsonDifference, void> {
  const [old, fresh] = [new Set(before), new Set(after)];
  const was = before.filter((name) => fresh.has(name));
  const kept = after.filter((name) => old.has(name));
  const isKept = was.every((name, i) => name === kept[i] && name === after[i]);
  if (!isKept) yield { path, before: [...before], after: [...after], isOrder: true };
}

function difference(
  path: readonly string[],
  before: Json | undefined,
  after: Json | undefined,
): JsonDifference {
  return { path, ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
}

/** What a value holds, by name. Items of lists have names when all of this list and of the other one have some, each its own. */
function membersOf(
  value: Json | undefined,
  other: Json | undefined,
): ReadonlyMap<string, Json | undefined> | undefined {
  if (value === undefined) return undefined;
  if (isJsonObject(value)) return new Map(Object.entries(value));
  if (!Array.isArray(value)) return undefined;
  const items: readonly Json[] = value;
  const names = namesOf(items);
  const isNamed = names !== undefined && (!Array.isArray(other) || namesOf(other) !== undefined);
  return new Map(items.map((item, i) => [(isNamed ? names[i] : undefined) ?? String(i), item]));
}

function namesOf(items: readonly Json[]): readonly string[] | undefined {
  const names = items.flatMap((item) => (isJsonObject(item) ? (nameOf(item) ?? []) : []));
  return names.length === items.length && new Set(names).size === names.length ? names : undefined;
}

function nameOf(item: JsonObject): string | undefined {
  const { kid, id, version } = item;
  if (typeof kid === 'string') return kid;
  if (typeof id !== 'string') return undefined;
  return typeof version === 'number' ? `${id}@${version}` : id;
}
