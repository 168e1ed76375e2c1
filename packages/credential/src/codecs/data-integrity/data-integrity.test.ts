import { fromJwk } from '@digitalbazaar/ecdsa-multikey';
import { cryptosuite } from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import { generate } from '@digitalbazaar/ed25519-multikey';
import { multikeyOf } from '@symbolon/keys/multikey';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { decodeBase64url } from '@symbolon/protocol/base64url';
import { SymbolonError } from '@symbolon/protocol/errors';
import { addSeconds } from '@symbolon/protocol/instant';
import { isJsonObject, type Json, type JsonObject } from '@symbolon/protocol/strict-json';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { IN_PERSON_AUDIENCE, windowNonce } from '../../model/in-person.ts';
import {
  CARD,
  CLAIMS,
  DID,
  ed25519Signer,
  HOUR,
  holderSigner,
  ISSUER,
  issuerSigner,
  SHOWN_AT,
  strangerSigner,
  UNLISTED,
} from '../../testing/sample.ts';
import { loaderFor } from './contexts.ts';
import {
  issueDataIntegrity,
  parseDataIntegrity,
  presentDataIntegrity,
  verifyDataIntegrity,
  verifyDataIntegrityBinding,
} from './index.ts';

const code = (name: string) => expect.objectContaining({ code: name });
const mint = (claims = UNLISTED, signer = issuerSigner) =>
  issueDataIntegrity({ did: DID, kid: signer.kid, claims, signer, random: insecureRandomFromSeed('di') });
const show = (credential: string, holder = holderSigner) =>
  presentDataIntegrity({
    credential,
    audience: IN_PERSON_AUDIENCE,
    nonce: windowNonce(SHOWN_AT),
    now: SHOWN_AT,
    holder,
  });

let issued: string;
let shown: string;
beforeAll(async () => {
  issued = await mint();
  shown = await show(issued);
});

function objectOf(text: string): JsonObject {
  const value: Json = JSON.parse(text);
  if (!isJsonObject(value)) throw new Error('no object');
  return value;
}

function entryJson(list: string, purpose: string, index = '713442'): Json {
  return {
    id: `${list}#${index}`,
    type: 'BitstringStatusListEntry',
    statusPurpose: purpose,
    statusListIndex: index,
    statusListCredential: list,
  };
}

/** The document with the value at a dotted path set, or taken out. */
function changed(text: string, path: string, value: Json | undefined): string {
  const names = path.split('.');
  const set = (at: unknown, depth: number): unknown => {
    const name = names[depth] ?? '';
    if (depth === names.length) return value;
    if (Array.isArray(at)) return at.map((item, i) => (String(i) === name ? set(item, depth + 1) : item));
    if (!isJsonObject(at)) throw new Error(`nothing at ${path}`);
    return { ...at, [name]: set(at[name], depth + 1) };
  };
  return JSON.stringify(set(objectOf(text), 0));
}

