import { issueDataIntegrity, presentDataIntegrity } from '@symbolon/credential/data-integrity';
import { IN_PERSON_AUDIENCE, type StatusClaims, windowNonce } from '@symbolon/credential/model';
import { didKeyOf, multikeyOf } from '@symbolon/keys/multikey';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import type { Signer } from '@symbolon/keys/signer';
import { addHours, addSeconds } from '@symbolon/protocol/instant';
import { isJsonObject, type Json, type JsonObject } from '@symbolon/protocol/strict-json';
import { createScanner } from '@symbolon/verifier/scanner';
import type { Trust } from '@symbolon/verifier/trust';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  expectAccepted,
  expectNotAccepted,
  expectNotAuthentic,
  type Gate,
  summary,
} from '../support/expect-verdict.ts';
import type { FederationFixture } from '../support/federation-fixture.ts';
import {
  attacker,
  ed25519,
  foundFederation,
  GATE,
  ISSUED,
  NOW,
  openedFrom,
} from '../support/verifier-federation.ts';
import { holder, UNLISTED } from '../support/verifier-showings.ts';

/** Attack stories (style, 22) on JSON-LD credentials and presentations. */

const DID = 'did:web:cn-bj.symbolon.test';

let fixture: FederationFixture;
let trust: Trust;
let gate: Gate;
let issuer: Signer;
let credential: string;
let shown: string;

beforeAll(async () => {
  fixture = await foundFederation();
  ({ trust } = await openedFrom(fixture));
  gate = { trust, policy: GATE, now: NOW };
  issuer = fixture.regions['CN-BJ'].credential;
  credential = await mint();
  shown = await present(credential);
});

function mint(claims: StatusClaims = UNLISTED, signer = issuer, did = DID): Promise<string> {
  return issueDataIntegrity({
    did,
    kid: signer.kid,
    claims,
    signer,
    random: insecureRandomFromSeed('json-ld'),
  });
}

function present(
  text: string,
  by: Signer = holder,
  at = NOW,
  audience = IN_PERSON_AUDIENCE,
): Promise<string> {
  return presentDataIntegrity({ credential: text, audience, nonce: windowNonce(at), now: at, holder: by });
}

/** The document with the value at a dotted path set, or taken out. */
function changed(text: string, path: string, value: Json | undefined): string {
  const names = path.split('.');
  const set = (at: unknown, depth: number): unknown => {
    const name = names[depth] ?? '';
    if (depth === names.length) return value;
    if (Array.isArray(at)) return at.map((item, i) => (String(i) === name ? set(item, depth + 1) : item));
    if (!isJsonObject(at)) throw new TypeError(`nothing at ${path}`);
    return { ...at, [name]: set(at[name], depth + 1) };
  };
  return JSON.stringify(set(JSON.parse(text), 0));
}

function objectAt(text: string, name: string): JsonObject {
  const value: Json = JSON.parse(text);
  const found = isJsonObject(value) ? value[name] : undefined;
  if (!isJsonObject(found)) throw new TypeError(`no ${name}`);
  return found;
}

async function refuses(presentation: string, code: string): Promise<void> {
  await expectAccepted(shown, gate);
  await expectNotAuthentic(presentation, gate, code);
}

const CONTEXTS = ['https://www.w3.org/ns/credentials/v2', 'https://symbolon.example/contexts/status/v1'];
const INSIDE = 'verifiableCredential.0';

describe('the context', () => {
  it.each<[string, Json]>([
    ['one that is not bundled', [...CONTEXTS, 'https://attacker.example/context']],
    [
      'one in the place of ours',
      ['https://www.w3.org/ns/credentials/v2', 'https://attacker.example/context'],
    ],
    ['one written into the credential', [...CONTEXTS, { level: 'https://attacker.example/other' }]],
    ['an older one', ['https://www.w3.org/2018/credentials/v1', CONTEXTS[1] ?? '']],
    ['one on this machine', [...CONTEXTS, 'file:///etc/hostname']],
  ])('REQ-DEC-024 %s', async (_, contexts) => {
    await refuses(changed(shown, `${INSIDE}.@context`, contexts), 'context-unbundled');
    await refuses(changed(shown, '@context', contexts), 'context-unbundled');
    await refuses(changed(credential, '@context', contexts), 'context-unbundled');
  });

  it('REQ-DEC-021 ours, in another order or number', async () => {
    await refuses(changed(credential, '@context', CONTEXTS.toReversed()), 'claims-malformed');
    await refuses(changed(credential, '@context', CONTEXTS.slice(0, 1)), 'claims-malformed');
    await refuses(changed(credential, '@context', CONTEXTS[0]), 'claims-malformed');
  });
});

