import { isSymbolonError } from '@symbolon/protocol/errors';
import { TARGETS } from '../metadata/delegations.ts';
import { checkThreshold } from '../metadata/threshold.ts';
import type { RoleTree } from './load-metadata.ts';

/** A role whose metadata enough of its keys signed. */
export interface SignedRole {
  /** Key ids that may sign it, and how many different keys must. */
  readonly keyids: readonly string[];
  readonly threshold: number;
  /** The roles that it delegates. */
  readonly delegates: readonly string[];
  /** Whether these alone, of its key ids, reach the threshold. Signatures are checked anew by that. */
  isSignedBy(keyids: readonly string[]): Promise<boolean>;
}

export type SignedRoles = ReadonlyMap<string, SignedRole>;

/** The roles below the top-level targets. */
export function signedRolesOf({ roles, authorities }: RoleTree): SignedRoles {
  const signed = new Map<string, SignedRole>();
  for (const [name, { metadata }] of roles) {
    const authority = authorities.get(name);
    if (name === TARGETS || authority === undefined) continue;
    const { keyids, threshold } = authority;
    signed.set(name, {
      keyids,
      threshold,
      delegates: (metadata.signed.delegations?.roles ?? []).map((role) => role.name),
      isSignedBy: async (some) => {
        try {
          await checkThreshold(metadata, { ...authority, keyids: keyids.filter((id) => some.includes(id)) });
          return true;
        } catch (error) {
          if (isSymbolonError(error)) return false;
          throw error;
        }
      },
    });
  }
  return signed;
}
