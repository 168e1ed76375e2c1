import { SymbolonError } from '@symbolon/protocol/errors';
import { isName } from '@symbolon/protocol/ids';
import type { BlindIndexer } from '../ports.ts';
import { ASSET_NAME_CHARS, isAssetName } from './asset-name.ts';

export interface Identifier {
  /** `identity-card`, `passport`, `travel-permit`. */
  readonly kind: string;
  /** Never stored and never logged: it leaves this module as a keyed hash only. */
  readonly value: string;
}

/**
 * The blind index of an identifier, however it is written.
 *
 * @throws SymbolonError `request-malformed` with `path`
 */
export async function indexOfIdentifier(
  indexer: BlindIndexer,
  identifier: Identifier,
  path: string,
): Promise<string> {
  const text = canonical(identifier);
  if (text === undefined) throw new SymbolonError('request-malformed', { path });
  return indexer.index(text);
}

/**
 * The blind index of an asset's public name (see `isAssetName`), taken as it is written. It is public, but what the region knows of it is found by the key alone.
 *
 * @throws SymbolonError `request-malformed`
 */
export async function indexOfAsset(indexer: BlindIndexer, asset: string): Promise<string> {
  // No identifier has a colon, so no person is found by an asset's name.
  if (!isAssetName(asset))
    throw new SymbolonError('request-malformed', { path: 'asset', bound: ASSET_NAME_CHARS });
  return indexer.index(`asset ${asset}`);
}

/** One person, one spelling: upper-case letters and digits of ASCII, as identity documents print them, without what separates them. */
function canonical({ kind, value }: Identifier): string | undefined {
  const plain = value.normalize('NFKC').replace(/[\s\p{Pd}\p{Cf}./]/gu, '');
  // Before letters are raised: some that are no ASCII become it, and would be another person's.
  if (!isName(kind) || !/^[A-Za-z0-9]{4,32}$/.test(plain)) return undefined;
  return `${kind} ${plain.toUpperCase()}`;
}
