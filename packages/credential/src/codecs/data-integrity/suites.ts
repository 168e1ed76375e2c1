import { DataIntegrityProof, type ProofSigner } from '@digitalbazaar/data-integrity';
import { cryptosuite as ecdsaRdfc2019 } from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import { cryptosuite as eddsaRdfc2022 } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import { algorithmOf } from '@symbolon/keys/algorithms';
import { multikeyOf } from '@symbolon/keys/multikey';
import type { Signer } from '@symbolon/keys/signer';
import { formatInstant, type Instant } from '@symbolon/protocol/instant';
import type { PublicJwk } from '@symbolon/protocol/schemas/jwk';

const CRYPTOSUITES = {
  'ecdsa-rdfc-2019': ecdsaRdfc2019,
  'eddsa-rdfc-2022': eddsaRdfc2022,
} as const;

/** The suite that checks proofs of a key. It follows from the key alone. */
export function verifyingSuite(publicJwk: PublicJwk): DataIntegrityProof {
  return new DataIntegrityProof({ cryptosuite: CRYPTOSUITES[algorithmOf(publicJwk).cryptosuite] });
}

/** A suite that signs with a Signer, in the name of a verification method, at a given second. */
export function signingSuite(
  signer: Signer,
  verificationMethod: string,
  created: Instant,
): DataIntegrityProof {
  const { crv, cryptosuite } = algorithmOf(signer.publicJwk);
  const proofSigner: ProofSigner = {
    id: verificationMethod,
    algorithm: crv,
    sign: ({ data }) => signer.sign(data),
  };
  return new DataIntegrityProof({
    cryptosuite: CRYPTOSUITES[cryptosuite],
    signer: proofSigner,
    date: formatInstant(created),
  });
}

/** A Multikey (Controlled Identifiers 1.0, section 2.2.2), as the library loads it. */
export function multikeyDocument(id: string, controller: string, publicJwk: PublicJwk): object {
  return {
    '@context': 'https://w3id.org/security/multikey/v1',
    id,
    type: 'Multikey',
    controller,
    publicKeyMultibase: multikeyOf(publicJwk),
  };
}
