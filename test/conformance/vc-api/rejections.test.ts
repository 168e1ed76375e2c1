import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Json, JsonObject } from '@symbolon/protocol/strict-json';
import { describe, expect, it } from 'vitest';
import { problemOf } from './client.ts';
import { CREDENTIALS_V2 } from './contexts.ts';
import { EDDSA, unsigned, useServer } from './testing.ts';

/** What does not conform is refused with 400, for the reason that it is wrong. */
const { issue, issued, verify, verifyPresentation } = useServer();
const EXAMPLES = 'https://www.w3.org/ns/credentials/examples/v2';
const EXAMPLES_FILE = readFileSync(new URL('./contexts/examples-v2.json', import.meta.url));
const digestOf = (algorithm: string) => createHash(algorithm).update(EXAMPLES_FILE).digest();
const SRI = `sha384-${digestOf('sha384').toString('base64')}`;
const BARE = `u${digestOf('sha256').toString('base64url')}`;
const MULTIHASH = `u${Buffer.concat([Uint8Array.of(0x12, 0x20), digestOf('sha256')]).toString('base64url')}`;
const V2_DIGEST =
  'u' +
  Buffer.from('59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734', 'hex').toString(
    'base64url',
  );
const UNSIGNABLE = 'Not everything in the credential can be signed';
const DIGEST = 'The digest of a related resource is not that of the resource';
const ID = 'https://example.org/1';

describe('what is issued', () => {
  it.each<[string, JsonObject]>([
    [
      'an inline context',
      {
        '@context': [CREDENTIALS_V2, { Own: 'https://example.org/#Own' }],
        type: ['Own', 'VerifiableCredential'],
      },
    ],
    [
      'W3C’s examples',
      { '@context': [CREDENTIALS_V2, EXAMPLES], type: ['VerifiableCredential', 'AnyCredential'] },
    ],
    ['a type that is a URL', { type: ['VerifiableCredential', 'https://example.org/#Own'] }],
    ['several subjects', { credentialSubject: [{ id: ID }, { name: 'A' }] }],
    ['an issuer object', { issuer: { id: EDDSA, name: [{ '@value': 'Hund', '@language': 'de' }] } }],
    [
      'words with language and direction',
      { description: { '@value': 'a', '@language': 'en', '@direction': 'ltr' } },
    ],
    ['fractions and offsets of time', { validFrom: '2026-02-28T19:10:39.447-06:00' }],
    ['29 February', { validFrom: '2024-02-29T00:00:00Z' }],
    [
      'schemas, a refresh service, terms of use',
      {
        credentialSchema: [{ id: ID, type: 'https://example.org/#S' }],
        refreshService: { id: ID, type: 'https://example.org/#R' },
        termsOfUse: { type: 'https://example.org/#T' },
      },
    ],
    ['a related resource by SRI', { relatedResource: { id: EXAMPLES, digestSRI: SRI } }],
    [
      'by multihash, beside another',
      {
        relatedResource: [
          { id: EXAMPLES, digestMultibase: MULTIHASH },
          { id: CREDENTIALS_V2, digestMultibase: V2_DIGEST },
        ],
      },
    ],
    [
      'by a bare SHA-256',
      { relatedResource: [{ id: EXAMPLES, digestMultibase: BARE, mediaType: 'application/ld+json' }] },
    ],
  ])('%s', async (_, more) => {
    const reply = await issue('eddsa', unsigned(EDDSA, more));
    expect([reply.status, problemOf(reply)]).toEqual([201, [undefined, undefined]]);
    expect((await verify(await issued('eddsa', unsigned(EDDSA, more)))).status).toBe(200);
  });
});

