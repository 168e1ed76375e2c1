import { contexts } from '@digitalbazaar/credentials-context';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import { cryptosuite as ecdsaRdfc2019 } from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import { cryptosuite as eddsaRdfc2022 } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import { didKeyOf, multikeyOf } from '@symbolon/keys/multikey';
import { publicPart } from '@symbolon/keys/private-key';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { decodeBase64url } from '@symbolon/protocol/base64url';
import type { Algorithm } from '@symbolon/protocol/schemas/jwk';
import type { DocumentLoader } from 'jsonld-signatures';

/** Somebody with a did:key who uses Digital Bazaar's library and nothing of ours. */
export interface LibraryParty {
  readonly did: string;
  /** A suite that signs, at this time. */
  suite(date: string): DataIntegrityProof;
}

const SUITES = { ES256: ecdsaRdfc2019, EdDSA: eddsaRdfc2022 };

/** Suites that verify. */
export const LIBRARY_SUITES = Object.values(SUITES).map(
  (cryptosuite) => new DataIntegrityProof({ cryptosuite }),
);

export async function libraryParty(alg: Algorithm, seed: string): Promise<LibraryParty> {
  const jwk = insecurePrivateKeyFromSeed(alg, seed);
  const did = didKeyOf(publicPart(jwk));
  const names = { id: `${did}#${multikeyOf(publicPart(jwk))}`, controller: did };
  const pair =
    jwk.kty === 'EC'
      ? await EcdsaMultikey.fromJwk({ jwk: { ...jwk, key_ops: ['sign'] }, secretKey: true, ...names })
      : await Ed25519Multikey.generate({ ...names, seed: decodeBase64url(jwk.d) });
  return {
    did,
    suite: (date) => new DataIntegrityProof({ signer: pair.signer(), cryptosuite: SUITES[alg], date }),
  };
}

/** W3C's contexts, and every did:key: its document and its one key. */
export const libraryLoader: DocumentLoader = async (url) => {
  const context = contexts.get(url);
  if (context !== undefined) return { contextUrl: null, documentUrl: url, document: context };
  const [did = '', key] = url.split('#');
  if (!did.startsWith('did:key:')) throw new Error(`not served: ${url}`);
  const multikey = did.slice('did:key:'.length);
  const method = `${did}#${multikey}`;
  const controlled = {
    '@context': 'https://w3id.org/security/multikey/v1',
    id: method,
    type: 'Multikey',
    controller: did,
    publicKeyMultibase: multikey,
  };
  const document = {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
    id: did,
    verificationMethod: [controlled],
    assertionMethod: [method],
    authentication: [method],
  };
  return { contextUrl: null, documentUrl: url, document: key === undefined ? document : controlled };
};
