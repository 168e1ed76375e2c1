import { windowNonce } from '@symbolon/credential/model';
import { SymbolonError } from '@symbolon/protocol/errors';
import { addSeconds } from '@symbolon/protocol/instant';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import { describe, expect, it } from 'vitest';
import type { Decoded, DecodedBinding } from '../decoded.ts';
import { findingsOf } from '../testing/findings-of.ts';
import { FREIGHT, HEALTH, holder, NOW, TEST } from '../testing/plain-trust.ts';
import { bindingOf, CARD, CLAIMS, decodedOf, POLICY } from '../testing/presentations.ts';
import { checkBinding } from './binding.ts';

const check = (decoded: Decoded, policy: Partial<Policy> = {}, scheme = HEALTH) =>
  findingsOf('binding', (findings) => checkBinding(decoded, scheme, { ...POLICY, ...policy }, NOW, findings));
const bound = (binding: Partial<DecodedBinding>, policy: Partial<Policy> = {}) =>
  check(decodedOf(CLAIMS, { binding: bindingOf(binding) }), policy);
const refused = (code: string) => ({ result: false, found: [`${code} not-authentic`] });
const PASSED = { result: true, found: [] };

const VENUE = { audience: 'urn:venue:1', nonce: 'AAECAwQFBgcICQoLDA0ODw' };

describe('step binding: whoever shows a credential with a key has the key', () => {
  it('asks the key of the credential', async () => {
    const asked: unknown[] = [];
    expect(await bound({ verify: async (jwk) => asked.push(jwk) > 0 })).toEqual(PASSED);
    expect(asked).toEqual([holder.publicJwk]);
  });

  it('REQ-BND-001 binding-missing: cut off, it does not become a card', async () => {
    const cut = decodedOf(CLAIMS, { binding: undefined });
    for (const onBearer of ['accepted', 'referred', 'refused'] as const) {
      expect(await check(cut, { onBearer })).toEqual(refused('binding-missing'));
    }
  });

  it('REQ-BND-003 binding-signature', async () => {
    expect(await bound({ verify: async () => false })).toEqual(refused('binding-signature'));
  });

  it('REQ-BND-004 binding-hash', async () => {
    expect(await bound({ coversCredential: false })).toEqual(refused('binding-hash'));
  });

  it('REQ-KEY-006 a holder key that is no point of its curve', async () => {
    const verify = () => Promise.reject(new SymbolonError('key-malformed'));
    expect(await bound({ verify })).toEqual(refused('key-malformed'));
  });

  it('a fault of the program is not told as one of the holder', async () => {
    await expect(bound({ verify: () => Promise.reject(new TypeError('bug')) })).rejects.toThrow(TypeError);
  });
});

describe('step binding: here and now', () => {
  it.each<[string, number, readonly string[]]>([
    ['REQ-BND-005 a minute old', 60, []],
    ['REQ-BND-005 older', 61, ['binding-stale not-authentic']],
    ['REQ-BND-006 half a minute ahead', -30, []],
    ['REQ-BND-006 further ahead', -31, ['binding-future not-authentic']],
  ])('%s', async (_, age, found) => {
    const issuedAt = addSeconds(NOW, -age);
    expect((await bound({ issuedAt })).found).toEqual(found);
    // The venue's nonce does not make an old proof a new one.
    expect((await bound({ issuedAt, ...VENUE }, { venue: VENUE })).found).toEqual(found);
  });

  it.each<[string, Partial<DecodedBinding>, Partial<Policy>]>([
    ['binding-audience', { audience: 'urn:venue:1' }, {}],
    ['binding-nonce', { nonce: 'AAECAwQFBgcICQoLDA0ODw' }, {}],
    ['binding-nonce', { nonce: windowNonce(addSeconds(NOW, -1)) }, {}],
    ['nonce-required', {}, { venue: VENUE }],
    ['binding-audience', { ...VENUE, audience: 'urn:venue:2' }, { venue: VENUE }],
    ['binding-nonce', { audience: VENUE.audience }, { venue: VENUE }],
    ['nonce-required', {}, { requireNonce: true }],
    ['nonce-required', { ...VENUE }, { requireNonce: true }],
  ])('REQ-BND-007, 008, 009 %s', async (code, binding, policy) => {
    expect(await bound(binding, policy)).toEqual(refused(code));
  });

  it('REQ-BND-009 the venue’s own code is answered', async () => {
    expect(await bound(VENUE, { venue: VENUE, requireNonce: true })).toEqual(PASSED);
  });
});

describe('step binding: cards', () => {
  const card = decodedOf(CARD, { binding: undefined });

  it.each([
    ['accepted', 'info'],
    ['referred', 'referred'],
    ['refused', 'not-accepted'],
  ] as const)('REQ-BND-011 bearer: onBearer %s gives %s', async (onBearer, severity) => {
    expect(await check(card, { onBearer })).toEqual({ result: true, found: [`bearer ${severity}`] });
  });

  it('REQ-BND-011 an asset shows nothing else, so the policy for persons does not count', async () => {
    const label = decodedOf({ ...CARD, scheme: 'freight' }, { binding: undefined });
    for (const onBearer of ['referred', 'refused'] as const) {
      expect((await check(label, { onBearer }, FREIGHT)).found).toEqual(['bearer info']);
    }
  });

  it('REQ-BND-012 bearer-not-allowed', async () => {
    expect(await check(card, { onBearer: 'accepted' }, TEST)).toEqual(refused('bearer-not-allowed'));
  });

  it('REQ-BND-002 binding-malformed: a proof by a key that the card does not name', async () => {
    expect(await check(decodedOf(CARD), { onBearer: 'accepted' })).toEqual(refused('binding-malformed'));
  });
});
