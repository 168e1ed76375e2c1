import { packQr } from '@symbolon/credential/qr/pack';
import { discloseSdJwt } from '@symbolon/credential/sd-jwt/present';
import { kidOf } from '@symbolon/keys/kid';
import type { Signer } from '@symbolon/keys/signer';
import { sampleIssuer } from '@symbolon/local/sample/regions';
import { addHours } from '@symbolon/protocol/instant';
import type { Json } from '@symbolon/protocol/strict-json';
import { updateRole } from '@symbolon/registry/ceremony/update-role';
import { createScanner } from '@symbolon/verifier/scanner';
import type { Trust } from '@symbolon/verifier/trust';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  BENDS,
  type Bend,
  bent,
  bentJwt,
  bentProofValue,
  jwkOf,
  malleated,
  plusOrder,
  SMALL_ORDER,
  withoutSecret,
} from '../support/bent-signatures.ts';
import {
  expectAccepted,
  expectNotAuthentic,
  type Gate,
  summary,
  verdictAt,
} from '../support/expect-verdict.ts';
import {
  type FederationFixture,
  FIXTURE_NOW,
  keysFile,
  publishedKeys,
  publishUpdate,
  seededSigner,
} from '../support/federation-fixture.ts';
import {
  bundleOf,
  ed25519,
  foundFederation,
  GATE,
  ISSUED,
  LIST,
  listToken,
  NOW,
  openedFrom,
  SIGNED_AT,
} from '../support/verifier-federation.ts';
import { changed, mintJsonLd, presentAnything, presentJsonLd } from '../support/verifier-json-ld.ts';
import { bind, CARD, CLAIMS, holder, mint, reissue, show, UNLISTED } from '../support/verifier-showings.ts';

/** Attack stories (style, 22) on signatures as numbers: bent, rewritten, of keys that have no secret. */

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
  credential = await mintJsonLd(issuer);
  shown = await presentJsonLd(credential);
  await expectAccepted(await show(fixture), gate);
  await expectAccepted(shown, gate);
});

function bentAt(text: string, path: string, bend: Bend): string {
  const value = path.split('.').reduce<Json | undefined>(memberOf, JSON.parse(text));
  if (typeof value !== 'string') throw new TypeError('no proof value');
  return changed(text, path, bentProofValue(value, bend));
}

function memberOf(at: Json | undefined, name: string): Json | undefined {
  return typeof at === 'object' && at !== null ? Reflect.get(at, name) : undefined;
}

describe('REQ-SIG-001 a bent signature of the issuer', () => {
  it.each(BENDS)('%s', async (_, bend) => {
    await expectNotAuthentic(await show(fixture, { signer: bent(issuer, bend) }), gate, 'signature-invalid');
    const card = await mint(fixture, { claims: CARD, signer: bent(issuer, bend) });
    await expectNotAuthentic(card, gate, 'signature-invalid');
  });

  it.each(BENDS)('%s, in JSON-LD', async (_, bend) => {
    const text = bentAt(shown, 'verifiableCredential.0.proof.proofValue', bend);
    const { codes, outcome } = summary(await verdictAt(text, gate));
    expect(outcome).toBe('not-authentic');
    // Too short or too long for the form, or no signature.
    expect(['signature-invalid', 'proof-malformed']).toContain(codes[0]);
  });
});

describe('REQ-BND-003 a bent signature of the holder', () => {
  it.each(BENDS)('%s', async (_, bend) => {
    const text = await show(fixture, { holder: bent(holder, bend) });
    await expectNotAuthentic(text, gate, 'binding-signature');
    await expectNotAuthentic(packQr(text, trust.registry.dictionary), gate, 'binding-signature');
  });

  it.each(BENDS)('%s, in JSON-LD', async (_, bend) => {
    const { codes, outcome } = summary(await verdictAt(bentAt(shown, 'proof.proofValue', bend), gate));
    expect(outcome).toBe('not-authentic');
    expect(['binding-signature', 'binding-malformed']).toContain(codes[0]);
  });
});