describe('a minted credential', () => {
  it.each([
    ['ecdsa-rdfc-2019', issuerSigner],
    ['eddsa-rdfc-2022', ed25519Signer],
  ] as const)('%s: is read and verified as minted', async (suite, signer) => {
    const claims = { ...UNLISTED, sampledAt: addSeconds(HOUR, -60), via: 'DE-BY', contested: true };
    const parsed = parseDataIntegrity(await mint(claims, signer));
    expect(parsed).toMatchObject({ issuer: DID, kid: signer.kid, cryptosuite: suite, alg: signer.alg });
    expect(parsed.claims).toEqual(claims);
    expect(parsed.presentation).toBeUndefined();
    expect(await verifyDataIntegrity(parsed, signer.publicJwk)).toBe(true);
    expect(await verifyDataIntegrity(parsed, strangerSigner.publicJwk)).toBe(false);
    const other = signer === issuerSigner ? ed25519Signer : issuerSigner;
    expect(await verifyDataIntegrity(parsed, other.publicJwk)).toBe(false);
    expect(await verifyDataIntegrityBinding(parsed)).toBe(false);
  });

  it('marks nobody: no id, a rounded time, a single blank node', async () => {
    const { proof, ...credential } = objectOf(issued);
    expect(credential).not.toHaveProperty('id');
    expect(proof).toMatchObject({ created: credential['validFrom'] });
    const quads = await cryptosuite.canonize(credential, { documentLoader: loaderFor({}) });
    expect(new Set(quads.match(/_:\w+/g))).toEqual(new Set(['_:c14n0']));
    expect(quads.trim().split('\n')).toHaveLength(11);
  });

  it('a bearer has a random uuid and no key', async () => {
    const text = await mint(CARD);
    expect(objectOf(text)['credentialSubject']).toMatchObject({
      id: expect.stringMatching(/^urn:uuid:[0-9a-f-]{36}$/),
      bearer: true,
    });
    const parsed = parseDataIntegrity(text);
    expect(parsed.claims).toEqual(CARD);
    expect(await verifyDataIntegrity(parsed, issuerSigner.publicJwk)).toBe(true);
  });

  it('REQ-STA-008 points to its entry in two lists, and still marks nobody by a blank node', async () => {
    const text = await mint(CLAIMS);
    const { proof: _, ...credential } = objectOf(text);
    const entry = (purpose: string) => ({
      id: `${ISSUER}/lists/498861.${purpose}#713442`,
      type: 'BitstringStatusListEntry',
      statusPurpose: purpose,
      statusListIndex: '713442',
      statusListCredential: `${ISSUER}/lists/498861.${purpose}`,
    });
    expect(credential['credentialStatus']).toEqual([entry('revocation'), entry('suspension')]);
    const parsed = parseDataIntegrity(text);
    expect(parsed.claims).toEqual(CLAIMS);
    expect(await verifyDataIntegrity(parsed, issuerSigner.publicJwk)).toBe(true);
    const quads = await cryptosuite.canonize(credential, { documentLoader: loaderFor({}) });
    expect(new Set(quads.match(/_:\w+/g))).toEqual(new Set(['_:c14n0']));
    expect(quads.trim().split('\n')).toHaveLength(21);
  });

  it('REQ-SIG-001 both entries moved together: the proof does not hold', async () => {
    const text = (await mint(CLAIMS)).replaceAll('713442', '713443');
    const parsed = parseDataIntegrity(text);
    expect(parsed.claims.statusEntry?.idx).toBe(713_443);
    expect(await verifyDataIntegrity(parsed, issuerSigner.publicJwk)).toBe(false);
  });

  const list = `${ISSUER}/lists/498861`;
  it.each<[string, string, Json | undefined]>([
    ['another index in one of them', '1.statusListIndex', '713443'],
    ['another index and id in one of them', '1', entryJson(`${list}.suspension`, 'suspension', '1')],
    ['another list', '1', entryJson(`${ISSUER}/lists/498862.suspension`, 'suspension')],
    ['a list of another name', '0', entryJson(`${list}.other`, 'revocation')],
    ['the other purpose', '0.statusPurpose', 'suspension'],
    ['the list of the other purpose', '0', entryJson(`${list}.suspension`, 'revocation')],
    ['an index that is a number', '0.statusListIndex', 713_442],
    ['an index with a sign', '0.statusListIndex', '+713442'],
    ['an index with a zero before it', '0.statusListIndex', '0713442'],
    ['an id of another entry', '0.id', `${list}.revocation#1`],
    ['no id', '0.id', undefined],
    ['a size', '0.statusSize', 2],
    ['a list that is no https URL', '0.statusListCredential', 'did:web:x'],
    ['another type', '0.type', 'StatusList2021Entry'],
  ])('REQ-DEC-021 is refused with %s', async (_, path, value) => {
    const text = changed(await mint(CLAIMS), `credentialStatus.${path}`, value);
    expect(() => parseDataIntegrity(text)).toThrowError(code('claims-malformed'));
  });

  it('REQ-DEC-021 is refused with one entry, three, none, or in another order', async () => {
    const text = await mint(CLAIMS);
    const entries = objectOf(text)['credentialStatus'];
    const [first, second] = Array.isArray(entries) ? entries : [];
    if (first === undefined || second === undefined) return expect.unreachable();
    for (const value of [[first], [first, second, second], [], [second, first], first]) {
      const other = changed(text, 'credentialStatus', value);
      expect(() => parseDataIntegrity(other)).toThrowError(code('claims-malformed'));
    }
    const outside = [`${list}.revocation`, `${list}.suspension`] as const;
    const beyond = [
      entryJson(outside[0], 'revocation', '1048576'),
      entryJson(outside[1], 'suspension', '1048576'),
    ];
    expect(() => parseDataIntegrity(changed(text, 'credentialStatus', beyond))).toThrowError(
      code('claims-malformed'),
    );
  });

  it.each([
    ['a key and bearer', { ...UNLISTED, bearer: true }],
    ['neither', { ...CARD, bearer: false }],
    ['a level that is no name', { ...UNLISTED, level: 'GREEN' }],
  ])('is not made of %s', async (_, claims) => {
    await expect(mint(claims)).rejects.toThrowError(code('claims-malformed'));
  });

  it('keys are written as the library of Digital Bazaar writes them', async () => {
    const { d: _, ...jwk } = insecurePrivateKeyFromSeed('ES256', 'issuer');
    expect((await fromJwk({ jwk })).publicKeyMultibase).toBe(multikeyOf(issuerSigner.publicJwk));
    const { d } = insecurePrivateKeyFromSeed('EdDSA', 'ed25519');
    const pair = await generate({ id: 'x', controller: 'x', seed: decodeBase64url(d) });
    expect(pair.publicKeyMultibase).toBe(multikeyOf(ed25519Signer.publicJwk));
  });
});

