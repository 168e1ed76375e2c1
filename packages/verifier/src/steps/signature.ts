import { isSymbolonError } from '@symbolon/protocol/errors';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import type { Decoded } from '../decoded.ts';
import type { Findings } from '../findings.ts';

/** Step 3: the issuer's signature, by the registered key. */
export async function checkSignature(decoded: Decoded, key: PublicJwk, findings: Findings): Promise<boolean> {
  try {
    if (await decoded.verifyIssuer(key)) return true;
    findings.add('signature', 'signature-invalid', 'not-authentic');
  } catch (error) {
    if (!isSymbolonError(error)) throw error;
    findings.add('signature', error.code, 'not-authentic');
  }
  return false;
}