describe('REQ-STA-006 a bent signature of a status list', () => {
  it.each(BENDS)('%s: what it says is unknown', async (_, bend) => {
    const token = await listToken(fixture, { signer: bent(fixture.regions['CN-BJ'].status, bend) });
    const { trust } = await openedFrom(fixture, { bundle: await bundleOf(fixture, token) });
    expect(trust.badLists.get(LIST)).toBe('signature-invalid');
    expect(summary(await verdictAt(await show(fixture), { ...gate, trust })).outcome).toBe('referred');
  });
});

describe('a malleated signature, as valid as the first', () => {
  it('REQ-BND-010 of the holder: it is the same showing', async () => {
    const live = await show(fixture);
    const copy = bentJwt(live, malleated);
    expect(copy).not.toBe(live);
    expect(await verdictAt(copy, gate)).toEqual(await expectAccepted(live, gate));
    const scanner = createScanner(GATE);
    expect(summary(await scanner.scan(live, trust, NOW)).outcome).toBe('accepted');
    expect(summary(await scanner.scan(copy, trust, NOW)).codes).toEqual(['replayed']);
    expect(summary(await scanner.scan(packQr(copy, trust.registry.dictionary), trust, NOW)).codes).toEqual([
      'replayed',
    ]);
  });

  it('REQ-BND-010 of the holder, in JSON-LD', async () => {
    const copy = bentAt(shown, 'proof.proofValue', malleated);
    const scanner = createScanner(GATE);
    expect(summary(await scanner.scan(shown, trust, NOW)).outcome).toBe('accepted');
    expect(summary(await scanner.scan(copy, trust, NOW)).codes).toEqual(['replayed']);
  });

  it('REQ-BND-004 of the issuer: the proof of possession is for the first', async () => {
    const live = await show(fixture);
    const [jwt = '', proof = ''] = live.split('~');
    const rewritten = bentJwt(jwt, malleated);
    await expectNotAuthentic(`${rewritten}~${proof}`, gate, 'binding-hash');
    // The holder may: it is the same credential.
    await expectAccepted(await bind(`${rewritten}~`), gate);
  });

  it('REQ-BND-003 of the issuer, in JSON-LD', async () => {
    const copy = bentAt(shown, 'verifiableCredential.0.proof.proofValue', malleated);
    await expectNotAuthentic(copy, gate, 'binding-signature');
    const rewritten = bentAt(credential, 'proof.proofValue', malleated);
    await expectAccepted(await presentJsonLd(rewritten), gate);
  });

  it('of a card: it is known as the same credential by what was signed, never by the signature', async () => {
    const card = discloseSdJwt(await mint(fixture, { claims: CARD }), []);
    const copy = `${bentJwt(card.slice(0, -1), malleated)}~`;
    expect(copy).not.toBe(card);
    const verdict = await verdictAt(card, gate);
    expect(summary(verdict)).toEqual({ outcome: 'referred', codes: ['bearer'] });
    expect(await verdictAt(copy, gate)).toEqual(verdict);
  });

  it('REQ-SIG-001 REQ-BND-003 of Ed25519: there is none, `s` is below the order', async () => {
    await expectAccepted(await show(fixture, { signer: ed25519 }), gate);
    await expectNotAuthentic(
      await show(fixture, { signer: bent(ed25519, plusOrder) }),
      gate,
      'signature-invalid',
    );
    const phone = await seededSigner('a holder with Ed25519', 'EdDSA');
    const claims = { ...CLAIMS, holderKey: phone.publicJwk };
    await expectAccepted(await show(fixture, { claims, holder: phone }), gate);
    await expectNotAuthentic(
      await show(fixture, { claims, holder: bent(phone, plusOrder) }),
      gate,
      'binding-signature',
    );
  });
});

