import type { StatusClaims } from '@symbolon/credential/model';
import { didKeyOf, multikeyOf } from '@symbolon/keys/multikey';
import type { Signer } from '@symbolon/keys/signer';
import type { Json, JsonObject } from '@symbolon/protocol/strict-json';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  expectAccepted,
  expectNotAuthentic,
  type Gate,
  summary,
  verdictAt,
} from '../support/expect-verdict.ts';
import type { FederationFixture } from '../support/federation-fixture.ts';
import {
  attacker,
  coming,
  ed25519,
  former,
  foundFederation,
  GATE,
  NOW,
  openedFrom,
} from '../support/verifier-federation.ts';
import {
  changed,
  DID,
  mintJsonLd,
  objectAt,
  presentAnything,
  presentJsonLd,
} from '../support/verifier-json-ld.ts';
import { holder, UNLISTED } from '../support/verifier-showings.ts';

/** Attack stories (style, 22) on JSON-LD: the same graph by other words, other words for the same names, more proofs than one. */

let fixture: FederationFixture;
let gate: Gate;
let issuer: Signer;
let credential: string;
let shown: string;

const FULL: StatusClaims = { ...UNLISTED, contested: true, via: 'CN-HA' };
const ANY = { accept: 'health.level in ["green", "amber", "red"]', onContested: 'accepted' as const };

beforeAll(async () => {
  fixture = await foundFederation();
  gate = { trust: (await openedFrom(fixture)).trust, policy: GATE, now: NOW };
  issuer = fixture.regions['CN-BJ'].credential;
  credential = await mintJsonLd(issuer);
  shown = await presentJsonLd(credential);
  await expectAccepted(shown, gate);
});

const V2 = 'https://www.w3.org/ns/credentials/v2';
const OURS = 'https://symbolon.example/contexts/status/v1';
const INSIDE = 'verifiableCredential.0';
const parsed = (text: string): Json => JSON.parse(text);

describe('REQ-DEC-024 a context that says what the names mean', () => {
  const redefined = {
    level: 'https://symbolon.example/vocabulary#authority',
    authority: 'https://symbolon.example/vocabulary#level',
  };

  it.each<[string, Json]>([
    ['terms of ours, the other way round', [V2, OURS, redefined]],
    ['the same, under protection', [V2, OURS, { '@protected': true, ...redefined }]],
    ['the same, before ours', [V2, redefined, OURS]],
    ['protection taken away', [V2, OURS, { '@protected': false }]],
    ['everything cleared first', [V2, OURS, null]],
    [
      'one that is imported',
      [V2, OURS, { '@version': 1.1, '@import': OURS, level: 'https://attacker.example/x' }],
    ],
    ['one that is propagated', [V2, OURS, { '@propagate': true, '@vocab': 'https://attacker.example/#' }]],
    ['a vocabulary for all that is unknown', [V2, OURS, { '@vocab': 'https://attacker.example/#' }]],
    ['a base', [V2, OURS, { '@base': 'https://attacker.example/' }]],
    ['keywords by other names', [V2, OURS, { id: '@type', type: '@id' }]],
    ['an object alone', { '@vocab': 'https://attacker.example/#' }],
    ['nothing', null],
    ['a number', 7],
    ['ours with something behind it', [V2, `${OURS}#`]],
    ['ours by another protocol', [V2, OURS.replace('https', 'http')]],
    ['ours in other letters', [V2, OURS.toUpperCase()]],
    ['a list in a list', [[V2, OURS]]],
  ])('%s', async (_, contexts) => {
    for (const path of ['@context', `${INSIDE}.@context`])
      await expectNotAuthentic(changed(shown, path, contexts), gate, 'context-unbundled');
    await expectNotAuthentic(changed(credential, '@context', contexts), gate, 'context-unbundled');
  });

  it.each<[string, string]>([
    ['REQ-DEC-021 in the subject', 'claims-malformed'],
    ['REQ-SIG-002 in the proof', 'proof-malformed'],
  ])('%s', async (where, code) => {
    const name = where.endsWith('proof') ? 'proof' : 'credentialSubject';
    for (const context of [redefined, [OURS], V2, null]) {
      const within = { '@context': context, ...objectAt(credential, name) };
      await expectNotAuthentic(changed(credential, name, within), gate, code);
      await expectNotAuthentic(changed(shown, `${INSIDE}.${name}`, within), gate, code);
    }
  });

  it('REQ-BND-002 in the holder’s proof, or a bundled one more around the presentation', async () => {
    const within = { '@context': redefined, ...objectAt(shown, 'proof') };
    await expectNotAuthentic(changed(shown, 'proof', within), gate, 'binding-malformed');
    await expectNotAuthentic(changed(shown, '@context', [V2, OURS]), gate, 'binding-malformed');
    await expectNotAuthentic(changed(shown, '@context', [V2, V2]), gate, 'binding-malformed');
    await expectNotAuthentic(changed(shown, '@context', V2), gate, 'binding-malformed');
  });
});

