import type { Signer } from '@symbolon/keys/signer';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import { utf8 } from '@symbolon/protocol/bytes';
import { addHours, addSeconds, type Instant } from '@symbolon/protocol/instant';
import type { RegionView } from '@symbolon/registry/registry-view';
import { issueStatusListToken, type StatusListOrder } from '@symbolon/status/issue';
import { statusAt } from '@symbolon/status/status-list';
import { describe, expect, it } from 'vitest';
import {
  HENAN,
  HOUR,
  issuer,
  issuerEd25519,
  key,
  LIST,
  lister,
  NOW,
  neighbour,
  SIGNED_AT,
  stranger,
  trustOf,
} from '../testing/plain-trust.ts';
import { inflated } from './inflated-lists.ts';
import { openLists } from './open-lists.ts';

function tokenBy(signer: Signer, changes: Partial<StatusListOrder> = {}): Promise<string> {
  return issueStatusListToken({
    uri: LIST,
    entries: Uint8Array.of(0, 1, 2, 3),
    bits: 2,
    issuedAt: SIGNED_AT,
    expiresAt: addHours(HOUR, 24),
    ttlSeconds: 900,
    signer,
    ...changes,
  });
}

/** Any header and claims, signed: what a broken or dishonest signer could make. */
async function forged(signer: Signer, header: object, claims: object = {}): Promise<string> {
  const [, payload = ''] = (await tokenBy(signer)).split('.');
  const honest: object = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const parts = [
    { alg: signer.alg, typ: 'statuslist+jwt', kid: signer.kid, ...header },
    { ...honest, ...claims },
  ];
  const input = parts.map((part) => encodeBase64url(utf8(JSON.stringify(part)))).join('.');
  return `${input}.${encodeBase64url(await signer.sign(utf8(input)))}`;
}

interface Opening {
  readonly henan?: Partial<RegionView>;
  readonly seen?: Record<string, Instant>;
  readonly region?: string;
  readonly id?: string;
}

/** Whose lists are kept inflated. */
const SOME_TRUST = { lists: new Map() };

async function open(token: string, { henan = {}, seen = {}, region = 'CN-HA', id = '498861' }: Opening = {}) {
  const { registry } = trustOf({ henan });
  const { lists, badLists } = await openLists(registry, [{ region, id, token }], seen, NOW);
  return { lists: Object.fromEntries(lists), badLists: Object.fromEntries(badLists) };
}

const refused = (code: string) => ({ lists: {}, badLists: { [LIST]: code } });
const signedBy = (changes: Parameters<typeof key>[2]) => ({
  henan: { ...HENAN, keys: [key(lister, 'status', changes)] },
});

describe('open lists: what is believed', () => {
  it('a list that the region’s status key signed', async () => {
    const { lists, badLists } = await open(await tokenBy(lister));
    expect(badLists).toEqual({});
    expect(lists[LIST]).toMatchObject({ issuedAt: SIGNED_AT, expiresAt: addHours(HOUR, 24) });
    const list = await inflated(SOME_TRUST, lists[LIST] ?? expect.unreachable());
    expect([0, 1, 2, 3].map((index) => statusAt(list, index))).toEqual([0, 1, 2, 3]);
  });

  it('also one that has expired: that is judged when it is read', async () => {
    const expired = await tokenBy(lister, { issuedAt: addHours(HOUR, -3), expiresAt: addHours(HOUR, -1) });
    expect((await open(expired)).lists[LIST]?.expiresAt).toBe(addHours(HOUR, -1));
  });

  it('one that lies a little ahead, within the tolerance for clocks', async () => {
    const ahead = await tokenBy(lister, { issuedAt: addSeconds(NOW, 30) });
    expect((await open(ahead)).lists[LIST]?.issuedAt).toBe(addSeconds(NOW, 30));
  });
});

