import type { StatusClaims } from '@symbolon/credential/model';
import { addHours, addSeconds, HOUR_SECONDS } from '@symbolon/protocol/instant';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import { describe, expect, it } from 'vitest';
import { findingsOf } from '../testing/findings-of.ts';
import {
  FREIGHT,
  HEALTH,
  HENAN,
  HOUR,
  ISSUER,
  LIST,
  listOf,
  NOW,
  SIGNED_AT,
  type TrustChanges,
  trustOf,
} from '../testing/plain-trust.ts';
import { CLAIMS, decodedOf, POLICY, UNLISTED } from '../testing/presentations.ts';
import { checkStatus } from './status.ts';

interface Setting {
  readonly trust?: TrustChanges;
  readonly policy?: Partial<Policy>;
  readonly now?: typeof NOW;
  readonly scheme?: typeof HEALTH;
}

const check = (claims: StatusClaims, { trust, policy, now = NOW, scheme = HEALTH }: Setting = {}) =>
  findingsOf('status', (findings) =>
    checkStatus(decodedOf(claims), HENAN, scheme, trustOf(trust), { ...POLICY, ...policy }, now, findings),
  );
const entry = (idx: number, uri = LIST): StatusClaims => ({ ...CLAIMS, statusEntry: { idx, uri } });
const lists = (list: ReturnType<typeof listOf>) => ({ trust: { lists: new Map([[LIST, list]]) } });

describe('step status: what the entry says', () => {
  it.each<[number, string, readonly string[]]>([
    [0, 'valid', []],
    [1, 'REQ-STA-001', ['status-revoked not-accepted']],
    [2, 'REQ-STA-002', ['status-suspended not-accepted']],
    [3, 'REQ-STA-003', ['status-contested referred']],
  ])('entry %i: %s', async (idx, _, found) => {
    const { result, found: all } = await check(entry(idx));
    expect(all).toEqual(found);
    expect(result).toEqual({ contested: idx === 3, asOf: SIGNED_AT });
  });

  it.each([
    ['accepted', 'warn'],
    ['referred', 'referred'],
    ['refused', 'not-accepted'],
  ] as const)('REQ-STA-003 status-contested: onContested %s gives %s', async (onContested, severity) => {
    const expected = { contested: true, found: [`status-contested ${severity}`] };
    for (const claims of [entry(3), { ...entry(0), contested: true }, { ...UNLISTED, contested: true }]) {
      const { result, found } = await check(claims, { policy: { onContested } });
      expect({ contested: result.contested, found }).toEqual(expected);
    }
  });

  it('a one-bit list says revoked or valid', async () => {
    const oneBit = lists(listOf([0, 1], 1));
    expect((await check(entry(0), oneBit)).found).toEqual([]);
    expect((await check(entry(1), oneBit)).found).toEqual(['status-revoked not-accepted']);
  });

  it.each([4, 5, 11, 15])(
    'REQ-STA-006 the unknown value %i is not valid: a person decides',
    async (value) => {
      const { result, found } = await check(entry(0), lists(listOf([value], 4)));
      expect(found).toEqual(['status-list-malformed referred']);
      expect(result.contested).toBe(false);
    },
  );
});

describe('step status: which list is read', () => {
  it('REQ-STA-004 status-list-missing', async () => {
    const { result, found } = await check(entry(0), { trust: { lists: new Map() } });
    expect(found).toEqual(['status-list-missing referred']);
    expect(result.asOf).toBeUndefined();
  });

  it('a list that cannot be believed: told by its own fault, and contested by the claim all the same', async () => {
    const trust = { lists: new Map(), badLists: new Map([[LIST, 'status-list-rollback' as const]]) };
    expect((await check({ ...entry(0), contested: true }, { trust })).found).toEqual([
      'status-list-rollback referred',
      'status-contested referred',
    ]);
  });

  it.each([
    'https://status.bj.example/lists/498861',
    `${ISSUER}/other/498861`,
    `${ISSUER}.attacker.example/lists/498861`,
    `${ISSUER}/lists/below/lists/1`,
    `${ISSUER}/lists/`,
    `${ISSUER}/lists/../lists/498861/`,
  ])('REQ-STA-006 status-list-malformed: not of the issuer, %s', async (uri) => {
    const trust = { lists: new Map([[uri, listOf([0])]]) };
    expect((await check(entry(0, uri), { trust })).found).toEqual(['status-list-malformed not-accepted']);
  });

  it('REQ-STA-005 status-list-expired: from its end on it is not read', async () => {
    const list = listOf([1], 2, { expiresAt: NOW });
    expect((await check(entry(0), lists(list))).found).toEqual(['status-list-expired referred']);
    const living = listOf([1], 2, { expiresAt: addSeconds(NOW, 1) });
    expect((await check(entry(0), lists(living))).found).toEqual(['status-revoked not-accepted']);
  });

  it('REQ-STA-007 status-index', async () => {
    expect((await check(entry(3), lists(listOf([0, 0, 0, 0])))).found).toEqual([]);
    expect((await check(entry(4), lists(listOf([0, 0, 0, 0])))).found).toEqual(['status-index not-accepted']);
  });

  it.each<[string, number, readonly string[]]>([
    ['fresh enough', 26 * HOUR_SECONDS - 1, []],
    ['REQ-REG-014', 26 * HOUR_SECONDS, ['stale-warn warn']],
    ['REQ-REG-015', 96 * HOUR_SECONDS, ['stale-refer referred']],
    ['REQ-REG-016', 240 * HOUR_SECONDS, ['stale-block not-accepted']],
  ])('an old list in a fresh bundle is graded by its own age: %s', async (_, age, found) => {
    const list = listOf([0], 2, { issuedAt: addSeconds(NOW, -age) });
    expect((await check(entry(0), lists(list))).found).toEqual(found);
  });

  it('an old list that says revoked says both', async () => {
    const list = listOf([1], 2, { issuedAt: addHours(NOW, -100) });
    expect((await check(entry(0), lists(list))).found).toEqual([
      'stale-refer referred',
      'status-revoked not-accepted',
    ]);
  });
});

describe('REQ-STA-008 status-required', () => {
  const lasting = (hours: number) => ({ ...UNLISTED, expiresAt: addHours(HOUR, hours) });

  it('for more than six hours, where the scheme has lists', async () => {
    expect((await check(lasting(6))).found).toEqual([]);
    expect((await check(lasting(7))).found).toEqual(['status-required not-accepted']);
    expect((await check(lasting(7), { scheme: FREIGHT })).found).toEqual([]);
  });

  it('nothing is known as of any time', async () => {
    expect((await check(UNLISTED)).result).toEqual({ contested: false, asOf: undefined });
  });
});