describe('the same graph in other words', () => {
  it.each<[string, string, Json]>([
    ['a keyword beside the names', '@id', 'urn:uuid:1'],
    ['its type by the keyword', '@type', ['VerifiableCredential']],
    ['a graph of its own', '@graph', [{ level: 'red' }]],
    ['something included', '@included', [{ level: 'red' }]],
    ['something nested', '@nest', { level: 'red' }],
    ['something reversed', '@reverse', { issuer: { id: 'did:web:cn-gd.symbolon.test' } }],
    ['an index', '@index', 'x'],
    ['a name by its whole address', 'urn:vocabulary:issuer', 'did:web:cn-gd.symbolon.test'],
    ['a prototype', 'constructor', { prototype: { level: 'green' } }],
    ['evidence', 'evidence', { type: 'Evidence' }],
    ['a schema', 'credentialSchema', { id: 'https://attacker.example/schema', type: 'JsonSchema' }],
    ['a service to refresh it', 'refreshService', { type: 'x' }],
    ['terms of use', 'termsOfUse', { type: 'x' }],
    ['a related resource', 'relatedResource', []],
  ])('REQ-DEC-021 with %s', async (_, name, value) => {
    await expectNotAuthentic(changed(shown, `${INSIDE}.${name}`, value), gate, 'claims-malformed');
    const subject = { ...objectAt(credential, 'credentialSubject'), [name]: value };
    await expectNotAuthentic(
      changed(shown, `${INSIDE}.credentialSubject`, subject),
      gate,
      'claims-malformed',
    );
    await expectNotAuthentic(changed(shown, name, value), gate, 'binding-malformed');
  });

  it.each<[string, string, Json]>([
    ['the level with a language', 'credentialSubject.level', { '@value': 'green', '@language': 'en' }],
    ['the level of a type', 'credentialSubject.level', { '@value': 'green', '@type': 'xsd:string' }],
    ['the level in a list', 'credentialSubject.level', { '@list': ['green'] }],
    ['the level in a set', 'credentialSubject.level', { '@set': ['green'] }],
    ['the issuer as an object', 'issuer', { id: DID }],
    ['the subject in a list', 'credentialSubject', [{}]],
    ['two subjects', 'credentialSubject', [{}, {}]],
    ['a subject without an id', 'credentialSubject.id', ''],
    ['contested, in words', 'credentialSubject.contested', 'true'],
    ['not a bearer, in so many words', 'credentialSubject.bearer', false],
    ['types in another order', 'type', ['StatusCredential', 'VerifiableCredential']],
    ['a time with an offset', 'validFrom', '2026-09-07T09:00:00+02:00'],
  ])('REQ-DEC-021 %s', async (_, path, value) => {
    await expectNotAuthentic(changed(shown, `${INSIDE}.${path}`, value), gate, 'claims-malformed');
  });
});

/** Every text, by its path. */
function leavesOf(value: Json | undefined, path: readonly string[] = []): string[] {
  if (typeof value === 'string' || typeof value === 'boolean') return [path.join('.')];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, [...path, name]));
}

describe('REQ-SIG-001 every word of it is signed', () => {
  it('each left out, and each put otherwise, is found: in the credential, the presentation and both proofs', async () => {
    const text = await presentJsonLd(await mintJsonLd(issuer, FULL));
    const any = { ...gate, policy: { ...GATE, ...ANY } };
    await expectAccepted(text, any, 'status-contested');
    const paths = leavesOf(parsed(text));
    expect(paths.length).toBeGreaterThan(30);
    // Others that have the form: they are refused for what they say, not for how.
    const others: Readonly<Record<string, readonly Json[]>> = {
      level: ['red', 'amber'],
      rule: ['symptoms-2d@1', 'clear@2'],
      authority: ['community', 'transport'],
      assurance: ['high'],
      via: ['CN-GD', 'CN-BJ.haidian'],
      scheme: ['urn:symbolon:test:1', 'urn:symbolon:health:2'],
      validFrom: ['2026-09-07T06:00:00Z'],
      validUntil: ['2026-09-07T14:00:00Z', '2026-09-08T07:00:00Z'],
      challenge: [`w.${NOW + 1}`],
      domain: ['urn:venue:elsewhere'],
      created: ['2026-09-07T08:20:01Z'],
    };
    for (const path of paths) {
      const name = path.slice(path.lastIndexOf('.') + 1);
      for (const value of [undefined, '', 'x', [], {}, null, 7, ...(others[name] ?? [])]) {
        const verdict = await verdictAt(changed(text, path, value), any);
        expect(summary(verdict).outcome, `${path} ${JSON.stringify(value)}`).toBe('not-authentic');
      }
    }
  });
});

