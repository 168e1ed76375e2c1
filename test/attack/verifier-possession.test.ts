import { packQr } from '@symbolon/credential/qr/pack';
import { discloseSdJwt } from '@symbolon/credential/sd-jwt/present';
import { addSeconds } from '@symbolon/protocol/instant';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import { createScanner } from '@symbolon/verifier/scanner';
import type { Trust } from '@symbolon/verifier/trust';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  expectAccepted,
  expectNotAccepted,
  expectNotAuthentic,
  expectNothingOf,
  expectReferred,
  type Gate,
  summary,
} from '../support/expect-verdict.ts';
import type { FederationFixture } from '../support/federation-fixture.ts';
import {
  attacker,
  foundFederation,
  GATE,
  NOW,
  openedFrom,
  TEST_GATE,
} from '../support/verifier-federation.ts';
import {
  bind,
  CARD,
  CLAIMS,
  holder,
  mint,
  reissue,
  type Showing,
  show,
  TESTED,
} from '../support/verifier-showings.ts';

/** Attack stories (style, 22) on the proof that whoever shows a credential has its key, here and now. */

let fixture: FederationFixture;
let trust: Trust;
let gate: Gate;
/** One credential with all its disclosures, and a showing of it that discloses nothing. */
let held: string;
let live: string;

beforeAll(async () => {
  fixture = await foundFederation();
  ({ trust } = await openedFrom(fixture));
  gate = { trust, policy: GATE, now: NOW };
  held = await mint(fixture);
  live = await bind(discloseSdJwt(held, []));
});

const at = (policy: Partial<Policy>): Gate => ({ ...gate, policy: { ...GATE, ...policy } });

async function refuses(presentation: string, code: string): Promise<void> {
  await expectAccepted(live, gate);
  await expectNotAuthentic(presentation, gate, code);
  // A finder does not choose the form either.
  await expectNotAuthentic(packQr(presentation, trust.registry.dictionary), gate, code);
}

const proofOf = (text: string) => text.slice(text.lastIndexOf('~') + 1);
const credentialOf = (text: string) => text.slice(0, text.lastIndexOf('~') + 1);

describe('the proof', () => {
  it('REQ-BND-001 cut off does not make a card of it, at a gate that takes cards either', async () => {
    await refuses(credentialOf(live), 'binding-missing');
    await expectAccepted(await mint(fixture, { claims: CARD }), at({ onBearer: 'accepted' }), 'bearer');
    await expectNotAuthentic(credentialOf(live), at({ onBearer: 'accepted' }), 'binding-missing');
  });

  it('REQ-BND-003 by a key that is not the credential’s', async () => {
    await refuses(await show(fixture, { holder: attacker }), 'binding-signature');
    // Said by the proof's own header: it counts for nothing.
    const proof = proofOf(await bind(credentialOf(live), { holder: attacker }));
    const header = { alg: 'ES256', typ: 'kb+jwt', jwk: attacker.publicJwk };
    const named = [Buffer.from(JSON.stringify(header)).toString('base64url'), ...proof.split('.').slice(1)];
    await refuses(credentialOf(live) + named.join('.'), 'binding-signature');
  });

  it('REQ-BND-004 of another credential of the same holder', async () => {
    const other = await show(fixture, { seed: 'another' });
    await expectAccepted(other, gate);
    await refuses(credentialOf(live) + proofOf(other), 'binding-hash');
  });

  it('REQ-BND-004 for other disclosures: one taken away, one put in', async () => {
    const open = await bind(discloseSdJwt(held, ['reason']));
    await expectAccepted(open, gate);
    await refuses(credentialOf(live) + proofOf(open), 'binding-hash');
    await refuses(credentialOf(open) + proofOf(live), 'binding-hash');
  });

  it('REQ-BND-002 of another type, without a signature, or beside a card', async () => {
    const [header = '', payload = '', signature = ''] = proofOf(live).split('.');
    const head = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    for (const bad of [
      [head({ alg: 'ES256', typ: 'JWT' }), payload, signature],
      [head({ alg: 'ES256' }), payload, signature],
      [head({ alg: 'none', typ: 'kb+jwt' }), payload, ''],
      [head({ alg: 'EdDSA', typ: 'kb+jwt' }), payload, signature],
      [head({ alg: 'ES256', typ: 'kb+jwt', crit: ['exp'] }), payload, signature],
      [header, payload],
    ]) {
      await expectNotAuthentic(credentialOf(live) + bad.join('.'), gate, 'binding-malformed');
    }
    await expectAccepted(live, gate);
    const card = await mint(fixture, { claims: CARD });
    await expectNotAuthentic(await bind(card), at({ onBearer: 'accepted' }), 'binding-malformed');
  });

  it('REQ-SIG-001 with another key put into the credential', async () => {
    const cnf = { jwk: attacker.publicJwk };
    const stolen = await reissue(credentialOf(live), {
      payload: (claims) => ({ ...claims, cnf }),
    });
    await refuses(await bind(stolen, { holder: attacker }), 'signature-invalid');
  });
});

