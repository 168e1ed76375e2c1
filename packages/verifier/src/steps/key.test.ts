import { addHours, addSeconds, DAY_SECONDS, HOUR_SECONDS } from '@symbolon/protocol/instant';
import type { RegionKey } from '@symbolon/protocol/schemas/region';
import { describe, expect, it } from 'vitest';
import type { Decoded } from '../decoded.ts';
import { findingsOf } from '../testing/findings-of.ts';
import {
  DID,
  HENAN,
  HOUR,
  issuer,
  issuerEd25519,
  key,
  lister,
  NOW,
  neighbour,
  SIGNED_AT,
  type TrustChanges,
  trustOf,
} from '../testing/plain-trust.ts';
import { decodedOf } from '../testing/presentations.ts';
import { findKey, gradeRegistry } from './key.ts';

const find = (decoded: Decoded, changes: TrustChanges = {}, now = NOW) =>
  findingsOf('key', (findings) => {
    const trust = trustOf(changes);
    gradeRegistry(trust, now, findings);
    return findKey(decoded, trust, now, findings);
  });
const withKey = (changes: Partial<RegionKey>) => ({ henan: { keys: [key(issuer, 'credential', changes)] } });

describe('step key: from the registry alone', () => {
  it('finds it by issuer URL or DID, and kid', async () => {
    for (const one of [decodedOf(), decodedOf(undefined, { issuer: DID })]) {
      const { result, found } = await find(one);
      expect(found).toEqual([]);
      expect(result?.view.region.region).toBe('CN-HA');
      expect(result?.key.jwk).toBe(issuer.publicJwk);
    }
    const ed25519 = decodedOf(undefined, { kid: issuerEd25519.kid, alg: 'EdDSA' });
    expect((await find(ed25519)).result?.key.jwk).toBe(issuerEd25519.publicJwk);
  });

  it.each<[string, string, Partial<Omit<Decoded, 'claims'>>, TrustChanges?]>([
    ['REQ-KEY-001', 'issuer-unknown', { issuer: 'https://status.xx.example' }],
    ['REQ-KEY-001', 'issuer-unknown', { issuer: 'https://status.ha.example/' }],
    ['REQ-KEY-001', 'issuer-unknown', { issuer: 'constructor' }],
    ['REQ-KEY-001', 'issuer-unknown', {}, { registry: { regions: {} } }],
    ['REQ-KEY-002', 'key-unknown', { kid: 'AAAAAAAAAAA' }],
    ['REQ-KEY-002', 'key-unknown', { kid: 'constructor' }],
    ['REQ-KEY-002 of another region', 'key-unknown', { kid: neighbour.kid }],
    ['REQ-KEY-003', 'key-use', { kid: lister.kid }],
    ['REQ-KEY-008', 'algorithm-mismatch', { alg: 'EdDSA' }],
    ['REQ-KEY-008', 'algorithm-mismatch', { kid: issuerEd25519.kid }],
    ['REQ-KEY-004', 'key-not-valid-then', {}, withKey({ notBefore: addHours(HOUR, 1) })],
    ['REQ-KEY-004 its end', 'key-not-valid-then', {}, withKey({ notAfter: HOUR })],
    ['REQ-KEY-005', 'key-revoked', {}, withKey({ revoked: { since: HOUR, reason: 'lost' } })],
    [
      'REQ-KEY-005 whatever its since',
      'key-revoked',
      {},
      withKey({ revoked: { since: addHours(HOUR, 5), reason: 'lost' } }),
    ],
  ])('%s %s', async (_, code, decoded, changes = {}) => {
    expect(await find(decodedOf(undefined, decoded), changes)).toEqual({
      result: undefined,
      found: [`${code} not-authentic`],
    });
  });

  it('REQ-KEY-004 holds from the first second of the key to before its last', async () => {
    for (const edge of [{ notBefore: HOUR }, { notAfter: addSeconds(HOUR, 1) }]) {
      expect((await find(decodedOf(), withKey(edge))).found).toEqual([]);
    }
  });
});

describe('step key: how old the registry is', () => {
  it.each<[string, number, readonly string[]]>([
    ['fresh', 0, []],
    ['REQ-REG-014 a second before the warning', 26 * HOUR_SECONDS - 1, []],
    ['REQ-REG-014 the warning', 26 * HOUR_SECONDS, ['stale-warn warn']],
    ['REQ-REG-015 a second before the referral', 96 * HOUR_SECONDS - 1, ['stale-warn warn']],
    ['REQ-REG-015 the referral', 96 * HOUR_SECONDS, ['stale-refer referred']],
    ['REQ-REG-016 a second before the block', 240 * HOUR_SECONDS - 1, ['stale-refer referred']],
    ['REQ-REG-016 the block', 240 * HOUR_SECONDS, ['stale-block not-accepted']],
  ])('%s', async (_, age, expected) => {
    const { result, found } = await find(decodedOf(), {}, addSeconds(SIGNED_AT, age));
    expect(result).toBeDefined();
    expect(found).toEqual(expected);
  });

  it('REQ-REG-017 region-expired: from the second on which its roles end', async () => {
    const expiresAt = (expires: typeof NOW) => find(decodedOf(), { henan: { ...HENAN, expires } });
    expect((await expiresAt(NOW)).found).toEqual(['region-expired referred']);
    expect((await expiresAt(addSeconds(NOW, 1))).found).toEqual([]);
    expect((await find(decodedOf(), { beijing: { expires: NOW } })).found).toEqual([]);
  });

  it.each(['rootExpires', 'targetsExpires'] as const)('REQ-REG-018 registry-expired: %s', async (which) => {
    expect((await find(decodedOf(), { registry: { [which]: NOW } })).found).toEqual([
      'registry-expired referred',
    ]);
    expect((await find(decodedOf(), { registry: { [which]: addSeconds(NOW, 1) } })).found).toEqual([]);
  });

  it('is told also when the key is not found: it is why', async () => {
    const old = addSeconds(SIGNED_AT, 5 * DAY_SECONDS);
    const { found } = await find(decodedOf(undefined, { kid: 'AAAAAAAAAAA' }), {}, old);
    expect(found).toEqual(['stale-refer referred', 'key-unknown not-authentic']);
  });
});
