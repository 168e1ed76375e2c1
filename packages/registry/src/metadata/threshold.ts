import { verifySignature } from '@symbolon/keys/signature';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import { identityOf, type KeyRing, readSignature } from './keys.ts';
import type { Delegating, Metadata } from './metadata.ts';
import type { RoleKeys } from './schemas.ts';

/** Who may sign a role, and how many of them must. */
export interface Authority extends RoleKeys {
  readonly keys: KeyRing;
}

export function authorityOf(delegator: Delegating<unknown>, { keyids, threshold }: RoleKeys): Authority {
  return { keys: delegator.keys, keyids, threshold };
}

/**
 * Whether enough of a role's keys signed. Distinct *keys* count (TUF 1.0, section 5.3.4): a key that goes by two key ids,
 * or signs twice, counts once. A signature that is broken or by a stranger does not count and does no harm.
 *
 * @throws SymbolonError `metadata-signatures`
 */
export async function checkThreshold(metadata: Metadata<unknown>, authority: Authority): Promise<void> {
  const signers = new Set<string>();
  for (const { keyid, sig } of metadata.signatures) {
    const jwk = authority.keyids.includes(keyid) ? authority.keys.get(keyid) : undefined;
    if (jwk === undefined || signers.has(identityOf(jwk))) continue;
    if (await signedBy(jwk, metadata, sig)) signers.add(identityOf(jwk));
    if (signers.size >= authority.threshold) return;
  }
  // REQ-REG-004: refuse what too few keys signed.
  throw new SymbolonError('metadata-signatures', { bound: authority.threshold });
}

async function signedBy(jwk: PublicJwk, metadata: Metadata<unknown>, sig: string): Promise<boolean> {
  const signature = readSignature(jwk, sig);
  if (signature === undefined) return false;
  try {
    return await verifySignature(jwk, metadata.signingBytes, signature);
  } catch (error) {
    // A key that is not a point of its curve signs nothing.
    if (isSymbolonError(error)) return false;
    throw error;
  }
}