describe('the credential', () => {
  it.each<[string, string, Json]>([
    ['the level', 'credentialSubject.level', 'red'],
    ['the rule', 'credentialSubject.rule', 'symptoms-2d@1'],
    ['the scheme', 'credentialSubject.scheme', 'urn:symbolon:test:1'],
    ['the end', 'validUntil', '2026-09-07T14:00:00Z'],
    ['a sample time', 'credentialSubject.at', '2026-09-07T06:00:00Z'],
    ['a contest', 'credentialSubject.contested', true],
  ])('REQ-SIG-001 altered: %s', async (_, path, value) => {
    await refuses(changed(shown, `${INSIDE}.${path}`, value), 'signature-invalid');
    await refuses(changed(credential, path, value), 'signature-invalid');
  });

  it.each<[string, string, Json | undefined]>([
    ['an id', 'id', 'urn:uuid:1'],
    ['a name of another vocabulary', 'credentialSubject.name', 'A person'],
    ['a level in another form', 'credentialSubject.level', { '@value': 'green' }],
    ['two levels', 'credentialSubject.level', ['green', 'red']],
    ['no end', 'validUntil', undefined],
    ['a second type', 'type', ['VerifiableCredential', 'StatusCredential', 'OtherCredential']],
    ['a begin with a fraction', 'validFrom', '2026-09-07T07:00:00.5Z'],
    ['a subject that is no key', 'credentialSubject.id', 'did:key:z6Mk'],
  ])('REQ-DEC-021 with %s', async (_, path, value) => {
    await refuses(changed(shown, `${INSIDE}.${path}`, value), 'claims-malformed');
  });

  it.each<[string, string, Json | undefined]>([
    ['no proof', 'proof', undefined],
    ['two proofs', 'proof', []],
    ['a proof of possession', 'proof.proofPurpose', 'authentication'],
    ['another time', 'proof.created', '2026-09-07T07:00:01Z'],
    ['a key of another region', 'proof.verificationMethod', 'did:web:cn-gd.symbolon.test#AAAAAAAAAAA'],
    ['a key of the attacker', 'proof.verificationMethod', 'https://attacker.example/key'],
    ['an unknown suite', 'proof.cryptosuite', 'ecdsa-sd-2023'],
    ['a domain', 'proof.domain', 'urn:symbolon:in-person'],
  ])('REQ-SIG-002 with %s', async (_, path, value) => {
    await refuses(changed(shown, `${INSIDE}.${path}`, value), 'proof-malformed');
    await refuses(changed(credential, path, value), 'proof-malformed');
  });

  it('REQ-SIG-001 with the proof of another credential', async () => {
    const other = await mint({ ...UNLISTED, level: 'red', rule: 'close-contact-7d@1' });
    await refuses(changed(other, 'proof', objectAt(credential, 'proof')), 'signature-invalid');
  });

  it.each<[string, string, () => Signer]>([
    ['REQ-KEY-002 the attacker’s', 'key-unknown', () => attacker],
    ['REQ-KEY-003 the status key', 'key-use', () => fixture.regions['CN-BJ'].status],
    ['REQ-KEY-002 another region’s', 'key-unknown', () => fixture.regions['CN-GD'].credential],
    [
      'REQ-SIG-001 the attacker’s under the region’s kid',
      'signature-invalid',
      () => ({ ...attacker, kid: issuer.kid }),
    ],
  ])('by a key that may not sign it: %s', async (_, code, signer) => {
    await expectAccepted(await present(await mint(UNLISTED, ed25519)), gate);
    await refuses(await present(await mint(UNLISTED, signer())), code);
  });

  it('REQ-KEY-008 with the suite of another algorithm', async () => {
    await refuses(changed(credential, 'proof.cryptosuite', 'eddsa-rdfc-2022'), 'algorithm-mismatch');
  });

  it('REQ-KEY-001 of nobody, or of the issuer URL in place of the DID', async () => {
    await refuses(await mint(UNLISTED, attacker, 'did:web:attacker.example'), 'issuer-unknown');
    await refuses(changed(credential, 'issuer', 'https://cn-bj.symbolon.test'), 'claims-malformed');
  });

  it('REQ-STA-008 that lives too long for one without a list', async () => {
    const day = await mint({ ...UNLISTED, expiresAt: addHours(ISSUED, 7) });
    await expectNotAccepted(await present(day), gate, 'status-required');
  });
});