describe('what is not issued', () => {
  const { issuer: _, ...noIssuer } = unsigned(EDDSA);
  const { '@context': __, ...noContext } = unsigned(EDDSA);
  const { type: ___, ...noType } = unsigned(EDDSA);
  const { credentialSubject: ____, ...noSubject } = unsigned(EDDSA);
  const bad = (path: string) => `Not as specified: ${path}`;
  const status = {
    type: 'BitstringStatusListEntry',
    statusPurpose: 'revocation',
    statusListIndex: '1',
    statusListCredential: ID,
  };

  it.each<[string, Json, string]>([
    ['a string for an object', JSON.stringify(unsigned(EDDSA)), 'The credential is no object'],
    ['null', null, 'The credential is no object'],
    ['an array', [unsigned(EDDSA)], 'The credential is no object'],
    ['no context', noContext, bad('@context')],
    ['no issuer', noIssuer, bad('issuer')],
    ['no type', noType, bad('type')],
    ['no subject', noSubject, bad('credentialSubject')],
  ])('%s', async (_name, credential, detail) => {
    const reply = await issue('eddsa', credential);
    expect([reply.status, problemOf(reply)[1]]).toEqual([400, detail]);
  });

  it.each<[string, JsonObject, string]>([
    ['the base context second', { '@context': [EXAMPLES, CREDENTIALS_V2] }, bad('@context')],
    ['a context that is a number', { '@context': [CREDENTIALS_V2, 1] }, bad('@context.1')],
    ['a context that is no URL', { '@context': [CREDENTIALS_V2, 'https ://a'] }, bad('@context.1')],
    ['a context that is not bundled', { '@context': [CREDENTIALS_V2, 'https://example.com'] }, UNSIGNABLE],
    [
      'a term of the base context redefined',
      { '@context': [CREDENTIALS_V2, { VerifiableCredential: 'https://example.org/#Bad' }] },
      UNSIGNABLE,
    ],
    ['no vocabulary for a type', { type: ['VerifiableCredential', 'Unknown'] }, UNSIGNABLE],
    [
      'a type that maps to no URL',
      { '@context': [CREDENTIALS_V2, { Own: 'https ://a#Own' }], type: ['VerifiableCredential', 'Own'] },
      UNSIGNABLE,
    ],
    ['another type only', { type: ['https://example.org/#Own'] }, bad('type')],
    ['an undefined term', { undefinedTerm: 'x' }, UNSIGNABLE],
    ['an undefined term in the subject', { credentialSubject: { id: ID, undefinedTerm: 'x' } }, UNSIGNABLE],
    ['an id that is null', { id: null }, bad('id')],
    ['an id that is no URL', { id: 'https ://not-a-url/1' }, bad('id')],
    ['two ids', { id: [ID, `${ID}2`] }, bad('id')],
    ['an issuer that is null', { issuer: null }, bad('issuer')],
    ['an issuer that is no URL', { issuer: 'fake-issuer' }, bad('issuer')],
    ['an issuer object without id', { issuer: { name: 'A' } }, bad('issuer')],
    ['a subject without claims', { credentialSubject: {} }, bad('credentialSubject')],
    [
      'one of two subjects without claims',
      { credentialSubject: [{ id: ID }, {}] },
      bad('credentialSubject.1'),
    ],
    ['a subject with two ids', { credentialSubject: { id: [ID, ID] } }, bad('credentialSubject')],
    [
      'a name with more than a language',
      { name: { '@value': 'A', '@language': 'en', url: ID } },
      bad('name'),
    ],
    ['a time in words', { validFrom: 'Sat 25 Feb 2023 07:16:31 PM CST' }, bad('validFrom')],
    ['a time without offset', { validFrom: '2026-02-25T19:10:39' }, bad('validFrom')],
    ['30 February', { validUntil: '2026-02-30T00:00:00Z' }, bad('validUntil')],
    ['a date alone', { validUntil: '2026-02-25' }, bad('validUntil')],
    [
      'a validity that ends first',
      { validFrom: '2026-01-02T00:00:00Z', validUntil: '2026-01-02T00:00:00+01:00' },
      'The validity ends before it begins',
    ],
    ['a status without type', { credentialStatus: { id: ID } }, bad('credentialStatus')],
    ['a status whose type is a number', { credentialStatus: { id: ID, type: 2 } }, bad('credentialStatus')],
    [
      'a status with two ids',
      { credentialStatus: { id: [ID, ID], type: 'https://example.org/#S' } },
      bad('credentialStatus'),
    ],
    [
      'a list index that is a number',
      { credentialStatus: { ...status, statusListIndex: 1 } },
      bad('statusListIndex'),
    ],
    [
      'a list index that is negative',
      { credentialStatus: { ...status, statusListIndex: '-1' } },
      bad('statusListIndex'),
    ],
    ['a status with the id of its list', { credentialStatus: { ...status, id: ID } }, bad('id')],
    ['two bits without messages', { credentialStatus: { ...status, statusSize: 2 } }, bad('statusMessage')],
    ['a schema without type', { credentialSchema: { id: ID } }, bad('credentialSchema')],
    [
      'a schema without id',
      { credentialSchema: { type: 'https://example.org/#S' } },
      bad('credentialSchema'),
    ],
    [
      'a schema whose id is no URL',
      { credentialSchema: { id: 'https ://a', type: 'https://example.org/#S' } },
      bad('credentialSchema.id'),
    ],
    ['a refresh service without type', { refreshService: { id: ID } }, bad('refreshService')],
    ['terms of use without type', { termsOfUse: {} }, bad('termsOfUse')],
    ['evidence without type', { evidence: [{}] }, bad('evidence')],
    ['a related resource that is a text', { relatedResource: [EXAMPLES] }, bad('relatedResource')],
    ['one without id', { relatedResource: [{ digestSRI: SRI }] }, bad('relatedResource')],
    ['one without digest', { relatedResource: { id: EXAMPLES } }, bad('relatedResource')],
    [
      'one that is listed twice',
      {
        relatedResource: [
          { id: EXAMPLES, digestSRI: SRI },
          { id: EXAMPLES, digestMultibase: BARE },
        ],
      },
      'A related resource is listed twice',
    ],
    [
      'one with the digest of another',
      { relatedResource: { id: EXAMPLES, digestMultibase: V2_DIGEST } },
      DIGEST,
    ],
    [
      'one with one digest of two',
      { relatedResource: { id: EXAMPLES, digestSRI: SRI, digestMultibase: V2_DIGEST } },
      DIGEST,
    ],
    [
      'one with a digest that is none',
      { relatedResource: { id: EXAMPLES, digestSRI: 'sha384-AAAA' } },
      DIGEST,
    ],
    ['one that is not known', { relatedResource: { id: ID, digestSRI: SRI } }, DIGEST],
    ['a proof', { proof: {} }, 'The credential has a proof'],
  ])('%s', async (_name, more, detail) => {
    const reply = await issue('eddsa', unsigned(EDDSA, more));
    expect([reply.status, problemOf(reply)[1]]).toEqual([400, detail]);
  });
});