describe('REQ-BND-001 a presentation proves possession of the key', () => {
  it('for audience, nonce and time', async () => {
    const parsed = parseDataIntegrity(shown);
    expect(parsed.presentation).toMatchObject({
      challenge: `w.${SHOWN_AT}`,
      domain: 'urn:symbolon:in-person',
      created: SHOWN_AT,
    });
    expect(await verifyDataIntegrityBinding(parsed)).toBe(true);
    expect(await verifyDataIntegrity(parsed, issuerSigner.publicJwk)).toBe(true);
  });

  it('with an Ed25519 key', async () => {
    const claims = { ...UNLISTED, holderKey: ed25519Signer.publicJwk };
    const parsed = parseDataIntegrity(await show(await mint(claims), ed25519Signer));
    expect(await verifyDataIntegrityBinding(parsed)).toBe(true);
  });

  it('REQ-BND-003 is not made with another key, or of a card, or of a presentation', async () => {
    await expect(show(issued, strangerSigner)).rejects.toThrowError(code('binding-signature'));
    await expect(show(await mint(CARD))).rejects.toThrowError(code('binding-signature'));
    await expect(show(shown)).rejects.toThrowError(code('binding-malformed'));
  });

  it.each<[string, string, Json]>([
    ['the challenge', 'proof.challenge', 'w.1'],
    ['the domain', 'proof.domain', 'urn:other'],
    ['the time', 'proof.created', '2026-11-21T21:20:35Z'],
    ['the level', 'verifiableCredential.0.credentialSubject.level', 'red'],
    ['a bit of the credential’s proof', 'verifiableCredential.0.proof.proofValue', `z${'1'.repeat(64)}`],
  ])('REQ-BND-003 does not hold when %s is changed', async (_, path, value) => {
    const text = changed(shown, path, value);
    expect(await verifyDataIntegrityBinding(parseDataIntegrity(text))).toBe(false);
  });

  it.each<[string, string, Json | undefined]>([
    ['no proof', 'proof', undefined],
    ['two proofs', 'proof', [{}, {}]],
    ['another holder', 'holder', `did:key:${multikeyOf(strangerSigner.publicJwk)}`],
    ['another method', 'proof.verificationMethod', `did:web:x#${multikeyOf(strangerSigner.publicJwk)}`],
    ['another suite', 'proof.cryptosuite', 'eddsa-rdfc-2022'],
    ['the purpose of an issuer', 'proof.proofPurpose', 'assertionMethod'],
    ['no challenge', 'proof.challenge', undefined],
    ['two domains', 'proof.domain', ['urn:symbolon:in-person', 'urn:other']],
    ['no credential', 'verifiableCredential', []],
    ['a credential that is no object', 'verifiableCredential', ['x']],
    ['an unknown name', 'id', 'urn:x'],
    ['a second type', 'type', ['VerifiablePresentation', 'Other']],
    [
      'the contexts of a credential',
      '@context',
      ['https://www.w3.org/ns/credentials/v2', 'https://symbolon.example/contexts/status/v1'],
    ],
  ])('REQ-BND-002 is refused with %s', (_, path, value) => {
    expect(() => parseDataIntegrity(changed(shown, path, value))).toThrowError(code('binding-malformed'));
  });

  it('REQ-BND-002 is refused with two credentials, and around a card', async () => {
    const { verifiableCredential } = objectOf(shown);
    if (!Array.isArray(verifiableCredential)) throw new Error('no credential');
    const twice = changed(shown, 'verifiableCredential', [...verifiableCredential, ...verifiableCredential]);
    expect(() => parseDataIntegrity(twice)).toThrowError(code('binding-malformed'));
    const card = changed(shown, 'verifiableCredential', [objectOf(await mint(CARD))]);
    expect(() => parseDataIntegrity(card)).toThrowError(code('binding-malformed'));
  });
});