describe('the moment', () => {
  it.each<[string, number, string | undefined]>([
    ['REQ-BND-005 a minute old', 60, undefined],
    ['REQ-BND-005 a second more', 61, 'binding-stale'],
    ['REQ-BND-005 an hour', 3600, 'binding-stale'],
    ['REQ-BND-006 half a minute ahead', -30, undefined],
    ['REQ-BND-006 a second more', -31, 'binding-future'],
  ])('%s', async (_, age, code) => {
    const text = await show(fixture, { at: addSeconds(NOW, -age) });
    if (code === undefined) await expectAccepted(text, gate);
    else await refuses(text, code);
  });

  it('REQ-BND-008 a nonce that tells another moment than the proof', async () => {
    await refuses(await show(fixture, { nonce: `w.${NOW - 1}` }), 'binding-nonce');
    await refuses(await show(fixture, { at: addSeconds(NOW, -3600), nonce: `w.${NOW}` }), 'binding-nonce');
    await refuses(await show(fixture, { nonce: 'AAECAwQFBgcICQoLDA0ODw' }), 'binding-nonce');
  });

  it('REQ-BND-006 made in advance, for an hour from now, and handed on: not before its minute', async () => {
    const later = addSeconds(NOW, 3600);
    const made = await show(fixture, { at: later });
    await refuses(made, 'binding-future');
    await expectNotAuthentic(made, { ...gate, now: addSeconds(later, -31) }, 'binding-future');
    await expectNotAuthentic(made, { ...gate, now: addSeconds(later, 61) }, 'binding-stale');
    // Said openly in docs/spec/threats.md: within its minute it is as good as a showing, unless the venue asks by a nonce of its own.
    await expectAccepted(made, { ...gate, now: later });
    await expectNotAuthentic(made, { ...at({ requireNonce: true }), now: later }, 'nonce-required');
    const venue = { audience: 'urn:venue:guangzhou-south', nonce: 'AAECAwQFBgcICQoLDA0ODw' };
    await expectNotAuthentic(made, { ...at({ venue }), now: later }, 'nonce-required');
  });

  it('REQ-BND-007 made for someone else', async () => {
    await refuses(await show(fixture, { audience: 'urn:venue:elsewhere' }), 'binding-audience');
    await refuses(await show(fixture, { audience: 'urn:symbolon:in-person ' }), 'binding-audience');
  });
});

