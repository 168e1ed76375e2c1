import { issue } from '@digitalbazaar/vc';
import { signingSuite } from '@symbolon/credential/data-integrity/suites';
import { didKeyOf, multikeyOf } from '@symbolon/keys/multikey';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { createLocalSigner } from '@symbolon/keys/signer';
import type { Instant } from '@symbolon/protocol/instant';
import type { Algorithm } from '@symbolon/protocol/schemas/jwk';
import type { Json, JsonObject } from '@symbolon/protocol/strict-json';
import { testLoader } from './contexts.ts';
import { checkCredential } from './credential.ts';
import { Refusal } from './refusal.ts';

export const ISSUER_NAMES = ['eddsa', 'p256', 'bsl'] as const;
export type IssuerName = (typeof ISSUER_NAMES)[number];

const ALGORITHM: Readonly<Record<IssuerName, Algorithm>> = { eddsa: 'EdDSA', p256: 'ES256', bsl: 'ES256' };

export interface Issuer {
  readonly did: string;
  /**
   * Secures a credential that names this issuer, and has no proof yet.
   *
   * @throws Refusal
   */
  issue(credential: Json | undefined, now: Instant): Promise<JsonObject>;
}

/** The same keys at every start. Anyone can make them: what they sign says nothing to anyone. */
export async function createIssuer(name: IssuerName): Promise<Issuer> {
  const signer = await createLocalSigner(insecurePrivateKeyFromSeed(ALGORITHM[name], `vc-api ${name}`));
  const did = didKeyOf(signer.publicJwk);
  const method = `${did}#${multikeyOf(signer.publicJwk)}`;
  return {
    did,
    issue: async (value, now) => {
      const { issuer, document } = checkCredential(value);
      if (issuer !== did) throw new Refusal('PROOF_GENERATION_ERROR', 'The credential names another issuer');
      if ('proof' in document) throw new Refusal('PROOF_GENERATION_ERROR', 'The credential has a proof');
      const suite = signingSuite(signer, method, now);
      try {
        // The library adds to what it is given.
        const credential = structuredClone(document);
        await issue({ credential, suite, documentLoader: testLoader() });
        return credential;
      } catch {
        throw new Refusal('PROOF_GENERATION_ERROR', 'Not everything in the credential can be signed');
      }
    },
  };
}