describe('REQ-SIG-001 whatever is changed, the proof does not hold', () => {
  it.each<[string, Json]>([
    ['validUntil', '2027-11-22T03:00:00Z'],
    ['credentialSubject.level', 'red'],
    ['credentialSubject.rule', 'exposure-14d@4'],
    ['credentialSubject.authority', 'transport'],
    ['credentialSubject.assurance', 'low'],
    ['credentialSubject.scheme', 'urn:symbolon:test:1'],
    ['credentialSubject.contested', true],
    ['credentialSubject.at', '2026-11-21T20:00:00Z'],
    ['credentialSubject.via', 'DE-BY'],
    ['credentialSubject.id', `did:key:${multikeyOf(strangerSigner.publicJwk)}`],
    ['proof.proofValue', `z${'1'.repeat(64)}`],
    ['proof.proofValue', `z${'2'.repeat(88)}`],
  ])('%s', async (path, value) => {
    const parsed = parseDataIntegrity(changed(issued, path, value));
    expect(await verifyDataIntegrity(parsed, issuerSigner.publicJwk)).toBe(false);
  });

  it('a proof of another kind of key does not make the library reject unseen', async () => {
    const parsed = parseDataIntegrity(changed(issued, 'proof.cryptosuite', 'eddsa-rdfc-2022'));
    expect(await verifyDataIntegrity(parsed, ed25519Signer.publicJwk)).toBe(false);
  });
});

describe('REQ-DEC-021 there is one shape', () => {
  it.each<[string, string, string, Json | undefined]>([
    ['claims-malformed', 'an id', 'id', 'urn:uuid:1'],
    ['claims-malformed', 'a status', 'credentialStatus', { id: 'x', type: 'BitstringStatusListEntry' }],
    ['claims-malformed', 'an unknown term', 'credentialSubject.name', 'Erika'],
    ['claims-malformed', 'a context within', 'credentialSubject.@context', { level: 'urn:x' }],
    ['claims-malformed', 'an aliased id', 'credentialSubject.@id', 'urn:x'],
    ['claims-malformed', 'two subjects', 'credentialSubject', [{}, {}]],
    ['claims-malformed', 'an issuer object', 'issuer', { id: DID }],
    ['claims-malformed', 'an issuer of another method', 'issuer', 'did:key:z6Mk'],
    ['claims-malformed', 'a fraction of a second', 'validFrom', '2026-11-21T21:00:00.0Z'],
    ['claims-malformed', 'bearer beside a key', 'credentialSubject.bearer', true],
    ['claims-malformed', 'bearer false', 'credentialSubject.bearer', false],
    [
      'claims-malformed',
      'a subject that is no key',
      'credentialSubject.id',
      'urn:uuid:00000000-0000-4000-8000-000000000000',
    ],
    [
      'claims-malformed',
      'a key of another curve',
      'credentialSubject.id',
      'did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme',
    ],
    ['claims-malformed', 'a scheme that is no vct', 'credentialSubject.scheme', 'health'],
    ['claims-malformed', 'a level in two languages', 'credentialSubject.level', { '@value': 'green' }],
    [
      'claims-malformed',
      'the contexts in another order',
      '@context',
      ['https://symbolon.example/contexts/status/v1', 'https://www.w3.org/ns/credentials/v2'],
    ],
    ['claims-malformed', 'one context', '@context', 'https://www.w3.org/ns/credentials/v2'],
    ['claims-malformed', 'a third type', 'type', ['VerifiableCredential', 'StatusCredential', 'Other']],
    ['type-unexpected', 'another type', 'type', ['VerifiableCredential']],
    ['type-unexpected', 'no type', 'type', undefined],
    ['proof-malformed', 'no proof', 'proof', undefined],
    ['proof-malformed', 'two proofs', 'proof', [{}, {}]],
    ['proof-malformed', 'a time of its own', 'proof.created', '2026-11-21T21:00:01Z'],
    [
      'proof-malformed',
      'a key of another issuer',
      'proof.verificationMethod',
      `did:web:evil.example#${issuerSigner.kid}`,
    ],
    ['proof-malformed', 'a method that is no kid', 'proof.verificationMethod', `${DID}#key-1`],
    ['proof-malformed', 'another suite', 'proof.cryptosuite', 'ecdsa-jcs-2019'],
    ['proof-malformed', 'the purpose of a holder', 'proof.proofPurpose', 'authentication'],
    ['proof-malformed', 'an expiry', 'proof.expires', '2027-11-21T21:00:00Z'],
    ['proof-malformed', 'another multibase', 'proof.proofValue', `u${'A'.repeat(86)}`],
  ])('%s: %s', (expected, _, path, value) => {
    expect(() => parseDataIntegrity(changed(issued, path, value))).toThrowError(code(expected));
  });

  it.each<[string, string]>([
    ['json-malformed', 'x'],
    ['presentation-unrecognised', '[]'],
    ['presentation-unrecognised', '{}'],
    ['json-duplicate-name', '{"@context":[],"@context":[]}'],
    ['presentation-too-large', `"${'x'.repeat(16 * 1024)}"`],
  ])('%s: %.40s', (expected, text) => {
    expect(() => parseDataIntegrity(text)).toThrowError(code(expected));
  });

  it('binding-malformed: a presentation with more than it may have, also what has no canonical form', () => {
    for (const more of ['x', 1, 1.5, 1e300]) {
      expect(() => parseDataIntegrity(changed(shown, 'more', more))).toThrowError(code('binding-malformed'));
    }
  });

  it.each<[string, Json]>([
    ['another URL', ['https://www.w3.org/ns/credentials/v2', 'https://evil.example/context']],
    ['the old contexts', ['https://www.w3.org/2018/credentials/v1']],
    ['an inline context', ['https://www.w3.org/ns/credentials/v2', { level: 'urn:x' }]],
    ['null', null],
  ])('REQ-DEC-024 a context that is not bundled is refused: %s', async (_, contexts) => {
    expect(() => parseDataIntegrity(changed(issued, '@context', contexts))).toThrowError(
      code('context-unbundled'),
    );
    const within = changed(shown, 'verifiableCredential.0.@context', contexts);
    expect(() => parseDataIntegrity(within)).toThrowError(code('context-unbundled'));
  });

  it('REQ-DEC-024 the loader knows nothing else, and fetches nothing', async () => {
    const load = loaderFor({ 'urn:a': { id: 'a' } });
    expect(await load('urn:a')).toMatchObject({ document: { id: 'a' } });
    for (const url of ['https://www.w3.org/2018/credentials/v1', 'constructor', 'urn:b']) {
      await expect(load(url)).rejects.toThrowError(code('context-unbundled'));
    }
  });
});

