import { packQr } from '@symbolon/credential/qr/pack';
import { addHours, addSeconds } from '@symbolon/protocol/instant';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import { Verdict } from '@symbolon/protocol/schemas/verdict';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import {
  FREIGHT,
  HOUR,
  holder,
  ISSUER,
  issuer,
  LIST,
  listOf,
  NOW,
  SIGNED_AT,
  stranger,
  type TrustChanges,
  trustOf,
} from './testing/plain-trust.ts';
import { CARD, CLAIMS, mint, POLICY, show, showJsonLd, UNLISTED } from './testing/presentations.ts';
import { verify } from './verify.ts';

const look = (text: string, trust: TrustChanges = {}, policy: Partial<Policy> = {}, now = NOW) =>
  verify(text, trustOf(trust), { ...POLICY, ...policy }, now);

describe('an accepted verdict', () => {
  it('says what was shown, what it counts as, and what the answer rests on', async () => {
    expect(await look(await show({ disclose: ['reason'] }))).toEqual({
      outcome: 'accepted',
      at: NOW,
      basis: { registryVersion: 7, signedAt: SIGNED_AT, ageSeconds: 634, statusListAt: SIGNED_AT },
      findings: [],
      statuses: [
        {
          region: 'CN-HA',
          scheme: 'health',
          level: 'green',
          countsAs: 'green',
          rule: 'clear@1',
          authority: 'cdc',
          assurance: 'standard',
          issuedAt: HOUR,
          expiresAt: addHours(HOUR, 24),
          contested: false,
          bearer: false,
          presentationId: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
          details: { reason: 'No adverse fact' },
        },
      ],
    });
  });

  it('is the same for the text, the QR text and JSON-LD, but for what these do not carry', async () => {
    const text = await show({ claims: UNLISTED });
    const verdict = await look(text);
    expect(await look(packQr(text, trustOf().registry.dictionary))).toEqual(verdict);
    const linked = await look(await showJsonLd());
    const [status] = 'statuses' in linked ? linked.statuses : [];
    // It is another showing.
    const { presentationId, ...same } = { ...status };
    expect(presentationId).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(verdict).toMatchObject({ ...linked, statuses: [same] });
    expect(verdict).not.toMatchObject({ statuses: [{ presentationId }] });
  });

  it('shows the sample time where there is one, and no status list where none was read', async () => {
    const claims = { ...UNLISTED, scheme: 'test', level: 'negative', rule: 'negative-3d@1', sampledAt: HOUR };
    const verdict = await look(
      await show({ claims }),
      {},
      { schemes: ['test'], accept: 'test.age < duration("1h")' },
    );
    expect(verdict).toMatchObject({ outcome: 'accepted', statuses: [{ sampledAt: HOUR }] });
    expect(verdict.basis).not.toHaveProperty('statusListAt');
  });

  it('may warn, or tell something for the record', async () => {
    const old = addSeconds(NOW, -30 * 3600);
    const stale = { registry: { signedAt: old }, newestSignedAt: old };
    expect(await look(await show(), stale)).toMatchObject({
      outcome: 'accepted',
      basis: { ageSeconds: 30 * 3600 },
      findings: [{ step: 'key', code: 'stale-warn', requirement: 'REQ-REG-014', severity: 'warn' }],
    });
    const label = await mint({ ...CARD, scheme: 'freight' });
    const asset = { schemes: ['freight'], accept: 'freight.bearer' };
    expect(await look(label, { registry: { schemes: { freight: FREIGHT } } }, asset)).toMatchObject({
      outcome: 'accepted',
      findings: [{ code: 'bearer', severity: 'info' }],
    });
  });

  it('does not count the age of a registry that lies ahead of the clock', async () => {
    const ahead = { registry: { signedAt: addSeconds(NOW, 20) }, newestSignedAt: addSeconds(NOW, 20) };
    expect(await look(await show(), ahead)).toMatchObject({ outcome: 'accepted', basis: { ageSeconds: 0 } });
  });
});

describe('the outcome is that of the gravest finding', () => {
  it('referred: authentic, but a person must decide', async () => {
    const verdict = await look(await show(), { lists: new Map() });
    expect(verdict).toMatchObject({
      outcome: 'referred',
      findings: [{ code: 'status-list-missing' }],
      statuses: [{ level: 'green' }],
    });
  });

  it('refused, not accepted: it is told what was shown, and every reason', async () => {
    const expired = await look(await show({ at: addHours(NOW, 30) }), {}, {}, addHours(NOW, 30));
    expect(expired).toMatchObject({
      outcome: 'refused',
      reason: 'not-accepted',
      findings: [
        { step: 'key', code: 'stale-warn' },
        { step: 'time', code: 'expired' },
        { step: 'status', code: 'status-list-expired' },
      ],
      statuses: [{ level: 'green' }],
    });
  });

  it('refused, not authentic: the first reason, and nothing else, not even how old the registry is', async () => {
    const text = await show({ holder: stranger, claims: { ...CLAIMS, holderKey: holder.publicJwk } });
    const verdict = await look(text, { registry: { signedAt: addHours(NOW, -100) } });
    expect(verdict).toEqual({
      outcome: 'refused',
      reason: 'not-authentic',
      at: NOW,
      basis: { registryVersion: 7, signedAt: addHours(NOW, -100), ageSeconds: 360_000 },
      findings: [
        {
          step: 'binding',
          code: 'binding-signature',
          requirement: 'REQ-BND-003',
          severity: 'not-authentic',
        },
      ],
    });
    const said = JSON.stringify(z.encode(Verdict, verdict));
    for (const word of [ISSUER, issuer.kid, 'green', 'clear', 'cdc', 'CN-HA', 'standard', 'health']) {
      expect(said).not.toContain(word);
    }
  });
});

describe('every verdict keeps its schema', () => {
  it.each<[string, () => Promise<Verdict>]>([
    ['accepted', async () => look(await show({ disclose: ['reason', 'evidence', 'initials'] }))],
    ['referred', async () => look(await mint(CARD))],
    ['not accepted', async () => look(await show(), {}, { purpose: 'concert' })],
    ['not authentic', async () => look('x')],
    ['contested', async () => look(await show({ claims: { ...CLAIMS, contested: true } }))],
    [
      'an old list',
      async () => look(await show(), { lists: new Map([[LIST, listOf([3], 2, { issuedAt: HOUR })]]) }),
    ],
  ])('%s', async (_, make) => {
    const verdict = await make();
    expect(z.decode(Verdict, z.encode(Verdict, verdict))).toEqual(verdict);
  });
});

describe('REQ-ACC-004 a policy that cannot be used is no verdict on the holder', () => {
  it.each([
    { accept: 'health.level == "blue"' },
    { schemes: ['travel'], accept: 'true' },
    { schemes: ['constructor'], accept: 'true' },
  ])('%j', async (changes) => {
    await expect(look(await show(), {}, changes)).rejects.toMatchObject({ code: 'policy-malformed' });
    await expect(look('x', {}, changes)).rejects.toMatchObject({ code: 'policy-malformed' });
  });
});
