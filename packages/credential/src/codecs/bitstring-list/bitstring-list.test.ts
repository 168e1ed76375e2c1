import { cryptosuite } from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import type { Signer } from '@symbolon/keys/signer';
import { addHours, formatInstant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import type { Json } from '@symbolon/protocol/strict-json';
import { describe, expect, it } from 'vitest';
import { DID, ed25519Signer, HOUR, ISSUER, issuerSigner, strangerSigner } from '../../testing/sample.ts';
import { loaderFor } from '../data-integrity/contexts.ts';
import {
  type BitstringListOrder,
  issueBitstringList,
  parseBitstringList,
  verifyBitstringList,
} from './index.ts';

const URI = `${ISSUER}/lists/498861.revocation`;
/** 131,072 entries, none set: the example of the standard. */
const ENCODED = 'uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA';
const malformed = expect.objectContaining({ code: 'status-list-malformed' });

function issue(changes: Partial<BitstringListOrder> = {}, signer: Signer = issuerSigner): Promise<string> {
  return issueBitstringList({
    did: DID,
    kid: signer.kid,
    uri: URI,
    purpose: 'revocation',
    encodedList: ENCODED,
    issuedAt: HOUR,
    expiresAt: addHours(HOUR, 98),
    ttlSeconds: 300,
    signer,
    ...changes,
  });
}

const issued = await issue();

/** Names of the document, of its subject and of its proof, set or (undefined) taken out. */
function changed(changes: { credential?: object; subject?: object; proof?: object }): string {
  const { credentialSubject, proof, ...rest } = JSON.parse(issued);
  return JSON.stringify({
    ...rest,
    credentialSubject: { ...credentialSubject, ...changes.subject },
    proof: { ...proof, ...changes.proof },
    ...changes.credential,
  });
}

describe('a Bitstring list', () => {
  it.each([
    ['ecdsa-rdfc-2019', issuerSigner],
    ['eddsa-rdfc-2022', ed25519Signer],
  ] as const)('%s: is read and verified as issued', async (suite, signer) => {
    const order = { uri: `${ISSUER}/lists/498861-1.suspension`, purpose: 'suspension' } as const;
    const parsed = parseBitstringList(await issue(order, signer));
    expect(parsed).toMatchObject({
      issuer: DID,
      kid: signer.kid,
      alg: signer.alg,
      cryptosuite: suite,
      ...order,
      issuedAt: HOUR,
      expiresAt: addHours(HOUR, 98),
      encodedList: ENCODED,
    });
    expect(await verifyBitstringList(parsed, signer.publicJwk)).toBe(true);
    expect(await verifyBitstringList(parsed, strangerSigner.publicJwk)).toBe(false);
    const other = signer === issuerSigner ? ed25519Signer : issuerSigner;
    expect(await verifyBitstringList(parsed, other.publicJwk)).toBe(false);
  });

  it('has the shape of the standard (Bitstring Status List, section 2.2), with ttl in milliseconds', async () => {
    const { proof, ...credential } = JSON.parse(issued);
    expect(credential).toEqual({
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      id: URI,
      type: ['VerifiableCredential', 'BitstringStatusListCredential'],
      issuer: DID,
      validFrom: formatInstant(HOUR),
      validUntil: formatInstant(addHours(HOUR, 98)),
      credentialSubject: {
        id: `${URI}#list`,
        type: 'BitstringStatusList',
        statusPurpose: 'revocation',
        encodedList: ENCODED,
        ttl: 300_000,
      },
    });
    expect(proof).toMatchObject({
      created: formatInstant(HOUR),
      verificationMethod: `${DID}#${issuerSigner.kid}`,
      proofPurpose: 'assertionMethod',
    });
    // Every name is one of the bundled context: what were not would not be signed.
    const quads = await cryptosuite.canonize(credential, { documentLoader: loaderFor({}) });
    expect(quads.trim().split('\n')).toHaveLength(10);
    expect(quads).not.toContain('_:');
  });

  it.each<[string, Partial<BitstringListOrder>]>([
    ['the URI of the other purpose', { purpose: 'suspension' }],
    ['the URI of a token list', { uri: `${ISSUER}/lists/498861` }],
    ['a URI that is none', { uri: 'lists/498861.revocation' }],
    ['an end before its begin', { expiresAt: HOUR }],
    ['no time to live', { ttlSeconds: 0 }],
    ['a list that is not encoded', { encodedList: 'H4sI+' }],
    ['a did of another method', { did: 'did:key:z6Mk' }],
    ['more than a reader takes', { encodedList: `u${'A'.repeat(LIMITS.statusListTokenBytes)}` }],
  ])('REQ-STA-006 is not issued with %s', async (_, changes) => {
    await expect(issue(changes)).rejects.toThrow(malformed);
  });
});

describe('REQ-STA-006 there is one shape', () => {
  it.each<[string, string]>([
    ['the other purpose', changed({ subject: { statusPurpose: 'suspension' } })],
    ['two purposes', changed({ subject: { statusPurpose: ['revocation', 'suspension'] } })],
    ['a purpose of its own', changed({ subject: { statusPurpose: 'message' } })],
    ['the name of the other purpose', changed({ credential: { id: `${ISSUER}/lists/498861.suspension` } })],
    ['no id', changed({ credential: { id: undefined } })],
    ['a subject of another id', changed({ subject: { id: `${URI}#other` } })],
    ['another kind of subject', changed({ subject: { type: 'StatusList2021' } })],
    ['a size', changed({ subject: { statusSize: 2 } })],
    ['no ttl', changed({ subject: { ttl: undefined } })],
    ['a ttl that is a text', changed({ subject: { ttl: '300000' } })],
    ['another multibase', changed({ subject: { encodedList: ENCODED.replace('u', 'z') } })],
    ['an end before its begin', changed({ credential: { validUntil: formatInstant(HOUR) } })],
    ['no end', changed({ credential: { validUntil: undefined } })],
    ['an issuer object', changed({ credential: { issuer: { id: DID } } })],
    [
      'another context',
      changed({
        credential: { '@context': ['https://www.w3.org/ns/credentials/v2', 'https://evil.example/c'] },
      }),
    ],
    ['two subjects', changed({ credential: { credentialSubject: [{}, {}] } })],
    ['no proof', changed({ credential: { proof: undefined } })],
    ['two proofs', changed({ credential: { proof: [{}, {}] } })],
    ['another time of the proof', changed({ proof: { created: formatInstant(addHours(HOUR, 1)) } })],
    [
      'a key of another issuer',
      changed({ proof: { verificationMethod: `did:web:evil.example#${issuerSigner.kid}` } }),
    ],
    ['the purpose of a holder', changed({ proof: { proofPurpose: 'authentication' } })],
    ['another suite', changed({ proof: { cryptosuite: 'ecdsa-sd-2023' } })],
    ['a name twice', issued.replace('{', '{"id":"x",')],
    ['no JSON', issued.slice(1)],
    ['an array', `[${issued}]`],
  ])('%s', (_, text) => {
    expect(() => parseBitstringList(text)).toThrow(malformed);
  });

  it('REQ-STA-006 stops at the bound before it reads it', () => {
    const long = `${issued}${' '.repeat(LIMITS.statusListTokenBytes)}`;
    expect(() => parseBitstringList(long)).toThrow(
      expect.objectContaining({ code: 'status-list-malformed', bound: LIMITS.statusListTokenBytes }),
    );
  });

  it.each<[string, Json]>([
    ['a status', ['VerifiableCredential', 'StatusCredential']],
    ['nothing', []],
  ])('REQ-DEC-020 a credential of %s is no list', (_, type) => {
    expect(() => parseBitstringList(changed({ credential: { type } }))).toThrow(
      expect.objectContaining({ code: 'type-unexpected' }),
    );
  });
});

describe('REQ-SIG-001 whatever is changed, the proof does not hold', () => {
  it.each<[string, string]>([
    ['the list', changed({ subject: { encodedList: `${ENCODED}A` } })],
    ['the ttl', changed({ subject: { ttl: 300_001 } })],
    ['the end', changed({ credential: { validUntil: formatInstant(addHours(HOUR, 99)) } })],
    [
      'the times',
      changed({
        credential: { validFrom: formatInstant(addHours(HOUR, 1)) },
        proof: { created: formatInstant(addHours(HOUR, 1)) },
      }),
    ],
    ['the name', issued.replaceAll('498861', '498862')],
    ['the purpose', issued.replaceAll('revocation', 'suspension')],
    ['the region', issued.replaceAll(DID, 'did:web:evil.example')],
    ['the signature', changed({ proof: { proofValue: `z${'2'.repeat(88)}` } })],
  ])('%s', async (_, text) => {
    expect(await verifyBitstringList(parseBitstringList(text), issuerSigner.publicJwk)).toBe(false);
  });
});