describe('REQ-BND-010 the identity of a showing', () => {
  it('changes with what is signed, and not with the outermost signature or the order of names', async () => {
    const { identity } = parseDataIntegrity(shown);
    const other = parseDataIntegrity(await show(issued));
    expect(other.presentation?.document['proof']).not.toEqual(objectOf(shown)['proof']);
    expect(other.identity).toBe(identity);
    const reordered = JSON.stringify(Object.fromEntries(Object.entries(objectOf(shown)).reverse()));
    expect(parseDataIntegrity(reordered).identity).toBe(identity);
    const later = await presentDataIntegrity({
      credential: issued,
      audience: IN_PERSON_AUDIENCE,
      nonce: windowNonce(addSeconds(SHOWN_AT, 1)),
      now: addSeconds(SHOWN_AT, 1),
      holder: holderSigner,
    });
    expect(parseDataIntegrity(later).identity).not.toBe(identity);
  });
});

describe('fuzz: what is accepted says what was signed', () => {
  it('a changed character is refused, does not verify, or changes nothing that is said', async () => {
    const original = parseDataIntegrity(shown);
    const chars = fc.constantFrom(...'AaZz019-_.:#{}[]",@ \\');
    await fc.assert(
      fc.asyncProperty(fc.nat(shown.length - 1), chars, async (at, char) => {
        fc.pre(shown[at] !== char);
        let parsed: typeof original;
        try {
          parsed = parseDataIntegrity(shown.slice(0, at) + char + shown.slice(at + 1));
        } catch (error) {
          expect(error).toBeInstanceOf(SymbolonError);
          return;
        }
        const accepted =
          (await verifyDataIntegrity(parsed, issuerSigner.publicJwk)) &&
          (await verifyDataIntegrityBinding(parsed));
        expect(accepted && parsed.identity !== original.identity).toBe(false);
      }),
      { seed: 20, numRuns: 800 },
    );
  });
});
