import { isJsonObject, type Json, type JsonObject } from '@symbolon/protocol/strict-json';
import type { Authority } from '../../metadata/threshold.ts';
import { type JsonDifference, jsonDiff } from './json-diff.ts';

/**
 * What a role says beside its keys and threshold: paths, whether a search ends there, whatever else. Key ids only where no line on keys says already that
 * they are others: in another order, or a second id of one key.
 */
export function roleFieldsDiff(
  before: JsonObject | undefined,
  after: JsonObject,
  areKeysTold: boolean,
): Iterable<JsonDifference> {
  const rest = ({ name: _name, threshold: _threshold, keyids, ...others }: JsonObject): JsonObject =>
    areKeysTold || keyids === undefined ? others : { ...others, keyids };
  return jsonDiff(rest(before ?? {}), rest(after));
}

/** Keys that come or go in a `keys` object, and that no role has. A key's id is a hash of all that it says, so none can differ. */
export function unusedKeysDiff(
  before: Json | undefined,
  after: Json | undefined,
  old: ReadonlyMap<string, { readonly authority: Authority | undefined }>,
  fresh: ReadonlyMap<string, { readonly authority: Authority | undefined }>,
): Iterable<JsonDifference> {
  const [left, right] = [objectOf(before), objectOf(after)];
  const only = (keys: JsonObject, others: JsonObject, roles: typeof old): JsonObject => {
    const used = new Set([...roles.values()].flatMap(({ authority }) => authority?.keyids ?? []));
    return Object.fromEntries(
      Object.entries(keys).filter(([id]) => !used.has(id) && !Object.hasOwn(others, id)),
    );
  };
  return jsonDiff(only(left, right, old), only(right, left, fresh));
}

export function objectOf(json: Json | undefined): JsonObject {
  return isJsonObject(json) ? json : {};
}