describe('open lists: inflated when they are read', () => {
  it('REQ-STA-006 no ZLIB is found then', async () => {
    const { lists } = await open(await forged(lister, {}, { status_list: { bits: 2, lst: 'AA' } }));
    await expect(inflated(SOME_TRUST, lists[LIST] ?? expect.unreachable())).rejects.toMatchObject({
      code: 'status-list-malformed',
    });
  });

  it('a list is inflated once while it is in use, and many lists do not fill the memory', async () => {
    const { lists } = await open(await tokenBy(lister));
    const list = lists[LIST] ?? expect.unreachable();
    const trust = { lists: new Map() };
    const first = await inflated(trust, list);
    expect(await inflated({ ...trust }, list)).toBe(first);
    for (let other = 0; other < 16; other++) await inflated(trust, { ...list });
    expect(await inflated(trust, list)).not.toBe(first);
  });
});

describe('open lists: Bitstring lists are kept unread', () => {
  const bundled = async (id: string, token: string) => ({ region: 'CN-HA', id, token });
  const opened = async (seen: Record<string, Instant>, token?: string) => {
    const lists = [
      await bundled('498861.revocation', 'anything'),
      ...(token === undefined ? [] : [await bundled('498861', token)]),
    ];
    return openLists(trustOf().registry, lists, seen, NOW);
  };

  it('beside the tokens, by their own URI', async () => {
    const { lists, badLists, bitstrings } = await opened({}, await tokenBy(lister));
    expect([...lists.keys()]).toEqual([LIST]);
    expect(badLists.size).toBe(0);
    const uri = `${LIST}.revocation`;
    expect([...bitstrings]).toEqual([
      [uri, { region: 'CN-HA', uri, text: 'anything', issuedFrom: SIGNED_AT }],
    ]);
  });

  it('REQ-STA-009 with the time of the token list that was seen, in this bundle or before', async () => {
    const later = addSeconds(SIGNED_AT, 1);
    const from = async (seen: Record<string, Instant>, token?: string) =>
      [...(await opened(seen, token)).bitstrings.values()][0]?.issuedFrom;
    expect(await from({})).toBeUndefined();
    expect(await from({}, await tokenBy(lister))).toBe(SIGNED_AT);
    expect(await from({ [LIST]: later })).toBe(later);
    // A token that is itself held back, or forged, moves nothing.
    expect(await from({ [LIST]: later }, await tokenBy(lister))).toBe(later);
    expect(await from({}, await tokenBy(stranger))).toBeUndefined();
  });

  it('those of no region are nobody’s', async () => {
    const list = { region: 'CN-XX', id: '498861.revocation', token: 'x' };
    expect((await openLists(trustOf().registry, [list], {}, NOW)).bitstrings.size).toBe(0);
  });
});

