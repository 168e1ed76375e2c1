import { contexts } from '@digitalbazaar/credentials-context';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import { cryptosuite } from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import statusV1 from '@symbolon/credential/contexts/status-v1.json' with { type: 'json' };
import { parseDataIntegrity, presentDataIntegrity } from '@symbolon/credential/data-integrity';
import { IN_PERSON_AUDIENCE, type StatusClaims, windowNonce } from '@symbolon/credential/model';
import { didKeyOf, multikeyOf } from '@symbolon/keys/multikey';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { formatInstant } from '@symbolon/protocol/instant';
import type { DocumentLoader } from 'jsonld-signatures';
import type { Gate, Minted } from './gate.ts';

const CREDENTIALS_V2 = 'https://www.w3.org/ns/credentials/v2';
const STATUS_V1 = 'https://symbolon.example/contexts/status/v1';

export interface JsonLdPresentation {
  readonly text: string;
  /** For the peer: parsed, and with a loader that has every document at hand. */
  readonly document: object;
  readonly documentLoader: DocumentLoader;
}

export interface JsonLdPeer {
  readonly presentations: (count: number) => Promise<readonly JsonLdPresentation[]>;
  readonly verify: (presentation: JsonLdPresentation) => Promise<boolean>;
}

/** Digital Bazaar's library at its best: contexts marked static, no network, every key document made beforehand. */
export function jsonLdPeer(gate: Gate): JsonLdPeer {
  const window = { audience: IN_PERSON_AUDIENCE, nonce: windowNonce(gate.now), now: gate.now };
  const now = new Date(gate.now * 1000);
  const presentationOf = async ({ credential, holder }: Minted): Promise<JsonLdPresentation> => {
    const text = await presentDataIntegrity({ ...window, credential, holder });
    return { text, document: JSON.parse(text), documentLoader: loaderFor(gate, holder.publicJwk) };
  };
  return {
    presentations: async (count) => Promise.all((await gate.mint(count, 'ldp_vc')).map(presentationOf)),
    verify: async ({ document: presentation, documentLoader }) => {
      const { verified } = await vc.verify({
        presentation,
        suite: new DataIntegrityProof({ cryptosuite }),
        documentLoader,
        // It refuses a credential with a status entry otherwise. Reading the list is left out, which we do.
        checkStatus: async () => ({ verified: true }),
        challenge: window.nonce,
        domain: window.audience,
        now,
      });
      return verified;
    },
  };
}

export interface UnsignedJsonLd {
  readonly claims: StatusClaims;
  /** For the peer: the same credential, ready to be signed. */
  readonly document: object;
}

export interface JsonLdIssuer {
  readonly unsigned: (count: number) => Promise<readonly UnsignedJsonLd[]>;
  readonly issue: (unsigned: UnsignedJsonLd) => Promise<boolean>;
}

/** The library with a key pair of the library. */
export async function jsonLdIssuer(gate: Gate): Promise<JsonLdIssuer> {
  const controller = gate.issuer.region.did;
  const jwk = { ...insecurePrivateKeyFromSeed('ES256', 'json-ld peer'), key_ops: ['sign'] };
  const id = `${controller}#${gate.signer.kid}`;
  const signer = (await EcdsaMultikey.fromJwk({ jwk, secretKey: true, id, controller })).signer();
  const date = formatInstant(gate.now);
  const documentLoader = loaderFor(gate, gate.signer.publicJwk);
  return {
    unsigned: async (count) =>
      (await gate.mint(count, 'ldp_vc')).map(({ credential }) => {
        const { proof: _, ...document } = JSON.parse(credential);
        return { claims: parseDataIntegrity(credential).claims, document };
      }),
    issue: async ({ document: credential }) => {
      const suite = new DataIntegrityProof({ cryptosuite, signer, date });
      return 'proof' in (await vc.issue({ credential, suite, documentLoader }));
    },
  };
}

function loaderFor({ issuer, signer }: Gate, holder: Minted['holder']['publicJwk']): DocumentLoader {
  const holderDid = didKeyOf(holder);
  const documents = new Map([
    ...didDocuments(issuer.region.did, signer.kid, multikeyOf(signer.publicJwk)),
    ...didDocuments(holderDid, multikeyOf(holder), multikeyOf(holder)),
  ]);
  return async (url) => {
    const context = STATIC.get(url);
    if (context !== undefined)
      return { contextUrl: null, documentUrl: url, document: context, tag: 'static' };
    const document = documents.get(url);
    if (document === undefined) throw new Error('a document is missing');
    return { contextUrl: null, documentUrl: url, document };
  };
}

const STATIC = new Map<string, object | undefined>([
  [CREDENTIALS_V2, contexts.get(CREDENTIALS_V2)],
  [STATUS_V1, statusV1],
]);

/** The document of a DID and the one of its only key. */
function didDocuments(did: string, fragment: string, publicKeyMultibase: string): [string, object][] {
  const id = `${did}#${fragment}`;
  const key = { id, type: 'Multikey', controller: did, publicKeyMultibase };
  const context = 'https://w3id.org/security/multikey/v1';
  return [
    [id, { '@context': context, ...key }],
    [
      did,
      {
        '@context': ['https://www.w3.org/ns/did/v1', context],
        id: did,
        verificationMethod: [key],
        assertionMethod: [id],
        authentication: [id],
      },
    ],
  ];
}
