import type { Policy } from '@symbolon/protocol/schemas/policy';
import { describe, expect, it } from 'vitest';
import { policyFor, readPolicy } from './policy.ts';
import { HEALTH, TEST } from './testing/plain-trust.ts';
import { POLICY } from './testing/presentations.ts';

const SCHEMES = { health: HEALTH, test: TEST };
const refusal = (code: string, path: string) => expect.objectContaining({ code, path });

describe('a policy', () => {
  it('is read, with the careful choice where it says nothing', () => {
    const { onContested, onBearer, requireNonce, ...needed } = POLICY;
    expect(readPolicy(needed)).toEqual({
      ...needed,
      onContested: 'referred',
      onBearer: 'referred',
      requireNonce: false,
    });
    const strict = { ...POLICY, onContested: 'refused', onBearer: 'accepted', requireNonce: true };
    expect(readPolicy(strict)).toEqual(strict);
  });

  it('REQ-ACC-004 policy-malformed names every bad path, and no value', () => {
    const bad = { ...POLICY, region: 'CN_HA secret', schemes: [], accept: '', venue: { audience: 'secret' } };
    expect(() => readPolicy(bad)).toThrowError(
      refusal('policy-malformed', 'region, schemes, accept, venue.nonce'),
    );
    expect(() => readPolicy('secret')).toThrowError(refusal('policy-malformed', '(root)'));
  });

  it('is compiled once for the schemes of one registry, and again for those of the next', () => {
    const first = policyFor(POLICY, SCHEMES);
    expect(policyFor(POLICY, SCHEMES)).toBe(first);
    expect(policyFor(POLICY, { ...SCHEMES })).not.toBe(first);
  });

  it('REQ-ACC-004 is held to its form where it is used, whoever made the object', () => {
    const { onContested: _, ...unread } = POLICY;
    expect(policyFor(unread as Policy, SCHEMES).policy.onContested).toBe('referred');
    for (const [changes, path] of [
      [{ onContested: 'Refused' }, 'onContested'],
      [{ onSeveralHolders: 'refuse' }, 'onSeveralHolders'],
      [{ requireNonce: true, venue: null }, 'venue'],
      [{ schemes: 'health' }, 'schemes'],
    ] as const)
      expect(() => policyFor({ ...POLICY, ...changes } as unknown as Policy, SCHEMES)).toThrowError(
        refusal('policy-malformed', path),
      );
    for (const none of [{}, null, undefined, 'health'])
      expect(() => policyFor(none as unknown as Policy, SCHEMES)).toThrowError(
        expect.objectContaining({ code: 'policy-malformed' }),
      );
  });

  it('is what it was at its first use: a change of the object has no effect, neither for this registry nor for the next', () => {
    const changing: { -readonly [K in keyof Policy]: Policy[K] } = { ...POLICY, schemes: ['health'] };
    const first = policyFor(changing, SCHEMES).policy;
    changing.onBearer = 'accepted';
    changing.schemes.push('test');
    expect(first).toEqual(POLICY);
    expect(policyFor(changing, { ...SCHEMES }).policy).toEqual(POLICY);
  });

  it.each([
    [
      'a level that the scheme does not have',
      { accept: 'health.level == "blue"' },
      'accept:16 value-not-listed',
    ],
    ['what is not an expression', { accept: 'health.level ==' }, 'accept:15 syntax'],
    ['a scheme that the registry does not have', { schemes: ['travel'], accept: 'true' }, 'schemes.0'],
    ['a scheme called as objects inherit', { schemes: ['constructor'], accept: 'true' }, 'schemes.0'],
  ])('REQ-ACC-004 policy-malformed: %s', (_, changes, path) => {
    expect(() => policyFor({ ...POLICY, ...changes }, SCHEMES)).toThrowError(
      refusal('policy-malformed', path),
    );
  });
});
