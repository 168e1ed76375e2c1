import { fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { describe, expect, it } from 'vitest';
import { cosign, unsigned } from '../ceremony/sign.ts';
import { ADMINS, authority, signer } from '../testing/small-registry.ts';
import { keyIdOf, tufKeyOf } from './keys.ts';
import { parseRoot, parseSnapshot, parseTargets, parseTimestamp } from './metadata.ts';
import { authorityOf, checkThreshold } from './threshold.ts';

const [alice, bob, carol] = ADMINS;
if (alice === undefined || bob === undefined || carol === undefined) throw new TypeError('three admins');

const role = { keyids: ADMINS.map(({ publicJwk }) => keyIdOf(tufKeyOf(publicJwk))), threshold: 2 };
const keys = Object.fromEntries(
  ADMINS.map(({ publicJwk }) => [keyIdOf(tufKeyOf(publicJwk)), tufKeyOf(publicJwk)]),
);

const COMMON = { spec_version: '1.0.31', version: 1, expires: '2027-01-01T00:00:00Z' };
const ROOT = {
  ...COMMON,
  _type: 'root',
  consistent_snapshot: true,
  keys,
  roles: { root: role, targets: role, snapshot: role, timestamp: role },
};
const TIMESTAMP = {
  ...COMMON,
  _type: 'timestamp',
  signedAt: '2026-01-01T00:00:00Z',
  meta: { 'snapshot.json': { version: 1 } },
};
const SNAPSHOT = { ...COMMON, _type: 'snapshot', meta: { 'targets.json': { version: 1 } } };
const TARGETS = { ...COMMON, _type: 'targets', targets: {} };

const file = (signed: object, signatures: unknown = []) => utf8(JSON.stringify({ signed, signatures }));
const delegations = (roles: object[]) => ({ ...TARGETS, delegations: { keys, roles } });
const DELEGATION = { ...role, name: 'CN-HA', terminating: true, paths: ['regions/CN-HA/*'] };

describe('REQ-REG-002 metadata has the form of TUF 1.0, strictly', () => {
  it('accepts the four kinds', () => {
    expect(parseRoot(file(ROOT)).keys.size).toBe(3);
    expect(parseTimestamp(file(TIMESTAMP)).signed.version).toBe(1);
    expect(parseSnapshot(file(SNAPSHOT)).signed.meta).toEqual({ 'targets.json': { version: 1 } });
    expect(parseTargets(file(delegations([DELEGATION]))).signed.delegations?.roles).toHaveLength(1);
  });

  it.each([
    ['a fraction', { version: 1.5 }],
    ['version 0', { version: 0 }],
    ['a version beyond 2^53', { version: 2 ** 53 }],
    ['a version as text', { version: '1' }],
    ['expires: never', { expires: 'never' }],
    ['expires with a fraction of a second', { expires: '2027-01-01T00:00:00.000Z' }],
    ['expires with an offset', { expires: '2027-01-01T00:00:00+00:00' }],
    ['no expiry', { expires: undefined }],
    ['spec version 2', { spec_version: '2.0.0' }],
    ['spec version 10', { spec_version: '10.0' }],
    ['another type', { _type: 'targets' }],
    ['a fraction in a field that nobody knows', { 'x-note': 0.5 }],
  ])('refuses %s', (_what, change) => {
    expect(() => parseTimestamp(file({ ...TIMESTAMP, ...change }))).toThrowError(
      expect.objectContaining({ code: 'metadata-malformed' }),
    );
  });

  it.each([
    [
      'more in the timestamp than the snapshot',
      { meta: { 'snapshot.json': { version: 1 }, 'x.json': { version: 1 } } },
    ],
    ['a timestamp signed after it expires', { signedAt: '2028-01-01T00:00:00Z' }],
    ['a hash that is none', { meta: { 'snapshot.json': { version: 1, hashes: { sha256: 'AB' } } } }],
    ['a negative length', { meta: { 'snapshot.json': { version: 1, length: -1 } } }],
  ])('refuses %s', (_what, change) => {
    expect(() => parseTimestamp(file({ ...TIMESTAMP, ...change }))).toThrowError(
      expect.objectContaining({ code: 'metadata-malformed' }),
    );
  });

  it.each([
    ['no consistent snapshots', { consistent_snapshot: false }],
    ['a threshold of 0', { roles: { ...ROOT.roles, root: { ...role, threshold: 0 } } }],
    [
      'a key id listed twice',
      { roles: { ...ROOT.roles, root: { keyids: [role.keyids[0], role.keyids[0]], threshold: 1 } } },
    ],
    ['a role left out', { roles: { root: role, targets: role, snapshot: role } }],
    ['a key under another id', { keys: { ['0'.repeat(64)]: Object.values(keys)[0] } }],
    ['an RSA key', { keys: rsaKey() }],
    ['keys that are a list', { keys: [] }],
    ['no keys', { keys: undefined }],
  ])('refuses a root with %s', (_what, change) => {
    expect(() => parseRoot(file({ ...ROOT, ...change }))).toThrowError(
      expect.objectContaining({ code: 'metadata-malformed' }),
    );
  });

  it.each([
    ['the name of a top-level role', { name: 'snapshot' }],
    ['a name that is a path', { name: '../root' }],
    ['neither paths nor prefixes', { paths: undefined }],
    ['both paths and prefixes', { path_hash_prefixes: ['00'] }],
    ['a pattern in another language', { paths: ['regions/{CN-HA,CN-BJ}/*'] }],
    ['no word on terminating', { terminating: undefined }],
  ])('refuses a delegation with %s', (_what, change) => {
    expect(() => parseTargets(file(delegations([{ ...DELEGATION, ...change }])))).toThrowError(
      expect.objectContaining({ code: 'metadata-malformed' }),
    );
  });

  it('refuses one name twice in one delegations object, and a target path that climbs', () => {
    for (const signed of [
      delegations([DELEGATION, DELEGATION]),
      { ...TARGETS, targets: { '../../etc/passwd': { length: 1, hashes: { sha256: '0'.repeat(64) } } } },
      { ...TARGETS, targets: { 'a.json': { length: 1, hashes: {} } } },
    ]) {
      expect(() => parseTargets(file(signed))).toThrowError(
        expect.objectContaining({ code: 'metadata-malformed' }),
      );
    }
  });

  it.each([
    ['no JSON', 'x'],
    ['a name twice', '{"signed":{},"signatures":[],"signatures":[]}'],
    ['a list', '[]'],
    ['nothing signed', '{"signatures":[]}'],
    ['no signatures', JSON.stringify({ signed: TIMESTAMP })],
    ['bytes that are not UTF-8', Uint8Array.of(0xff)],
  ])('refuses %s', (_what, content) => {
    const bytes = typeof content === 'string' ? utf8(content) : content;
    expect(() => parseTimestamp(bytes)).toThrowError(expect.objectContaining({ code: 'metadata-malformed' }));
  });

  it('REQ-REG-003 refuses what is too large before it reads it', () => {
    expect(() => parseTimestamp(new Uint8Array(512 * 1024 + 1))).toThrowError(
      expect.objectContaining({ code: 'metadata-too-large', bound: 512 * 1024 }),
    );
  });

  it('refuses a lone surrogate, which would be signed as another character', () => {
    const text = JSON.stringify({ signed: { ...TIMESTAMP, note: 'X' }, signatures: [] });
    expect(parseTimestamp(utf8(text.replace('"X"', '"\\ud83d\\ude00"'))).signed.version).toBe(1);
    expect(() => parseTimestamp(utf8(text.replace('"X"', '"\\ud83d"')))).toThrowError(
      expect.objectContaining({ code: 'metadata-malformed' }),
    );
  });
});

describe('REQ-REG-004 signatures', () => {
  const root = parseRoot(file(ROOT));
  const twoOfThree = authorityOf(root, root.signed.roles.root);
  const extended = unsigned({ ...TIMESTAMP, 'x-unknown': { b: 'two', a: [1, null, true] } });

  it('are over fields that this version does not know, too', async () => {
    const signed = await cosign(extended, [alice, carol], twoOfThree);
    await checkThreshold(parseTimestamp(signed), twoOfThree);
    const altered = utf8(fromUtf8(signed).replace('"two"', '"TWO"'));
    await expect(checkThreshold(parseTimestamp(altered), twoOfThree)).rejects.toMatchObject({
      code: 'metadata-signatures',
      bound: 2,
    });
  });

  it('do not depend on white space or on the order of names', async () => {
    const signed = await cosign(extended, [alice, bob], twoOfThree);
    const { signatures, signed: content } = JSON.parse(fromUtf8(signed));
    const reordered = Object.fromEntries(Object.entries(content).reverse());
    await checkThreshold(parseTimestamp(utf8(JSON.stringify({ signed: reordered, signatures }))), twoOfThree);
  });

  it('of strangers, and broken ones, neither count nor harm', async () => {
    const stranger = await signer('stranger');
    const open = authorityOf(parseRoot(file(ROOT)), { keyids: role.keyids, threshold: 1 });
    const one = await cosign(extended, [alice], open);
    const { signatures, signed: content } = JSON.parse(fromUtf8(one));
    const junk = [
      { keyid: keyIdOf(tufKeyOf(stranger.publicJwk)), sig: signatures[0].sig },
      { keyid: keyIdOf(tufKeyOf(bob.publicJwk)), sig: '' },
      { keyid: keyIdOf(tufKeyOf(carol.publicJwk)), sig: 'no hex' },
    ];
    const mixed = parseTimestamp(
      utf8(JSON.stringify({ signed: content, signatures: [...junk, ...signatures] })),
    );
    await checkThreshold(mixed, open);
    await expect(checkThreshold(mixed, twoOfThree)).rejects.toMatchObject({ code: 'metadata-signatures' });
  });

  it('of a key that is not a point of its curve do not count, and do not crash', async () => {
    const [mine, other] = [alice.publicJwk, bob.publicJwk];
    if (mine.kty !== 'EC' || other.kty !== 'EC') throw new TypeError('P-256');
    const offCurve = { ...mine, y: other.y };
    const id = keyIdOf(tufKeyOf(offCurve));
    const open = { keys: new Map([[id, offCurve]]), keyids: [id], threshold: 1 };
    const forged = parseTimestamp(
      file(TIMESTAMP, [{ keyid: id, sig: `3044${'0220'.concat('01'.repeat(32)).repeat(2)}` }]),
    );
    await expect(checkThreshold(forged, open)).rejects.toMatchObject({ code: 'metadata-signatures' });
  });

  it('of one key under two ids count once', async () => {
    const again = { ...tufKeyOf(alice.publicJwk), note: 'again' };
    const ids = [keyIdOf(tufKeyOf(alice.publicJwk)), keyIdOf(again)];
    const twice = {
      keys: new Map(ids.map((id) => [id, { ...alice.publicJwk }])),
      keyids: ids,
      threshold: 2,
    };
    const one = JSON.parse(fromUtf8(await cosign(extended, [alice], twice)));
    const signatures = ids.map((keyid) => ({ keyid, sig: one.signatures[0].sig }));
    const both = parseTimestamp(utf8(JSON.stringify({ signed: one.signed, signatures })));
    expect(both.signatures).toHaveLength(2);
    await expect(checkThreshold(both, twice)).rejects.toMatchObject({ code: 'metadata-signatures' });
    await checkThreshold(both, { ...twice, threshold: 1 });
  });

  it('of more keys than the file may hold are refused', () => {
    const many = Array.from({ length: 65 }, (_, i) => ({ keyid: i.toString(16).padStart(64, '0'), sig: '' }));
    expect(() => parseTimestamp(file(TIMESTAMP, many))).toThrowError(
      expect.objectContaining({ code: 'metadata-malformed' }),
    );
    expect(parseTimestamp(file(TIMESTAMP, many.slice(1))).signatures).toHaveLength(64);
    expect(authority(ADMINS, 2).keys).toHaveLength(3);
  });
});

function rsaKey() {
  const key = { keytype: 'rsa', scheme: 'rsassa-pss-sha256', keyval: { public: 'x' } };
  return { [keyIdOf(key)]: key };
}