describe('the presentation', () => {
  it('REQ-BND-001 left away', async () => {
    await refuses(credential, 'binding-missing');
  });

  it('REQ-BND-003 by another key, in the holder’s name', async () => {
    await refuses(
      await present(credential, { ...attacker, publicJwk: holder.publicJwk }),
      'binding-signature',
    );
  });

  it('REQ-BND-002 by another key, in its own name', async () => {
    const did = didKeyOf(attacker.publicJwk);
    const method = `${did}#${multikeyOf(attacker.publicJwk)}`;
    const named = changed(shown, 'holder', did);
    await refuses(named, 'binding-malformed');
    await refuses(changed(named, 'proof.verificationMethod', method), 'binding-malformed');
  });

  it.each<[string, string, Json | undefined]>([
    ['no proof', 'proof', undefined],
    ['the purpose of an issuer', 'proof.proofPurpose', 'assertionMethod'],
    ['no challenge', 'proof.challenge', undefined],
    ['two credentials', 'verifiableCredential', [{}, {}]],
    ['no credential', 'verifiableCredential', []],
    ['another suite', 'proof.cryptosuite', 'eddsa-rdfc-2022'],
    ['a second type', 'type', ['VerifiablePresentation', 'StatusCredential']],
  ])('REQ-BND-002 with %s', async (_, path, value) => {
    await refuses(changed(shown, path, value), 'binding-malformed');
  });

  it('REQ-BND-002 with the issuer’s proof in place of the holder’s', async () => {
    await refuses(changed(shown, 'proof', objectAt(credential, 'proof')), 'binding-malformed');
  });

  it('REQ-SIG-002 with the holder’s proof in place of the issuer’s', async () => {
    await refuses(changed(shown, `${INSIDE}.proof`, objectAt(shown, 'proof')), 'proof-malformed');
  });

  it('REQ-BND-003 of another credential of the same holder', async () => {
    const other: Json = JSON.parse(await mint({ ...UNLISTED, assurance: 'high' }));
    await refuses(changed(shown, 'verifiableCredential', [other]), 'binding-signature');
  });

  it.each<[string, string, Json]>([
    ['the audience', 'proof.domain', 'urn:venue:elsewhere'],
    ['the nonce', 'proof.challenge', `w.${NOW + 1}`],
    ['the time', 'proof.created', '2026-09-07T08:20:01Z'],
  ])('REQ-BND-003 altered: %s', async (_, path, value) => {
    await refuses(changed(shown, path, value), 'binding-signature');
  });

  it.each<[string, number, string | undefined]>([
    ['REQ-BND-005 a minute old', 60, undefined],
    ['REQ-BND-005 a second more', 61, 'binding-stale'],
    ['REQ-BND-006 half a minute ahead', -30, undefined],
    ['REQ-BND-006 a second more', -31, 'binding-future'],
  ])('%s', async (_, age, code) => {
    const text = await present(credential, holder, addSeconds(NOW, -age));
    if (code === undefined) await expectAccepted(text, gate);
    else await refuses(text, code);
  });

  it('REQ-BND-007 made for someone else', async () => {
    await refuses(await present(credential, holder, NOW, 'urn:venue:elsewhere'), 'binding-audience');
  });

  it('REQ-BND-010 shown again at the same gate, with its JSON written otherwise', async () => {
    const scanner = createScanner(GATE);
    expect(summary(await scanner.scan(shown, trust, NOW)).outcome).toBe('accepted');
    const { proof, ...rest } = JSON.parse(shown);
    const otherwise = JSON.stringify({ proof, ...rest }, null, 1);
    expect(summary(await scanner.scan(otherwise, trust, NOW)).codes).toEqual(['replayed']);
  });

  it('REQ-DEC-014 with a name twice, one for each reader', async () => {
    await refuses(shown.replace('{', '{"holder":"did:key:x",'), 'json-duplicate-name');
  });
});
