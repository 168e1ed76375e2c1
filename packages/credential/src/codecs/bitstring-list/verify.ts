import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import { verifyIssuerProof } from '../data-integrity/issuer-proof.ts';
import type { ParsedBitstringList } from './parse.ts';

/**
 * Checks the proof of a list. Which list it is and its time are not checked, and whether the key is the region's status key is for the caller to know.
 *
 * @param publishedKey the key that the registry has for (`issuer`, `kid`)
 */
export async function verifyBitstringList(
  parsed: ParsedBitstringList,
  publishedKey: PublicJwk,
): Promise<boolean> {
  return verifyIssuerProof(parsed, publishedKey);
}
