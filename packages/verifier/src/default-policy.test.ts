import { packQr } from '@symbolon/credential/qr/pack';
import { describe, expect, it } from 'vitest';
import { defaultPolicy } from './default-policy.ts';
import { FREIGHT, HEALTH, HENAN, NOW, TEST, trustOf } from './testing/plain-trust.ts';
import { CARD, CLAIMS, mint, POLICY, show, showJsonLd } from './testing/presentations.ts';
import { verify } from './verify.ts';

const trust = trustOf();

describe('the policy of whoever has none', () => {
  it('asks for a favourable level of the scheme that is claimed, as the issuer counts it', async () => {
    const expected = { ...POLICY, region: 'CN-HA', accept: 'health.level in ["green"]' };
    const live = await show();
    for (const text of [
      live,
      packQr(live, trust.registry.dictionary),
      await showJsonLd(),
      await mint(CARD),
    ]) {
      expect(await defaultPolicy(text, trust)).toEqual(expected);
    }
    const tested = { ...CLAIMS, scheme: 'test', level: 'negative', rule: 'negative-3d@1' };
    expect(await defaultPolicy(await show({ claims: tested }), trust)).toMatchObject({
      schemes: ['test'],
      accept: 'test.level in ["negative"]',
    });
  });

  it('or as the region that is asked counts it', async () => {
    expect(await defaultPolicy(await show(), trust, 'CN-BJ')).toMatchObject({ region: 'CN-BJ' });
  });

  it('accepts what is favourable, and nothing adverse', async () => {
    for (const [level, rule, outcome] of [
      ['green', 'clear@1', 'accepted'],
      ['amber', 'stay@1', 'refused'],
      ['red', 'contact@1', 'refused'],
    ] as const) {
      const text = await show({ claims: { ...CLAIMS, level, rule } });
      expect(await verify(text, trust, await defaultPolicy(text, trust), NOW)).toMatchObject({ outcome });
    }
  });

  it.each(['', 'hello', '{"@context":[]}', 'SYM1:ABC', `${'x'.repeat(20_000)}`])(
    'is one for text that is no presentation, too: %#',
    async (text) => {
      const policy = await defaultPolicy(text, trust);
      expect(policy).toMatchObject({ region: 'CN-BJ', schemes: ['health'] });
      expect(await verify(text, trust, policy, NOW)).toMatchObject({ reason: 'not-authentic' });
    },
  );

  it.each(['constructor', 'travel'])('of a scheme that is not there: %s', async (scheme) => {
    const text = await show({ claims: { ...CLAIMS, scheme } });
    expect(await defaultPolicy(text, trust)).toMatchObject({ schemes: ['health'] });
  });

  it('where every level is adverse it accepts nothing, and is a policy all the same', async () => {
    const adverse = HEALTH.levels.map((level) => ({ ...level, effect: 'adverse' as const }));
    const grim = trustOf({ registry: { schemes: { health: { ...HEALTH, levels: adverse } } } });
    const text = await show();
    expect(await verify(text, grim, await defaultPolicy(text, grim), NOW)).toMatchObject({
      reason: 'not-accepted',
      findings: [{ code: 'policy-not-met' }],
    });
  });

  it('a scheme with a hyphen has a name in CEL', async () => {
    const road = { ...FREIGHT, id: 'road-condition' };
    const view = { ...HENAN, ruleSets: {} };
    const there = trustOf({ registry: { schemes: { 'road-condition': road } }, henan: view });
    const text = await show({ claims: { ...CLAIMS, scheme: 'road-condition' } });
    expect(await defaultPolicy(text, there)).toMatchObject({
      schemes: ['road-condition'],
      accept: 'roadCondition.level in ["green"]',
    });
  });

  it('REQ-ACC-004 policy-malformed: a registry without any scheme, or without any region', async () => {
    const text = await show();
    for (const registry of [{ schemes: {} }, { regions: {} }]) {
      await expect(defaultPolicy(text, trustOf({ registry }))).rejects.toMatchObject({
        code: 'policy-malformed',
      });
    }
    const two = trustOf({ registry: { schemes: { test: TEST } } });
    expect(await defaultPolicy(text, two)).toMatchObject({ schemes: ['test'] });
  });
});
