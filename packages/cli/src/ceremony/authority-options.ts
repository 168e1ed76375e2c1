import { LIMITS } from '@symbolon/protocol/limits';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import { count } from '../commands/arguments.ts';
import { passphrases } from '../custody/passphrase.ts';
import { publicKeyAt } from '../custody/public-key-at.ts';

/** What is given for a key of someone else. */
export const KEY_FORMS = 'NAME.pub.json or awskms:///KEY';

/** `--threshold 2` */
export const thresholdOption = count(LIMITS.metadataSignatures);

interface Authority {
  readonly keys: PublicJwk[];
  readonly threshold: number;
}

/** These keys, so many of which must sign: more than half of them, unless it is said. */
export async function authorityOf(addresses: readonly string[], threshold?: number): Promise<Authority> {
  const keys: PublicJwk[] = [];
  // One after another: one that is a sealed file asks for its passphrase.
  for (const address of addresses) keys.push(await publicKeyAt(address, passphrases(undefined)));
  return { keys, threshold: threshold ?? Math.floor(addresses.length / 2) + 1 };
}

/** Online roles: any one of the keys signs. */
export function onlineAuthorityOf(addresses: readonly string[]): Promise<Authority> {
  return authorityOf(addresses, 1);
}
