import { verifySignature } from '@symbolon/keys/signature';
import type { Bytes } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import { identityOf, type KeyRing, readSignature } from './keys.ts';
import type { Delegating, Metadata } from './metadata.ts';
import type { RoleKeys, TufKey } from './profile.ts';

/** Who may sign a role, and how many of them must. */
export interface Authority<K = PublicJwk> extends RoleKeys {
  readonly keys: KeyRing<K>;
}

export function authorityOf<K>(
  delegator: Delegating<unknown, K>,
  { keyids, threshold }: RoleKeys,
): Authority<K> {
  return { keys: delegator.keys, keyids, threshold };
}

/**
 * Whether enough of a role's keys signed. Distinct *keys* count (TUF 1.0, section 5.3.4): a key that goes by two key ids,
 * or signs twice, counts once. A signature that is broken or by a stranger does not count and does no harm.
 *
 * @throws SymbolonError `metadata-signatures`
 */
export async function checkThreshold(
  metadata: Metadata<unknown>,
  { keys, keyids, threshold }: Authority<TufKey>,
): Promise<void> {
  const signers = new Set<string>();
  for (const { keyid, sig } of metadata.signatures) {
    const key = keyids.includes(keyid) ? keys.get(keyid) : undefined;
    if (key === undefined) continue;
    const identity = identityOf(key);
    if (!signers.has(identity) && (await signedBy(key, metadata.signingBytes, sig))) signers.add(identity);
    if (signers.size >= threshold) return;
  }
  // REQ-REG-004: refuse what too few keys signed.
  throw new SymbolonError('metadata-signatures', { bound: threshold });
}

async function signedBy(key: TufKey, data: Bytes, sig: string): Promise<boolean> {
  if ('verifies' in key) return key.verifies(data, sig);
  const signature = readSignature(key, sig);
  if (signature === undefined) return false;
  try {
    return await verifySignature(key, data, signature);
  } catch (error) {
    // A key that is not a point of its curve signs nothing.
    if (isSymbolonError(error)) return false;
    throw error;
  }
}
