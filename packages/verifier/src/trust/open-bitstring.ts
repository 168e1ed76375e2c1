import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import type { RegionView } from '@symbolon/registry/registry-view';
import { publishedKeyOf } from './published-key.ts';
import type { BundledBitstring, TrustedBitstring } from './trust.ts';

/** What was found of a list by the keys of a region: of one trust object, as each opening makes both anew. */
const opened = new WeakMap<RegionView, WeakMap<BundledBitstring, Promise<TrustedBitstring>>>();

/**
 * Checks a Bitstring list of a bundle, once. A bundle has hundreds of them, a JSON-LD proof takes milliseconds, and most verifiers are never shown a
 * JSON-LD credential: so neither a list nor the code for it is touched before a credential points to it.
 *
 * Whether the list lies ahead of the clock or has expired is not checked: a trust object outlives the moment in which it was made.
 *
 * @param view the region under whose URL the list lies
 * @throws SymbolonError what `publishedKeyOf` throws, `status-list-malformed`, `type-unexpected`, `signature-invalid`, `status-list-rollback`
 */
export function openBitstring(view: RegionView, list: BundledBitstring): Promise<TrustedBitstring> {
  const ofRegion = opened.get(view) ?? new WeakMap<BundledBitstring, Promise<TrustedBitstring>>();
  opened.set(view, ofRegion);
  const known = ofRegion.get(list);
  if (known !== undefined) return known;
  const opening = checked(view, list).catch((error: unknown) => {
    // Code that could not be loaded says nothing of the list.
    if (!isSymbolonError(error)) ofRegion.delete(list);
    throw error;
  });
  ofRegion.set(list, opening);
  return opening;
}

async function checked(
  view: RegionView,
  { uri, text, issuedFrom }: BundledBitstring,
): Promise<TrustedBitstring> {
  const { parseBitstringList, verifyBitstringList } = await import('@symbolon/credential/bitstring-list');
  const parsed = parseBitstringList(text);
  const { issuer, issuedAt, expiresAt, encodedList } = parsed;
  const key = publishedKeyOf(view, 'status', parsed);
  if (!(await verifyBitstringList(parsed, key.jwk))) throw new SymbolonError('signature-invalid');
  // REQ-STA-006: the URI follows from the region that signed it, whatever the list or its place says. Its purpose is the end of it.
  if (parsed.uri !== uri || issuer !== view.region.did) throw new SymbolonError('status-list-malformed');
  // REQ-STA-009: an older list could hide a revocation that the list beside it tells, or that was seen already.
  if (issuedFrom !== undefined && issuedAt < issuedFrom) throw new SymbolonError('status-list-rollback');
  return { issuedAt, expiresAt, encodedList };
}
