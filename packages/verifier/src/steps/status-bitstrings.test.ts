import type { BitstringListOrder } from '@symbolon/credential/bitstring-list';
import type { StatusClaims } from '@symbolon/credential/model';
import { addHours, addSeconds, HOUR_SECONDS } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import type { ListPurpose } from '@symbolon/protocol/list-names';
import type { RegionView } from '@symbolon/registry/registry-view';
import { describe, expect, it } from 'vitest';
import { findingsOf } from '../testing/findings-of.ts';
import {
  bitstringOf,
  HEALTH,
  HENAN,
  HOUR,
  issuer,
  key,
  LIST,
  lister,
  listOf,
  NOW,
  neighbour,
  SIGNED_AT,
  stranger,
  trustOf,
} from '../testing/plain-trust.ts';
import { CLAIMS, decodedOf, POLICY, UNLISTED } from '../testing/presentations.ts';
import type { BundledBitstring, Trust } from '../trust/trust.ts';
import { checkStatus } from './status.ts';

/** Entry 1 is revoked, 2 suspended, 3 both. */
const SET: Record<ListPurpose, readonly number[]> = { revocation: [1, 3], suspension: [2, 3] };

interface Lists {
  readonly revocation?: BundledBitstring | undefined;
  readonly suspension?: BundledBitstring | undefined;
}

async function trustWith(lists: Lists = {}): Promise<Trust> {
  const both = {
    revocation: await bitstringOf('revocation', SET.revocation),
    suspension: await bitstringOf('suspension', SET.suspension),
    ...lists,
  };
  const found = Object.values(both).filter((list) => list !== undefined);
  return trustOf({ lists: new Map(), bitstrings: new Map(found.map((list) => [list.uri, list])) });
}

const check = (trust: Trust, idx = 0, { now = NOW, uri = LIST, view = HENAN } = {}) =>
  findingsOf('status', (findings) => {
    const decoded = decodedOf({ ...CLAIMS, statusEntry: { idx, uri } }, { listedIn: 'bitstrings' });
    return checkStatus(decoded, view, HEALTH, trust, POLICY, now, findings);
  });

/** What is found when the list of revocations is this one. */
async function withRevocation(
  changes: Partial<BitstringListOrder>,
  bundled: Partial<BundledBitstring> = {},
  view: RegionView = HENAN,
) {
  const list = await bitstringOf('revocation', [], changes);
  return (await check(await trustWith({ revocation: { ...list, ...bundled } }), 0, { view })).found;
}

describe('step status, of a JSON-LD credential', () => {
  it.each<[number, string, readonly string[]]>([
    [0, 'valid', []],
    [1, 'REQ-STA-001', ['status-revoked not-accepted']],
    [2, 'REQ-STA-002', ['status-suspended not-accepted']],
    [3, 'REQ-STA-001 goes before REQ-STA-002', ['status-revoked not-accepted']],
    [4, 'valid', []],
  ])('entry %i: %s', async (idx, _, found) => {
    const { result, found: all } = await check(await trustWith(), idx);
    expect(all).toEqual(found);
    expect(result).toEqual({ contested: false, asOf: SIGNED_AT });
  });

  it('REQ-STA-001 asks the token list of the same entries where a bundle has no Bitstring list of them', async () => {
    const lists = new Map([[LIST, listOf([0, 0, 1, 0])]]);
    const trust = trustOf({ lists, bitstrings: new Map() });
    expect((await check(trust, 2)).found).toEqual(['status-revoked not-accepted']);
    expect((await check(trust, 1)).found).toEqual([]);
  });

  it('does not ask the token list, nor an SD-JWT these', async () => {
    const lists = new Map([[LIST, listOf([1, 1, 1, 1])]]);
    const trust = { ...(await trustWith()), lists };
    expect((await check(trust)).found).toEqual([]);
    const claims: StatusClaims = { ...CLAIMS, statusEntry: { idx: 2, uri: LIST } };
    const { found } = await findingsOf('status', (findings) =>
      checkStatus(decodedOf(claims), HENAN, HEALTH, trust, POLICY, NOW, findings),
    );
    expect(found).toEqual(['status-revoked not-accepted']);
  });

  it('REQ-STA-007 status-index: told once, as both lists are as long', async () => {
    const trust = await trustWith();
    expect((await check(trust, LIMITS.bitstringEntries - 1)).found).toEqual([]);
    expect((await check(trust, LIMITS.bitstringEntries)).found).toEqual(['status-index not-accepted']);
  });

  it.each(['revocation', 'suspension'] as const)(
    'REQ-STA-004 without the list of %s the other still tells what it knows',
    async (missing) => {
      const trust = await trustWith({ [missing]: undefined });
      const told = { revocation: [2, 'status-suspended'], suspension: [1, 'status-revoked'] } as const;
      const [idx, code] = told[missing];
      expect((await check(trust)).found).toEqual(['status-list-missing referred']);
      const { found, result } = await check(trust, idx);
      expect(found).toEqual(['status-list-missing referred', `${code} not-accepted`]);
      expect(result.asOf).toBeUndefined();
    },
  );

  it('REQ-STA-004 without both: told once', async () => {
    const trust = await trustWith({ revocation: undefined, suspension: undefined });
    expect((await check(trust)).found).toEqual(['status-list-missing referred']);
  });

  it('REQ-STA-005 from its end on a list is not read', async () => {
    const revocation = await bitstringOf('revocation', [0], { expiresAt: addSeconds(NOW, 1) });
    const trust = await trustWith({ revocation });
    expect((await check(trust)).found).toEqual(['status-revoked not-accepted']);
    const later = await check(trust, 0, { now: addSeconds(NOW, 1) });
    expect(later.found).toEqual(['status-list-expired referred']);
  });

  it.each<[string, number, readonly string[]]>([
    ['fresh enough', 26 * HOUR_SECONDS - 1, []],
    ['REQ-REG-014', 26 * HOUR_SECONDS, ['stale-warn warn']],
    ['REQ-REG-015', 96 * HOUR_SECONDS, ['stale-refer referred']],
    ['REQ-REG-016', 240 * HOUR_SECONDS, ['stale-block not-accepted']],
  ])('the older of both is graded by its age: %s', async (_, age, found) => {
    const issuedAt = addSeconds(NOW, -age);
    const view = { ...HENAN, keys: [key(lister, 'status', { notBefore: addHours(NOW, -300) })] };
    for (const purpose of ['revocation', 'suspension'] as const) {
      const trust = await trustWith({ [purpose]: await bitstringOf(purpose, [], { issuedAt }) });
      const answer = await check(trust, 0, { view });
      expect(answer.found).toEqual(found);
      expect(answer.result.asOf).toBe(issuedAt);
    }
  });

  it.each([
    'https://status.bj.example/lists/498861',
    'https://status.ha.example/other/498861',
    'https://status.ha.example.attacker.example/lists/498861',
    'https://status.ha.example/lists/below/1',
  ])('REQ-STA-006 a list that is not of the issuer: %s', async (uri) => {
    expect((await check(await trustWith(), 0, { uri })).found).toEqual([
      'status-list-malformed not-accepted',
    ]);
  });

  it('REQ-STA-008 for more than six hours a list is asked for', async () => {
    const lasting = async (hours: number) => {
      const claims = { ...UNLISTED, expiresAt: addHours(HOUR, hours) };
      const decoded = decodedOf(claims, { listedIn: 'bitstrings' });
      const { found } = await findingsOf('status', (findings) =>
        checkStatus(decoded, HENAN, HEALTH, trustOf(), POLICY, NOW, findings),
      );
      return found;
    };
    expect(await lasting(6)).toEqual([]);
    expect(await lasting(7)).toEqual(['status-required not-accepted']);
  });
});

