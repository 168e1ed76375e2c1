import { contexts } from '@digitalbazaar/credentials-context';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import { cryptosuite as ecdsaRdfc2019 } from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import { cryptosuite as eddsaRdfc2022 } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import statusV1 from '@symbolon/credential/contexts/status-v1.json' with { type: 'json' };
import {
  issueDataIntegrity,
  parseDataIntegrity,
  presentDataIntegrity,
  verifyDataIntegrity,
  verifyDataIntegrityBinding,
} from '@symbolon/credential/data-integrity';
import type { StatusClaims } from '@symbolon/credential/model';
import { didKeyOf, multikeyOf } from '@symbolon/keys/multikey';
import { publicPart } from '@symbolon/keys/private-key';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { createLocalSigner } from '@symbolon/keys/signer';
import { decodeBase64url } from '@symbolon/protocol/base64url';
import { addHours, addSeconds, formatInstant, parseInstant } from '@symbolon/protocol/instant';
import { systemRandom } from '@symbolon/protocol/random';
import type { Algorithm } from '@symbolon/protocol/schemas/jwk';
import type { DocumentLoader } from 'jsonld-signatures';
import { describe, expect, it } from 'vitest';

/**
 * Both directions with Digital Bazaar's library used as any other party would use it: with a loader that serves the contexts and
 * the did documents, and nothing of ours.
 */
const DID = 'did:web:status.by.example';
const ISSUED = parseInstant('2026-11-21T21:00:00Z');
const SHOWN = addSeconds(ISSUED, 90);
const NOW = new Date(SHOWN * 1000);
const AUDIENCE = 'https://gate.example';
const NONCE = 'hFb_1z5VqIUKm3ORYH5sqw';

const SUITES = { ES256: ecdsaRdfc2019, EdDSA: eddsaRdfc2022 };
const V2 = 'https://www.w3.org/ns/credentials/v2';
const STATUS = 'https://symbolon.example/contexts/status/v1';

interface Party {
  readonly alg: Algorithm;
  readonly did: string;
  /** Verification method. */
  readonly method: string;
  readonly signer: Awaited<ReturnType<typeof createLocalSigner>>;
  /** A suite of the library with a key pair of the library: nothing of ours signs. */
  librarySuite(date: string): Promise<DataIntegrityProof>;
}

async function partyOf(alg: Algorithm, seed: string, did?: string): Promise<Party> {
  const privateJwk = insecurePrivateKeyFromSeed(alg, seed);
  const signer = await createLocalSigner(privateJwk);
  const jwk = publicPart(privateJwk);
  const id = did ?? didKeyOf(jwk);
  const method = `${id}#${did === undefined ? multikeyOf(jwk) : signer.kid}`;
  const pairOf = () =>
    privateJwk.kty === 'EC'
      ? EcdsaMultikey.fromJwk({
          jwk: { ...privateJwk, key_ops: ['sign'] },
          secretKey: true,
          id: method,
          controller: id,
        })
      : Ed25519Multikey.generate({ id: method, controller: id, seed: decodeBase64url(privateJwk.d) });
  return {
    alg,
    did: id,
    method,
    signer,
    librarySuite: async (date) =>
      new DataIntegrityProof({ signer: (await pairOf()).signer(), cryptosuite: SUITES[alg], date }),
  };
}

function loaderOf(...parties: readonly Party[]): DocumentLoader {
  const documents = new Map<string, object>([[STATUS, statusV1]]);
  const v2 = contexts.get(V2);
  if (v2 !== undefined) documents.set(V2, v2);
  for (const { did, method, signer } of parties) {
    const key = {
      id: method,
      type: 'Multikey',
      controller: did,
      publicKeyMultibase: multikeyOf(signer.publicJwk),
    };
    documents.set(method, { '@context': 'https://w3id.org/security/multikey/v1', ...key });
    documents.set(did, {
      '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
      id: did,
      verificationMethod: [key],
      assertionMethod: [method],
      authentication: [method],
    });
  }
  return async (url) => {
    const document = documents.get(url);
    if (document === undefined) throw new Error(`not served: ${url}`);
    return { contextUrl: null, documentUrl: url, document };
  };
}

