import { packQr } from '@symbolon/credential/qr/pack';
import { decodeBase64url, encodeBase64url } from '@symbolon/protocol/base64url';
import { addSeconds } from '@symbolon/protocol/instant';
import { Verdict } from '@symbolon/protocol/schemas/verdict';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { createScanner } from './scanner.ts';
import { NOW, trustOf } from './testing/plain-trust.ts';
import { CARD, mint, POLICY, show, showJsonLd, UNLISTED } from './testing/presentations.ts';

const trust = trustOf();
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** Whoever has an ECDSA signature (r, s) has a second one: (r, n - s). */
function otherSignature(presentation: string): string {
  const cut = presentation.lastIndexOf('.') + 1;
  const raw = Buffer.from(decodeBase64url(presentation.slice(cut)));
  const s = P256_ORDER - BigInt(`0x${raw.subarray(32).toString('hex')}`);
  raw.set(Buffer.from(s.toString(16).padStart(64, '0'), 'hex'), 32);
  return presentation.slice(0, cut) + encodeBase64url(raw);
}

describe('REQ-BND-010 one scanner at one gate', () => {
  it('accepts a showing once, and hands nothing on the second time', async () => {
    const scanner = createScanner(POLICY);
    const text = await show();
    expect(await scanner.scan(text, trust, NOW)).toMatchObject({ outcome: 'accepted', findings: [] });
    const again = await scanner.scan(text, trust, addSeconds(NOW, 5));
    expect(again).toEqual({
      outcome: 'refused',
      reason: 'not-authentic',
      at: NOW + 5,
      basis: { registryVersion: 7, signedAt: trust.registry.signedAt, ageSeconds: 639 },
      findings: [
        { step: 'binding', code: 'replayed', requirement: 'REQ-BND-010', severity: 'not-authentic' },
      ],
    });
    expect(z.encode(Verdict, again)).toMatchObject({ outcome: 'refused' });
  });

  it('knows it in another form: packed as QR, with white space, with the other ECDSA signature', async () => {
    const text = await show();
    const forms = [packQr(text, trust.registry.dictionary), ` ${text}\n`, otherSignature(text)];
    for (const form of forms) {
      expect(await createScanner(POLICY).scan(form, trust, NOW)).toMatchObject({ outcome: 'accepted' });
      const scanner = createScanner(POLICY);
      await scanner.scan(text, trust, NOW);
      expect((await scanner.scan(form, trust, NOW)).findings).toMatchObject([{ code: 'replayed' }]);
    }
  });

  it('of two at once, one is accepted', async () => {
    const scanner = createScanner(POLICY);
    const text = await show();
    const both = await Promise.all([scanner.scan(text, trust, NOW), scanner.scan(text, trust, NOW)]);
    expect(both.map(({ outcome }) => outcome).toSorted()).toEqual(['accepted', 'refused']);
  });

  it('remembers a showing that was refused or referred, too', async () => {
    const scanner = createScanner({ ...POLICY, accept: 'false' });
    const text = await show();
    expect(await scanner.scan(text, trust, NOW)).toMatchObject({ reason: 'not-accepted' });
    expect(await scanner.scan(text, trust, NOW)).toMatchObject({ findings: [{ code: 'replayed' }] });
  });

  it('from the first second in which it could be accepted to the last', async () => {
    const scanner = createScanner(POLICY);
    const text = await show({ at: addSeconds(NOW, 30) });
    expect(await scanner.scan(text, trust, NOW)).toMatchObject({ outcome: 'accepted' });
    const last = await scanner.scan(text, trust, addSeconds(NOW, 90));
    expect(last.findings).toMatchObject([{ code: 'replayed' }]);
    const after = await scanner.scan(text, trust, addSeconds(NOW, 91));
    expect(after.findings).toMatchObject([{ code: 'binding-stale' }]);
  });

  it('takes a fresh showing of the same credential for a new one', async () => {
    const scanner = createScanner(POLICY);
    expect(await scanner.scan(await show(), trust, NOW)).toMatchObject({ outcome: 'accepted' });
    const next = await show({ at: addSeconds(NOW, 1) });
    expect(await scanner.scan(next, trust, addSeconds(NOW, 1))).toMatchObject({ outcome: 'accepted' });
  });

  it('what is not authentic is not remembered: nobody can use up a showing with a forged one', async () => {
    const scanner = createScanner(POLICY);
    const text = await show();
    const forged = text.slice(0, -4) + (text.endsWith('AAAA') ? 'BBBB' : 'AAAA');
    expect(await scanner.scan(forged, trust, NOW)).toMatchObject({ reason: 'not-authentic' });
    expect(await scanner.scan(text, trust, NOW)).toMatchObject({ outcome: 'accepted' });
  });

  it('knows a JSON-LD presentation again', async () => {
    const scanner = createScanner(POLICY);
    const text = await showJsonLd(UNLISTED);
    expect(await scanner.scan(text, trust, NOW)).toMatchObject({ outcome: 'accepted' });
    const spaced = JSON.stringify(JSON.parse(text), null, 2);
    expect((await scanner.scan(spaced, trust, NOW)).findings).toMatchObject([{ code: 'replayed' }]);
  });

  it('REQ-BND-011 a card is the same text each time', async () => {
    const scanner = createScanner({ ...POLICY, onBearer: 'accepted' });
    const card = await mint(CARD);
    for (let i = 0; i < 3; i++) {
      expect(await scanner.scan(card, trust, NOW)).toMatchObject({ outcome: 'accepted' });
    }
  });

  it('another scanner does not know: that is what requireNonce is for', async () => {
    const text = await show();
    await createScanner(POLICY).scan(text, trust, NOW);
    expect(await createScanner(POLICY).scan(text, trust, NOW)).toMatchObject({ outcome: 'accepted' });
    const strict = createScanner({ ...POLICY, requireNonce: true });
    expect((await strict.scan(text, trust, NOW)).findings).toMatchObject([{ code: 'nonce-required' }]);
  });

  it('REQ-BND-014 forgets nothing for a flood: what does not fit into its memory is for a person', async () => {
    const scanner = createScanner(POLICY, { entries: 2 });
    const showings = await Promise.all([-2, -1, 0].map((at) => show({ at: addSeconds(NOW, at) })));
    const [first = '', second = '', third = ''] = showings;
    for (const text of [first, second])
      expect(await scanner.scan(text, trust, NOW)).toMatchObject({ outcome: 'accepted' });
    expect(await scanner.scan(third, trust, NOW)).toMatchObject({
      outcome: 'referred',
      findings: [{ code: 'replay-unknown', severity: 'referred' }],
    });
    expect((await scanner.scan(first, trust, NOW)).findings).toMatchObject([{ code: 'replayed' }]);
    const later = addSeconds(NOW, 91);
    const fresh = await show({ at: later });
    expect(await scanner.scan(fresh, trust, later)).toMatchObject({ outcome: 'accepted' });
  });

  it('REQ-ACC-004 a policy that cannot be used is the caller’s mistake', async () => {
    const scanner = createScanner({ ...POLICY, accept: 'health.level == "blue"' });
    await expect(scanner.scan(await show(), trust, NOW)).rejects.toMatchObject({ code: 'policy-malformed' });
  });
});