describe('a key of small order, for which anyone can sign', () => {
  /** Published by whoever has a region's `keys` role: the ceremony would refuse it. */
  async function gateWith(key: Signer): Promise<Gate> {
    const changedFixture = await foundFederation();
    const { keys } = changedFixture.regions['CN-BJ'];
    const notBefore = addHours(ISSUED, -24);
    const evil = { signer: key, use: 'credential' as const, notBefore, notAfter: addHours(ISSUED, 24) };
    const put = keysFile('CN-BJ', [...publishedKeys(changedFixture.regions['CN-BJ'], FIXTURE_NOW), evil]);
    await publishUpdate(changedFixture, SIGNED_AT, (draft) =>
      updateRole(draft, { role: 'CN-BJ.keys', put }, [keys], SIGNED_AT),
    );
    return { ...gate, trust: (await openedFrom(changedFixture)).trust };
  }

  const signerOf = (point: Uint8Array): Signer => {
    const publicJwk = jwkOf(point);
    return { ...ed25519, publicJwk, kid: kidOf(publicJwk) };
  };

  it('REQ-SIG-001 as an issuing key: nobody’s signature holds for it', async () => {
    for (const point of SMALL_ORDER.slice(0, 6)) {
      const key = signerOf(point);
      const here = await gateWith(key);
      expect(here.trust.registry.regions['CN-BJ']?.keys.map(({ kid }) => kid)).toContain(key.kid);
      for (const r of SMALL_ORDER) {
        const signer = withoutSecret(key, r);
        const verdict = await verdictAt(await show(fixture, { claims: UNLISTED, signer }), here);
        expect(summary(verdict).outcome).toBe('not-authentic');
        expect(['signature-invalid', 'key-malformed']).toContain(summary(verdict).codes[0]);
      }
      const text = await presentJsonLd(await mintJsonLd(withoutSecret(key, point)));
      expect(summary(await verdictAt(text, here))).toEqual({
        outcome: 'not-authentic',
        codes: ['signature-invalid'],
      });
    }
  });

  it('REQ-BND-003 as a holder’s key: no proof holds for it, so it cannot be handed round', async () => {
    for (const point of SMALL_ORDER) {
      const key = signerOf(point);
      const claims = { ...CLAIMS, holderKey: key.publicJwk };
      for (const r of SMALL_ORDER) {
        const verdict = await verdictAt(await show(fixture, { claims, holder: withoutSecret(key, r) }), gate);
        expect(summary(verdict).outcome).toBe('not-authentic');
        expect(['binding-signature', 'key-malformed']).toContain(summary(verdict).codes[0]);
      }
    }
  });

  it('REQ-BND-003 as a holder’s key, in JSON-LD', async () => {
    for (const point of SMALL_ORDER) {
      const key = signerOf(point);
      const claims = { ...UNLISTED, holderKey: key.publicJwk };
      const text = await presentJsonLd(await mintJsonLd(issuer, claims), withoutSecret(key, point));
      expect(summary(await verdictAt(text, gate))).toEqual({
        outcome: 'not-authentic',
        codes: ['binding-signature'],
      });
    }
  });
});

describe('a region that publishes another region’s key as its own', () => {
  it('REQ-SIG-001 has the key and not what it signed: who issued it is part of what is signed', async () => {
    const taking = await foundFederation();
    const guangdong = taking.regions['CN-GD'];
    const [own] = publishedKeys(guangdong, FIXTURE_NOW);
    if (own === undefined) throw new TypeError('no key');
    const taken = { ...own, signer: issuer };
    const put = keysFile('CN-GD', [...publishedKeys(guangdong, FIXTURE_NOW), taken]);
    await publishUpdate(taking, SIGNED_AT, (draft) =>
      updateRole(draft, { role: 'CN-GD.keys', put }, [guangdong.keys], SIGNED_AT),
    );
    const here = { ...gate, trust: (await openedFrom(taking)).trust };
    const verdict = await expectAccepted(await show(taking, { claims: UNLISTED }), here);
    expect(verdict).toMatchObject({ statuses: [{ region: 'CN-BJ' }] });
    const held = discloseSdJwt(await mint(taking, { claims: UNLISTED }), []);
    const payload = (claims: Record<string, unknown>) => ({ ...claims, iss: sampleIssuer('CN-GD') });
    await expectNotAuthentic(await bind(await reissue(held, { payload })), here, 'signature-invalid');
    const did = 'did:web:cn-gd.symbolon.test';
    const method = `${did}#${issuer.kid}`;
    const named = changed(changed(credential, 'issuer', did), 'proof.verificationMethod', method);
    await expectNotAuthentic(await presentAnything([named], holder), here, 'signature-invalid');
  });
});