const claimsFor = (holder: Party): StatusClaims => ({
  scheme: 'travel',
  major: 2,
  level: 'clear',
  rule: 'itinerary-7d@12',
  authority: 'transport',
  assurance: 'high',
  sampledAt: addSeconds(ISSUED, -4321),
  issuedAt: ISSUED,
  expiresAt: addHours(ISSUED, 6),
  holderKey: holder.signer.publicJwk,
  bearer: false,
  contested: true,
  via: 'CN-HB.wuhan',
});

const PAIRS = [
  ['ES256', 'ES256'],
  ['EdDSA', 'ES256'],
  ['ES256', 'EdDSA'],
  ['EdDSA', 'EdDSA'],
] as const;

describe.each(PAIRS)('REQ-SIG-002 issuer %s, holder %s', async (issuerAlg, holderAlg) => {
  const issuer = await partyOf(issuerAlg, 'issuer', DID);
  const holder = await partyOf(holderAlg, 'holder');
  const documentLoader = loaderOf(issuer, holder);
  const suites = [...new Set([issuerAlg, holderAlg])].map(
    (alg) => new DataIntegrityProof({ cryptosuite: SUITES[alg] }),
  );
  const minted = await issueDataIntegrity({
    did: DID,
    kid: issuer.signer.kid,
    claims: claimsFor(holder),
    signer: issuer.signer,
    random: systemRandom,
  });

  it('what is minted here, the library verifies', async () => {
    const suite = new DataIntegrityProof({ cryptosuite: SUITES[issuerAlg] });
    const result = await vc.verifyCredential({
      credential: JSON.parse(minted),
      suite,
      documentLoader,
      now: NOW,
    });
    expect(result.error).toBeUndefined();
    expect(result.verified).toBe(true);
    const forged = JSON.parse(minted.replace('"clear"', '"closed"'));
    const refused = await vc.verifyCredential({ credential: forged, suite, documentLoader, now: NOW });
    expect(refused.verified).toBe(false);
  });

  it('what is presented here, the library verifies, for this audience and nonce only', async () => {
    const presentation = JSON.parse(
      await presentDataIntegrity({
        credential: minted,
        audience: AUDIENCE,
        nonce: NONCE,
        now: SHOWN,
        holder: holder.signer,
      }),
    );
    const options = { presentation, suite: suites, documentLoader, now: NOW };
    const result = await vc.verify({ ...options, challenge: NONCE, domain: AUDIENCE });
    expect(result.error).toBeUndefined();
    expect(result.verified).toBe(true);
    expect((await vc.verify({ ...options, challenge: 'other', domain: AUDIENCE })).verified).toBe(false);
    expect((await vc.verify({ ...options, challenge: NONCE, domain: 'other' })).verified).toBe(false);
  });

  it('what the library signs and presents is read and verified here', async () => {
    const { proof: _, ...unsigned } = JSON.parse(minted);
    const credential = await vc.issue({
      credential: unsigned,
      suite: await issuer.librarySuite(formatInstant(ISSUED)),
      documentLoader,
    });
    const presentation = await vc.signPresentation({
      presentation: {
        '@context': [V2],
        type: ['VerifiablePresentation'],
        holder: holder.did,
        verifiableCredential: [credential],
      },
      suite: await holder.librarySuite(formatInstant(SHOWN)),
      documentLoader,
      challenge: NONCE,
      domain: AUDIENCE,
    });
    const parsed = parseDataIntegrity(JSON.stringify(presentation));
    expect(parsed.claims).toEqual(claimsFor(holder));
    expect(parsed.presentation).toMatchObject({ challenge: NONCE, domain: AUDIENCE, created: SHOWN });
    expect(await verifyDataIntegrity(parsed, issuer.signer.publicJwk)).toBe(true);
    expect(await verifyDataIntegrityBinding(parsed)).toBe(true);
    expect(await verifyDataIntegrity(parsed, holder.signer.publicJwk)).toBe(false);
  });
});