describe('more proofs than one', () => {
  it.each<[string, (proof: JsonObject) => Json]>([
    ['a set', (proof) => [proof, proof]],
    ['a set of one', (proof) => [proof]],
    [
      'a set with a stranger’s first',
      (proof) => [{ ...proof, verificationMethod: 'did:key:z6Mk#z6Mk' }, proof],
    ],
    ['a chain', (proof) => ({ ...proof, id: 'urn:uuid:2', previousProof: 'urn:uuid:1' })],
    [
      'a chain of two',
      (proof) => [
        { ...proof, id: 'urn:uuid:1' },
        { ...proof, previousProof: 'urn:uuid:1' },
      ],
    ],
    ['a proof with an end', (proof) => ({ ...proof, expires: '2030-01-01T00:00:00Z' })],
    ['a proof with a nonce', (proof) => ({ ...proof, nonce: 'x' })],
    [
      'a proof of two purposes',
      (proof) => ({ ...proof, proofPurpose: ['assertionMethod', 'authentication'] }),
    ],
    ['a proof of another kind', (proof) => ({ ...proof, type: 'Ed25519Signature2020' })],
    ['a proof with its key', (proof) => ({ ...proof, publicKeyMultibase: multikeyOf(attacker.publicJwk) })],
    [
      'a method that is the key',
      (proof) => ({
        ...proof,
        verificationMethod: {
          id: `${DID}#x`,
          type: 'Multikey',
          publicKeyMultibase: multikeyOf(attacker.publicJwk),
        },
      }),
    ],
    ['a suite in other letters', (proof) => ({ ...proof, cryptosuite: 'ECDSA-RDFC-2019' })],
    ['the suite for canonical JSON', (proof) => ({ ...proof, cryptosuite: 'ecdsa-jcs-2019' })],
    ['nothing', () => null],
  ])('REQ-SIG-002 REQ-BND-002 %s', async (_, change) => {
    const proof = change(objectAt(credential, 'proof'));
    await expectNotAuthentic(changed(credential, 'proof', proof), gate, 'proof-malformed');
    await expectNotAuthentic(changed(shown, `${INSIDE}.proof`, proof), gate, 'proof-malformed');
    await expectNotAuthentic(
      changed(shown, 'proof', change(objectAt(shown, 'proof'))),
      gate,
      'binding-malformed',
    );
  });
});

describe('an issuer that is no region, a key that is another', () => {
  it('REQ-DEC-021 did:key as the issuer, with a proof that holds', async () => {
    const own = didKeyOf(attacker.publicJwk);
    // Not even the codec writes one.
    await expect(mintJsonLd(attacker, UNLISTED, own)).rejects.toMatchObject({ code: 'claims-malformed' });
    const named = changed(
      changed(credential, 'issuer', own),
      'proof.verificationMethod',
      `${own}#${multikeyOf(attacker.publicJwk)}`,
    );
    await expectNotAuthentic(named, gate, 'claims-malformed');
    await expectNotAuthentic(await presentAnything([named], holder), gate, 'claims-malformed');
  });

  it.each<[string, string, () => Signer]>([
    ['REQ-KEY-008 its Ed25519 key', 'algorithm-mismatch', () => ed25519],
    ['REQ-KEY-004 its former key', 'key-not-valid-then', () => former],
    ['REQ-KEY-004 its coming key', 'key-not-valid-then', () => coming],
    ['REQ-KEY-003 its status key', 'key-use', () => fixture.regions['CN-BJ'].status],
    ['REQ-KEY-002 the key of its keys.json', 'key-unknown', () => fixture.regions['CN-BJ'].keys],
    ['REQ-KEY-002 another region’s key', 'key-unknown', () => fixture.regions['CN-GD'].credential],
  ])('the method of another key of the region: %s', async (_, code, other) => {
    const named = changed(credential, 'proof.verificationMethod', `${DID}#${other().kid}`);
    await expectNotAuthentic(await presentAnything([named], holder), gate, code);
  });

  it('REQ-SIG-002 a method of the region in another spelling', async () => {
    for (const method of [
      `${DID}?x#${issuer.kid}`,
      `${DID}#${issuer.kid}#`,
      `${DID}/#${issuer.kid}`,
      `${DID}#`,
      issuer.kid,
      `did:web:cn-gd.symbolon.test#${issuer.kid}`,
    ]) {
      await expectNotAuthentic(
        changed(shown, `${INSIDE}.proof.verificationMethod`, method),
        gate,
        'proof-malformed',
      );
    }
  });

  it('REQ-SIG-001 a credential of another region in this one’s name', async () => {
    const theirs = await mintJsonLd(
      fixture.regions['CN-GD'].credential,
      UNLISTED,
      'did:web:cn-gd.symbolon.test',
    );
    await expectAccepted(await presentJsonLd(theirs), gate);
    const ours = changed(changed(theirs, 'issuer', DID), 'proof.verificationMethod', `${DID}#${issuer.kid}`);
    await expectNotAuthentic(await presentAnything([ours], holder), gate, 'signature-invalid');
  });
});