describe('the venue', () => {
  const VENUE = { audience: 'urn:venue:guangzhou-south', nonce: 'AAECAwQFBgcICQoLDA0ODw' };
  const answered = (showing: Showing = {}) => show(fixture, { ...VENUE, ...showing });

  it('its own code is answered', async () => {
    await expectAccepted(await answered(), at({ venue: VENUE }));
    await expectAccepted(await answered(), at({ venue: VENUE, requireNonce: true }));
  });

  it.each<[string, string, Showing]>([
    ['REQ-BND-007 another venue’s', 'binding-audience', { audience: 'urn:venue:elsewhere' }],
    ['REQ-BND-008 an earlier code', 'binding-nonce', { nonce: 'DwAODQwLCgkIBwYFBAMCAQ' }],
    ['REQ-BND-008 nearly the same', 'binding-nonce', { nonce: 'AAECAwQFBgcICQoLDA0ODx' }],
    ['REQ-BND-005 the right code, long ago', 'binding-stale', { at: addSeconds(NOW, -61) }],
    ['REQ-BND-006 the right code, too early', 'binding-future', { at: addSeconds(NOW, 31) }],
  ])('%s', async (_, code, showing) => {
    await expectAccepted(await answered(), at({ venue: VENUE }));
    await expectNotAuthentic(await answered(showing), at({ venue: VENUE }), code);
  });

  it('REQ-BND-009, REQ-BND-007 a showing to anyone is not one to this venue', async () => {
    await expectAccepted(live, gate);
    await expectNotAuthentic(live, at({ venue: VENUE }), 'nonce-required');
    await expectNotAuthentic(await answered(), gate, 'binding-audience');
  });

  it('REQ-BND-009 where a nonce is required, window mode is refused', async () => {
    await expectAccepted(live, gate);
    await expectNotAuthentic(live, at({ requireNonce: true }), 'nonce-required');
  });
});

describe('REQ-BND-010 the copy', () => {
  it('is refused at the gate that saw the showing, in whatever form', async () => {
    const scanner = createScanner(GATE);
    expect(summary(await scanner.scan(live, trust, NOW))).toEqual({ outcome: 'accepted', codes: [] });
    for (const copy of [live, packQr(live, trust.registry.dictionary), ` ${live}`]) {
      const verdict = await scanner.scan(copy, trust, addSeconds(NOW, 60));
      expect(summary(verdict)).toEqual({ outcome: 'not-authentic', codes: ['replayed'] });
      expectNothingOf(live, verdict, { trust, now: addSeconds(NOW, 60) });
    }
    const verdict = await scanner.scan(live, trust, addSeconds(NOW, 61));
    expect(summary(verdict).codes).toEqual(['binding-stale']);
  });

  it('at another gate is not seen, as is said openly; where a nonce is required it is', async () => {
    await createScanner(GATE).scan(live, trust, NOW);
    const elsewhere = await createScanner(GATE).scan(live, trust, NOW);
    expect(summary(elsewhere)).toEqual({ outcome: 'accepted', codes: [] });
    const strict = await createScanner({ ...GATE, requireNonce: true }).scan(live, trust, NOW);
    expect(summary(strict).codes).toEqual(['nonce-required']);
  });
});

describe('cards', () => {
  it.each<[Policy['onBearer'], typeof expectAccepted | typeof expectReferred]>([
    ['accepted', expectAccepted],
    ['referred', expectReferred],
    ['refused', expectNotAccepted],
  ])('REQ-BND-011 a printed card where the policy says %s', async (onBearer, expected) => {
    const card = await mint(fixture, { claims: CARD });
    await expected(card, at({ onBearer }), 'bearer');
    await expected(packQr(card, trust.registry.dictionary), at({ onBearer }), 'bearer');
  });

  it('REQ-BND-012 of a scheme that has none', async () => {
    const policy = { ...TEST_GATE, onBearer: 'accepted' as const };
    await expectAccepted(await show(fixture, { claims: TESTED }), { ...gate, policy });
    const { holderKey: _, ...keyless } = TESTED;
    const card = await mint(fixture, { claims: { ...keyless, bearer: true } });
    await expectNotAuthentic(card, { ...gate, policy }, 'bearer-not-allowed');
  });

  it('REQ-KEY-006 a holder key that is no point of its curve proves nothing', async () => {
    const y = 'A'.repeat(43);
    const { kty, crv, x } = holder.publicJwk;
    if (kty !== 'EC' || crv !== 'P-256') throw new TypeError('another holder');
    const claims = { ...CLAIMS, holderKey: { kty, crv, x, y } };
    await expectAccepted(live, gate);
    await expectNotAuthentic(await show(fixture, { claims }), gate, 'key-malformed');
  });
});