describe('a Bitstring list that cannot be believed: the status is unknown', () => {
  it.each<[string, string, Partial<BitstringListOrder>]>([
    ['REQ-KEY-002', 'key-unknown', { signer: stranger }],
    ['REQ-KEY-002 of another region', 'key-unknown', { signer: neighbour }],
    ['REQ-KEY-003 by the issuing key', 'key-use', { signer: issuer }],
    ['REQ-SIG-001', 'signature-invalid', { signer: { ...stranger, kid: lister.kid } }],
    [
      'REQ-STA-006 of another did',
      'status-list-malformed',
      { did: 'did:web:status.bj.example', kid: lister.kid },
    ],
    [
      'REQ-STA-006 of another hour',
      'status-list-malformed',
      { uri: 'https://status.ha.example/lists/498862.revocation' },
    ],
    [
      'REQ-STA-006 of suspensions',
      'status-list-malformed',
      { uri: `${LIST}.suspension`, purpose: 'suspension' },
    ],
    ['REQ-STA-006 not expanded', 'status-list-malformed', { encodedList: 'uAAAA' }],
    ['REQ-TIM-005', 'clock', { issuedAt: addSeconds(NOW, 31) }],
    ['REQ-KEY-004', 'key-not-valid-then', { issuedAt: addHours(HOUR, -25) }],
  ])('%s: %s', async (_, code, changes) => {
    expect(await withRevocation({})).toEqual([]);
    expect(await withRevocation(changes)).toEqual([`${code} referred`]);
  });

  it('REQ-DEC-020 a token in its place, and no list at all', async () => {
    expect(await withRevocation({}, { text: 'a.b.c' })).toEqual(['status-list-malformed referred']);
    expect(await withRevocation({}, { text: '{"type":["StatusCredential"]}' })).toEqual([
      'type-unexpected referred',
    ]);
  });

  it.each<[string, string, Parameters<typeof key>[2]]>([
    ['REQ-KEY-005', 'key-revoked', { revoked: { since: addHours(NOW, 1), reason: 'lost' } }],
    ['REQ-KEY-008', 'algorithm-mismatch', { alg: 'EdDSA' }],
  ])('%s: %s', async (_, code, changes) => {
    const view = { ...HENAN, keys: [key(lister, 'status', changes)] };
    expect(await withRevocation({}, {}, view)).toEqual([`${code} referred`]);
  });

  it('REQ-KEY-012 key-without-lead', async () => {
    const view = { ...HENAN, lateKeys: { [lister.kid]: addSeconds(SIGNED_AT, 1) } };
    expect(await withRevocation({}, {}, view)).toEqual(['key-without-lead referred']);
  });

  it('REQ-STA-009 status-list-rollback: older than the token list of the same entries', async () => {
    expect(await withRevocation({}, { issuedFrom: SIGNED_AT })).toEqual([]);
    expect(await withRevocation({}, { issuedFrom: addSeconds(SIGNED_AT, 1) })).toEqual([
      'status-list-rollback referred',
    ]);
  });

  it('is checked once, and anew when the region’s keys are others', async () => {
    const trust = await trustWith();
    expect((await check(trust)).found).toEqual([]);
    const revoked = { ...HENAN, keys: [key(lister, 'status', { revoked: { since: NOW, reason: 'lost' } })] };
    expect((await check(trust, 0, { view: revoked })).found).toEqual(['key-revoked referred']);
    expect((await check(trust)).found).toEqual([]);
  });
});