describe('open lists: one that cannot be believed spoils itself only', () => {
  it.each<[string, string, () => Promise<string>]>([
    ['REQ-KEY-002', 'key-unknown', () => tokenBy(stranger)],
    ['REQ-KEY-002 of another region', 'key-unknown', () => tokenBy(neighbour)],
    ['REQ-KEY-003 the issuing key', 'key-use', () => tokenBy(issuer)],
    ['REQ-KEY-008', 'algorithm-mismatch', () => forged(lister, { alg: 'EdDSA' })],
    ['REQ-KEY-008', 'algorithm-mismatch', () => forged(lister, { alg: 'HS256' })],
    ['REQ-KEY-007', 'algorithm-none', () => forged(lister, { alg: 'none' })],
    ['REQ-SIG-001', 'signature-invalid', () => forged(stranger, { kid: lister.kid })],
    ['REQ-SIG-001', 'signature-invalid', async () => (await tokenBy(lister)).replace(/\.[^.]*$/, '.AAAA')],
    ['REQ-DEC-020', 'type-unexpected', () => forged(lister, { typ: 'dc+sd-jwt' })],
    ['REQ-STA-006 its own key brought along', 'status-list-malformed', () => forged(lister, { jwk: {} })],
    ['REQ-STA-006 no token', 'status-list-malformed', async () => 'x'],
    ['REQ-STA-006 another list', 'status-list-malformed', () => tokenBy(lister, { uri: `${LIST}-1` })],
    ['REQ-STA-006 no end', 'status-list-malformed', () => forged(lister, {}, { exp: undefined })],
    [
      'REQ-STA-006 no base64url',
      'status-list-malformed',
      () => forged(lister, {}, { status_list: { bits: 2, lst: 'A' } }),
    ],
    ['REQ-TIM-005', 'clock', () => tokenBy(lister, { issuedAt: addSeconds(NOW, 31) })],
  ])('%s %s', async (_, code, token) => {
    expect(await open(await token())).toEqual(refused(code));
  });

  it.each<[string, string, Parameters<typeof key>[2]]>([
    ['REQ-KEY-005', 'key-revoked', { revoked: { since: addHours(NOW, 1), reason: 'lost' } }],
    ['REQ-KEY-004 before the key', 'key-not-valid-then', { notBefore: addSeconds(SIGNED_AT, 1) }],
    ['REQ-KEY-004 from its end on', 'key-not-valid-then', { notAfter: SIGNED_AT }],
    ['REQ-KEY-008', 'algorithm-mismatch', { alg: 'EdDSA' }],
    [
      'REQ-KEY-006',
      'key-malformed',
      { jwk: { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) } },
    ],
  ])('%s %s', async (_, code, changes) => {
    expect(await open(await tokenBy(lister), signedBy(changes))).toEqual(refused(code));
  });

  it('REQ-KEY-004 a list of the first second of its key is believed', async () => {
    const first = signedBy({ notBefore: SIGNED_AT, notAfter: addSeconds(SIGNED_AT, 1) });
    expect((await open(await tokenBy(lister), first)).badLists).toEqual({});
  });

  it('REQ-STA-009 status-list-rollback: older than one that was seen', async () => {
    const token = await tokenBy(lister);
    expect(await open(token, { seen: { [LIST]: addSeconds(SIGNED_AT, 1) } })).toEqual(
      refused('status-list-rollback'),
    );
    expect((await open(token, { seen: { [LIST]: SIGNED_AT } })).badLists).toEqual({});
    expect((await open(token, { seen: { constructor: NOW, other: NOW } })).badLists).toEqual({});
  });

  it('REQ-STA-006 a list in another place is another list, and not the one that it says', async () => {
    expect(await open(await tokenBy(lister), { id: '498862' })).toEqual({
      lists: {},
      badLists: { 'https://status.ha.example/lists/498862': 'status-list-malformed' },
    });
    expect(await open(await tokenBy(lister), { region: 'CN-BJ' })).toEqual({
      lists: {},
      badLists: { 'https://status.bj.example/lists/498861': 'key-unknown' },
    });
  });

  it.each(['CN-XX', 'constructor', '__proto__'])('lists of no region are nobody’s: %s', async (region) => {
    expect(await open(await tokenBy(lister), { region })).toEqual({ lists: {}, badLists: {} });
  });

  it('the others beside it are believed', async () => {
    const uri = `${HENAN.region.issuer}/lists/498862`;
    const bundled = [
      { region: 'CN-HA', id: '498861', token: 'x' },
      { region: 'CN-HA', id: '498862', token: await tokenBy(lister, { uri }) },
      { region: 'CN-BJ', id: '498862', token: await tokenBy(issuerEd25519) },
    ];
    const { lists, badLists } = await openLists(trustOf().registry, bundled, {}, NOW);
    expect([...lists.keys()]).toEqual([uri]);
    expect([...badLists]).toEqual([
      [LIST, 'status-list-malformed'],
      ['https://status.bj.example/lists/498862', 'key-unknown'],
    ]);
  });
});