describe('what is not verified, whatever is checked', async () => {
  const HOLDS_NOT = 'A proof does not hold, or covers not all that is said';
  const bad = (path: string) => `Not as specified: ${path}`;
  type Change = (credential: JsonObject, proof: JsonObject) => Json;
  const withProof =
    (more: JsonObject): Change =>
    (credential, proof) => ({ ...credential, proof: { ...proof, ...more } });
  const without =
    (name: string): Change =>
    (credential, { [name]: _, ...proof }) => ({ ...credential, proof });
  const withMore =
    (more: JsonObject): Change =>
    (credential) => ({ ...credential, ...more });

  it.each<[string, Change, string]>([
    ['a string for an object', (credential) => JSON.stringify(credential), 'The credential is no object'],
    ['a proof that is null', withMore({ proof: null }), 'The proof is no object'],
    ['a proof that is a text', withMore({ proof: 'proof' }), 'The proof is no object'],
    ['no proof', ({ proof: _, ...credential }) => credential, 'There is no proof'],
    ['an empty set of proofs', withMore({ proof: [] }), 'There is no proof'],
    ['no type of the proof', without('type'), bad('type')],
    ['another type of proof', withProof({ type: 'UnknownProofType' }), bad('type')],
    ['no verification method', without('verificationMethod'), bad('verificationMethod')],
    [
      'a method that is no did:key',
      withProof({ verificationMethod: 'did:key:invalidVm' }),
      'The verification method is no did:key of P-256 or Ed25519',
    ],
    ['no purpose', without('proofPurpose'), bad('proofPurpose')],
    [
      'another purpose',
      withProof({ proofPurpose: 'authentication' }),
      'Another purpose, or a suite for other keys',
    ],
    ['an unknown purpose', withProof({ proofPurpose: 'invalidPurpose' }), bad('proofPurpose')],
    ['no cryptosuite', without('cryptosuite'), bad('cryptosuite')],
    ['an unknown cryptosuite', withProof({ cryptosuite: 'UnknownCryptosuite' }), bad('cryptosuite')],
    [
      'the cryptosuite of other keys',
      withProof({ cryptosuite: 'ecdsa-rdfc-2019' }),
      'Another purpose, or a suite for other keys',
    ],
    ['no value', without('proofValue'), bad('proofValue')],
    ['a value that is null', withProof({ proofValue: null }), bad('proofValue')],
    [
      'a value without multibase',
      (credential, proof) =>
        withProof({ proofValue: String(proof['proofValue']).slice(1) })(credential, proof),
      bad('proofValue'),
    ],
    ['another value', withProof({ proofValue: `z${'2'.repeat(88)}` }), HOLDS_NOT],
    ['a time of the proof that is none', withProof({ created: 'invalidDate' }), bad('created')],
    ['a time of the proof without offset', withProof({ created: '2026-11-21T21:00:00' }), bad('created')],
    ['another time of the proof', withProof({ created: '2026-11-21T20:00:00Z' }), HOLDS_NOT],
    ['an end of the proof that is none', withProof({ expires: 'invalidDate' }), bad('expires')],
    ['an end of the proof that was not signed', withProof({ expires: '2030-01-01T00:00:00Z' }), HOLDS_NOT],
    [
      'a dangling previous proof',
      withProof({ previousProof: 'urn:uuid:38329423-2179-4b2e-88cb-a7c7d9dc4544' }),
      'A previous proof is missing',
    ],
    ['an undefined term', withMore({ undefinedTerm: 'x' }), HOLDS_NOT],
    [
      'an undefined term in the subject',
      withMore({ credentialSubject: { id: 'did:example:subject', undefinedTerm: 'x' } }),
      HOLDS_NOT,
    ],
    ['an undefined term in the proof', withProof({ undefinedTerm: 'x' }), bad('(root)')],
    ['an undefined type', withMore({ type: ['VerifiableCredential', 'UndefinedType'] }), HOLDS_NOT],
    [
      'a base for relative names',
      withMore({
        '@context': [CREDENTIALS_V2, { '@base': 'https://invalid.example/' }],
        type: ['VerifiableCredential', 'UndefinedType'],
      }),
      HOLDS_NOT,
    ],
    ['a bad date', withMore({ validFrom: 'yesterday' }), bad('validFrom')],
    ['a refresh service without type', withMore({ refreshService: { id: ID } }), bad('refreshService')],
    ['a schema without type', withMore({ credentialSchema: { id: ID } }), bad('credentialSchema')],
    [
      'a broken related resource',
      withMore({ relatedResource: { id: EXAMPLES, digestSRI: 'sha384-AAAA' } }),
      DIGEST,
    ],
    [
      'another document',
      () => ({ type: ['NonconformingDocument'] }),
      bad('@context, type, issuer, credentialSubject'),
    ],
    [
      'an enveloped credential',
      () => ({
        '@context': [CREDENTIALS_V2],
        type: ['EnvelopedVerifiableCredential'],
        id: 'data:application/vc+jwt,e30.e30.',
      }),
      bad('type, issuer, credentialSubject'),
    ],
  ])('%s', async (_name, change, detail) => {
    const credential = await issued('eddsa', unsigned(EDDSA));
    const changed = change(credential, credential['proof'] as JsonObject);
    for (const options of [undefined, { checks: ['proof'] }]) {
      const reply = await verify(changed, options);
      expect([reply.status, reply.body['verified'], problemOf(reply)[1]]).toEqual([400, false, detail]);
    }
  });

  it.each<[string, Json]>([
    ['nothing', { checks: [] }],
    ['something unknown', { checks: ['proof', 'colour'] }],
    ['a text', { checks: 'proof' }],
  ])('a check of %s', async (_name, options) => {
    expect((await verify(await issued('eddsa', unsigned(EDDSA)), options)).status).toBe(400);
  });

  it.each<[string, Json, string]>([
    ['a string for a presentation', '{}', 'The presentation is no object'],
    ['no context', { type: ['VerifiablePresentation'] }, bad('@context')],
    [
      'the base context second',
      { '@context': [EXAMPLES, CREDENTIALS_V2], type: ['VerifiablePresentation'] },
      bad('@context'),
    ],
    ['no type', { '@context': [CREDENTIALS_V2] }, bad('type')],
    ['another type', { '@context': [CREDENTIALS_V2], type: ['VerifiableCredential'] }, bad('type')],
    [
      'an id that is no URL',
      { '@context': [CREDENTIALS_V2], type: ['VerifiablePresentation'], id: 'x' },
      bad('id'),
    ],
    [
      'a holder that is no URL',
      { '@context': [CREDENTIALS_V2], type: ['VerifiablePresentation'], holder: 'x' },
      bad('holder'),
    ],
    ['no proof', { '@context': [CREDENTIALS_V2], type: ['VerifiablePresentation'] }, 'There is no proof'],
    [
      'the proof of a credential',
      {
        ...unsigned(EDDSA),
        type: ['VerifiablePresentation'],
        proof: {
          type: 'DataIntegrityProof',
          cryptosuite: 'eddsa-rdfc-2022',
          verificationMethod: `${EDDSA}#${EDDSA.slice(8)}`,
          proofPurpose: 'assertionMethod',
          proofValue: `z${'2'.repeat(88)}`,
        },
      },
      'Another purpose, or a suite for other keys',
    ],
  ])('%s', async (_name, presentation, detail) => {
    const reply = await verifyPresentation(presentation, { challenge: 'c-1' });
    expect([reply.status, reply.body['verified'], problemOf(reply)[1]]).toEqual([400, false, detail]);
  });
});
