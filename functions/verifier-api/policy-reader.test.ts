import type { Policy } from '@symbolon/protocol/schemas/policy';
import { describe, expect, it } from 'vitest';
import { policyReader } from './policy-reader.ts';

const POLICY = {
  region: 'CN-GD',
  purpose: 'venue-entry',
  schemes: ['health', 'test'],
  accept: 'health.level == "green"',
};
const VENUE = { audience: 'urn:symbolon:venue:CN-GD:station', nonce: 'a' };
const about = (purpose: string) => ({ ...POLICY, purpose });

describe('a policy is compiled once for each object', () => {
  it('and the same policy is the same object, in whatever order and with whatever defaults it is written', () => {
    const read = policyReader();
    const first = read(POLICY);
    const { region, ...others } = structuredClone(POLICY);
    expect(read({ ...others, onContested: 'referred', requireNonce: false, region })).toBe(first);
  });

  it.each<[keyof Policy, unknown, unknown]>([
    ['region', 'CN-GD', 'CN-BJ'],
    ['purpose', 'venue-entry', 'travel'],
    ['schemes', ['health', 'test'], ['test', 'health']],
    ['schemes', ['health'], ['health', 'test']],
    ['accept', 'health.level == "green"', 'health.level == "green" '],
    ['accept', 'health.level == "\u00e9"', 'health.level == "e\u0301"'],
    ['accept', 'health.level == "\ud800"', 'health.level == "\ud801"'],
    ['onContested', 'referred', 'refused'],
    ['onBearer', 'referred', 'refused'],
    ['onSeveralHolders', 'refused', 'referred'],
    ['requireNonce', false, true],
    ['venue', VENUE, { ...VENUE, nonce: 'b' }],
    ['venue', VENUE, { ...VENUE, audience: `${VENUE.audience}2` }],
  ])('and another %s is another policy: %j, %j', (member, one, other) => {
    const read = policyReader();
    const [a, b] = [one, other].map((value) => read({ ...POLICY, [member]: value }));
    expect([a?.[member], b?.[member]]).toEqual([one, other]);
    expect(read({ ...POLICY, [member]: one })).toBe(a);
    expect(read({ ...POLICY, [member]: other })).toBe(b);
  });
});

it('the one that was not asked with for longest makes room', () => {
  const read = policyReader(2);
  const [a, b] = [read(about('a')), read(about('b'))];
  expect(read(about('a'))).toBe(a);
  const c = read(about('c'));
  expect(read(about('a'))).toBe(a);
  expect(read(about('c'))).toBe(c);
  const again = read(about('b'));
  expect(again).not.toBe(b);
  expect(again).toEqual(b);
  expect(read(about('a'))).not.toBe(a);
});

it('what is no policy is refused each time, and takes no room', () => {
  const read = policyReader(1);
  const kept = read(POLICY);
  for (let i = 0; i < 2; i++)
    expect(() => read({ ...POLICY, onContest: 'refused' })).toThrow(
      expect.objectContaining({ code: 'policy-malformed' }),
    );
  expect(read(POLICY)).toBe(kept);
});
