import { kidOf } from '@symbolon/keys/kid';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import type { JsonObject } from '@symbolon/protocol/strict-json';
import { keyIdOf, tufKeyOf } from '../metadata/keys.ts';

/** Whom a role is given to: these keys, so many of them. */
export interface NewAuthority {
  readonly keys: readonly PublicJwk[];
  readonly threshold: number;
}

/**
 * The `keyids` and `threshold` of a role.
 *
 * @throws SymbolonError `key-duplicate` when two keys have one kid, `metadata-signatures` when the threshold can never be reached
 */
export function roleKeysOf({ keys, threshold }: NewAuthority): { keyids: string[]; threshold: number } {
  // REQ-KEY-011: a ceremony refuses a duplicate.
  if (new Set(keys.map(kidOf)).size !== keys.length) throw new SymbolonError('key-duplicate');
  if (!Number.isSafeInteger(threshold) || threshold < 1 || threshold > keys.length) {
    throw new SymbolonError('metadata-signatures', { bound: keys.length });
  }
  return { keyids: keys.map((jwk) => keyIdOf(tufKeyOf(jwk))), threshold };
}

/** The `keys` object for all of these roles together. */
export function keysObjectOf(authorities: readonly NewAuthority[]): JsonObject {
  const keys = authorities.flatMap((each) => each.keys).map(tufKeyOf);
  return Object.fromEntries(keys.map((key) => [keyIdOf(key), key]));
}
