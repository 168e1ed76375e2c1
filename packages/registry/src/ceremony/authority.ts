import { kidOf } from '@symbolon/keys/kid';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import type { JsonObject } from '@symbolon/protocol/strict-json';
import { identityOf, keyIdOf, tufKeyOf } from '../metadata/keys.ts';
import type { Authority } from '../metadata/threshold.ts';

/** Whom a role is given to: these keys, so many of them. */
export interface NewAuthority {
  readonly keys: readonly PublicJwk[];
  readonly threshold: number;
}

/** The distinct keys of a role. A key that goes by two key ids is one key. */
export function keysIn({ keys, keyids }: Authority): readonly PublicJwk[] {
  const found = new Map<string, PublicJwk>();
  for (const id of keyids) {
    const jwk = keys.get(id);
    if (jwk !== undefined) found.set(identityOf(jwk), jwk);
  }
  return [...found.values()];
}

/** An authority as it stands, to give to another role or to change. */
export function sameAuthority(authority: Authority): NewAuthority {
  return { keys: keysIn(authority), threshold: authority.threshold };
}

/**
 * The `keyids` and `threshold` of a role.
 *
 * @throws SymbolonError `key-duplicate` when two keys have one kid, `threshold-unreachable` when the threshold can never be reached
 */
export function roleKeysOf({ keys, threshold }: NewAuthority): { keyids: string[]; threshold: number } {
  // REQ-KEY-011: a ceremony refuses a duplicate.
  if (new Set(keys.map(kidOf)).size !== keys.length) throw new SymbolonError('key-duplicate');
  if (!Number.isSafeInteger(threshold) || threshold < 1 || threshold > keys.length) {
    // REQ-CER-002
    throw new SymbolonError('threshold-unreachable', { bound: keys.length });
  }
  return { keyids: keys.map((jwk) => keyIdOf(tufKeyOf(jwk))), threshold };
}

/** The `keys` object for all of these roles together. */
export function keysObjectOf(authorities: readonly NewAuthority[]): JsonObject {
  const keys = authorities.flatMap((each) => each.keys).map(tufKeyOf);
  return Object.fromEntries(keys.map((key) => [keyIdOf(key), key]));
}
