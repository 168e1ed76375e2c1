import { didKeyOf } from '@symbolon/keys/multikey';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';
import jsigs from 'jsonld-signatures';
import { loaderFor } from './contexts.ts';
import { isVerified } from './is-verified.ts';
import { verifyIssuerProof } from './issuer-proof.ts';
import type { ParsedDataIntegrity } from './parse.ts';
import { didKeyMethodOf } from './presentation.ts';
import { multikeyDocument, verifyingSuite } from './suites.ts';

/**
 * Checks the issuer's proof (VC Data Integrity 1.0, section 4.3). The time is not checked, and whether the key is the issuer's is
 * for the caller to know.
 *
 * @param publicJwk the key that the registry has for (`issuer`, `kid`)
 */
export async function verifyDataIntegrity(
  { claims, ...parsed }: ParsedDataIntegrity,
  publicJwk: PublicJwk,
): Promise<boolean> {
  return verifyIssuerProof({ ...parsed, issuedAt: claims.issuedAt }, publicJwk);
}

/**
 * Checks that the key in the credential signed this presentation, for exactly its `challenge` and `domain`. Says nothing of the
 * credential, nor whether these were asked for.
 *
 * @returns false also when there is no presentation
 */
export async function verifyDataIntegrityBinding({
  claims: { holderKey },
  presentation,
}: ParsedDataIntegrity): Promise<boolean> {
  if (presentation === undefined || holderKey === undefined) return false;
  const { challenge, domain, document } = presentation;
  const did = didKeyOf(holderKey);
  const method = didKeyMethodOf(holderKey);
  const controller = { id: did, authentication: [method] };
  return isVerified(() =>
    jsigs.verify(document, {
      suite: verifyingSuite(holderKey),
      purpose: new jsigs.purposes.AuthenticationProofPurpose({ controller, challenge, domain }),
      documentLoader: loaderFor({ [method]: multikeyDocument(method, did, holderKey) }),
    }),
  );
}
