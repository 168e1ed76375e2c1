import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { toHex, utf8 } from '@symbolon/protocol/bytes';
import type { JsonObject } from '@symbolon/protocol/strict-json';
import { describe, expect, it } from 'vitest';
import { keyIdOf, tufKeyOf } from '../metadata/keys.ts';
import { parseRoot, readRoot, readSnapshot, readTargets, readTimestamp } from '../metadata/metadata.ts';
import { authorityOf, checkThreshold } from '../metadata/threshold.ts';
import { ADMINS, NOW } from '../testing/small-registry.ts';
import { PLAIN } from './plain-profile.ts';

const COMMON = { spec_version: '1.0', version: 1, expires: '2030-01-01T00:00:00Z' };
const role = { keyids: ADMINS.map(({ publicJwk }) => keyIdOf(tufKeyOf(publicJwk))), threshold: 1 };
const keys: JsonObject = Object.fromEntries(
  ADMINS.map(({ publicJwk }) => [keyIdOf(tufKeyOf(publicJwk)), tufKeyOf(publicJwk)]),
);
const ROOT = {
  ...COMMON,
  _type: 'root',
  keys,
  roles: { root: role, targets: role, snapshot: role, timestamp: role },
};
const TARGETS = { ...COMMON, _type: 'targets', targets: {} };

const file = (signed: object, signatures: readonly object[] = []) =>
  utf8(JSON.stringify({ signed, signatures }));
const malformed = expect.objectContaining({ code: 'metadata-malformed' });

const rsa = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength });
const [RSA_2048, RSA_1024] = [rsa(2048), rsa(1024)];

function rsaObject({ publicKey }: { publicKey: KeyObject }): JsonObject {
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return { keytype: 'rsa', scheme: 'rsassa-pss-sha256', keyval: { public: pem } };
}

const P256_AS_RSA = {
  ...tufKeyOf(ADMINS[0]?.publicJwk ?? expect.unreachable()),
  keytype: 'rsa',
  scheme: 'rsassa-pss-sha256',
};

/** Root by one key that is described by `key`; signed as given. */
function rootBy(key: JsonObject, signer: (data: Uint8Array) => Uint8Array) {
  const id = keyIdOf(key);
  const all = { keyids: [id], threshold: 1 };
  const signed = {
    ...ROOT,
    keys: { [id]: key },
    roles: { root: all, targets: all, snapshot: all, timestamp: all },
  };
  const unsigned = readRoot(PLAIN, file(signed));
  const root = readRoot(PLAIN, file(signed, [{ keyid: id, sig: toHex(signer(unsigned.signingBytes)) }]));
  return checkThreshold(root, authorityOf(root, root.signed.roles.root));
}

function pss(key: KeyObject, saltLength: number) {
  return (data: Uint8Array) =>
    sign('sha256', data, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });
}

describe('keys that only the plain profile knows', () => {
  it.each([
    ['a salt as long as the digest', constants.RSA_PSS_SALTLEN_DIGEST],
    ['the longest salt', constants.RSA_PSS_SALTLEN_MAX_SIGN],
  ])('REQ-REG-004 rsassa-pss-sha256 with %s', async (_what, saltLength) => {
    await rootBy(rsaObject(RSA_2048), pss(RSA_2048.privateKey, saltLength));
  });

  it.each([
    ['by another key', rsaObject(RSA_2048), pss(rsa(2048).privateKey, 32)],
    [
      'with another padding',
      rsaObject(RSA_2048),
      (data: Uint8Array) => sign('sha256', data, RSA_2048.privateKey),
    ],
    ['by a key of 1024 bits', rsaObject(RSA_1024), pss(RSA_1024.privateKey, 32)],
    ['of no form', rsaObject(RSA_2048), () => utf8('x')],
    [
      'by a scheme that nobody knows',
      { ...rsaObject(RSA_2048), scheme: 'rsa-pkcs1v15-sha256' },
      pss(RSA_2048.privateKey, 32),
    ],
    ['by a P-256 key that says it is RSA', P256_AS_RSA, pss(RSA_2048.privateKey, 32)],
    [
      'by a key that is none',
      { keytype: 'rsa', scheme: 'rsassa-pss-sha256', keyval: { public: 'no PEM' } },
      pss(RSA_2048.privateKey, 32),
    ],
  ])('REQ-REG-004 a signature %s does not count, and breaks nothing', async (_what, key, signer) => {
    await expect(rootBy(key, signer)).rejects.toMatchObject({ code: 'metadata-signatures' });
  });

  it('REQ-REG-004 a signature of an RSA key that is no hex does not count, and breaks nothing', async () => {
    const key = rsaObject(RSA_2048);
    const all = { keyids: [keyIdOf(key)], threshold: 1 };
    const signed = {
      ...ROOT,
      keys: { [keyIdOf(key)]: key },
      roles: { root: all, targets: all, snapshot: all, timestamp: all },
    };
    const root = readRoot(PLAIN, file(signed, [{ keyid: keyIdOf(key), sig: 'no hex' }]));
    await expect(checkThreshold(root, authorityOf(root, all))).rejects.toMatchObject({
      code: 'metadata-signatures',
    });
  });

  /** The key of the object with another text of its DER. */
  const rewritten = (change: (der: Buffer) => Buffer): JsonObject => {
    const der = change(RSA_2048.publicKey.export({ type: 'spki', format: 'der' }));
    const pem = `-----BEGIN PUBLIC KEY-----\n${der.toString('base64')}\n-----END PUBLIC KEY-----\n`;
    return { keytype: 'rsa', scheme: 'rsassa-pss-sha256', keyval: { public: pem } };
  };

  it.each([
    ['with a note', { ...rsaObject(RSA_2048), note: 'the same key' }],
    ['on one line', rewritten((der) => der)],
    ['with a byte behind it', rewritten((der) => Buffer.concat([der, Buffer.of(0)]))],
    [
      'with a length of more bytes',
      rewritten((der) => Buffer.concat([Buffer.of(0x30, 0x83, 0), der.subarray(2)])),
    ],
    ['with another exponent', rewritten((der) => Buffer.concat([der.subarray(0, -1), Buffer.of(3)]))],
  ])('REQ-REG-004 one RSA key under two ids, %s, counts once', async (_what, alias) => {
    const key = rsaObject(RSA_2048);
    const ids = [keyIdOf(key), keyIdOf(alias)];
    expect(new Set(ids).size).toBe(2);
    const both = { keyids: ids, threshold: 2 };
    const signed = {
      ...ROOT,
      keys: { [ids[0] ?? '']: key, [ids[1] ?? '']: alias },
      roles: { ...ROOT.roles, root: both },
    };
    const { signingBytes } = readRoot(PLAIN, file(signed));
    const sig = toHex(pss(RSA_2048.privateKey, 32)(signingBytes));
    const root = readRoot(
      PLAIN,
      file(
        signed,
        ids.map((keyid) => ({ keyid, sig })),
      ),
    );
    await expect(checkThreshold(root, authorityOf(root, both))).rejects.toMatchObject({
      code: 'metadata-signatures',
    });
    await checkThreshold(root, authorityOf(root, { ...both, threshold: 1 }));
  });

  it('REQ-REG-002 key ids are recomputed here, too', () => {
    const id = Object.keys(keys)[0] ?? '';
    const swapped = { ...keys, [id]: rsaObject(RSA_2048) };
    expect(() => readRoot(PLAIN, file({ ...ROOT, keys: swapped }))).toThrowError(malformed);
  });
});

describe('what the plain profile takes, and the Symbolon profile does not', () => {
  it.each([
    ['no word on consistent snapshots', {}],
    ['no consistent snapshots', { consistent_snapshot: false }],
    [
      'an RSA key',
      { consistent_snapshot: true, keys: { ...keys, [keyIdOf(rsaObject(RSA_2048))]: rsaObject(RSA_2048) } },
    ],
  ])('REQ-REG-002 root: %s', (_what, change) => {
    expect(readRoot(PLAIN, file({ ...ROOT, ...change })).signed.version).toBe(1);
    expect(() => parseRoot(file({ ...ROOT, ...change }))).toThrowError(malformed);
  });

  it('timestamps without signedAt, role names and paths of any letters, roles without keys, no word on terminating', () => {
    const timestamp = { ...COMMON, _type: 'timestamp', meta: { 'snapshot.json': { version: 1 } } };
    expect(readTimestamp(PLAIN, file(timestamp)).signed.expires).toBeGreaterThan(NOW);
    const meta = { '../a?.json': { version: 3 } };
    expect(readSnapshot(PLAIN, file({ ...COMMON, _type: 'snapshot', meta })).signed.meta).toEqual(meta);
    const targets = { '../ä b': { length: 1, hashes: { 'sha3-256': 'xyz' }, custom: { a: [1] } } };
    const delegations = { keys: {}, roles: [{ name: '../a?', keyids: [], threshold: 1, paths: ['[x]*'] }] };
    const { signed } = readTargets(PLAIN, file({ ...TARGETS, targets, delegations }));
    expect(signed.targets['../ä b']).toEqual({ length: 1, hashes: {} });
    expect(signed.delegations?.roles[0]).toMatchObject({ name: '../a?', terminating: false });
  });
});

describe('what neither profile takes', () => {
  const delegated = (change: object) => ({
    ...TARGETS,
    delegations: { keys, roles: [{ ...role, name: 'a', terminating: true, paths: ['*'], ...change }] },
  });

  it.each([
    ['a fraction', { ...TARGETS, version: 1.5 }],
    ['version 0', { ...TARGETS, version: 0 }],
    ['expires: never', { ...TARGETS, expires: 'never' }],
    ['expires with an offset', { ...TARGETS, expires: '2030-01-01T00:00:00+00:00' }],
    ['spec version 2', { ...TARGETS, spec_version: '2.0' }],
    ['another type', { ...TARGETS, _type: 'snapshot' }],
    ['no targets', { ...COMMON, _type: 'targets' }],
    ['a hash that is none', { ...TARGETS, targets: { a: { length: 1, hashes: { sha256: 'XYZ' } } } }],
    ['the name of a top-level role', delegated({ name: 'root' })],
    ['an empty name', delegated({ name: '' })],
    ['both paths and prefixes', delegated({ path_hash_prefixes: ['00'] })],
    ['a threshold of 0', delegated({ threshold: 0 })],
    ['a key id listed twice', delegated({ keyids: [role.keyids[0], role.keyids[0]] })],
    ['delegations without roles (TAP 15)', { ...TARGETS, delegations: { keys, succinct_roles: {} } }],
  ])('REQ-REG-002 targets with %s', (_what, signed) => {
    expect(() => readTargets(PLAIN, file(signed))).toThrowError(malformed);
  });

  it('REQ-REG-002 one key id twice among the signatures, or more than the snapshot in a timestamp', () => {
    const twice = [0, 1].map(() => ({ keyid: role.keyids[0], sig: '' }));
    expect(() => readTargets(PLAIN, file(TARGETS, twice))).toThrowError(malformed);
    const meta = { 'snapshot.json': { version: 1 }, 'root.json': { version: 1 } };
    expect(() => readTimestamp(PLAIN, file({ ...COMMON, _type: 'timestamp', meta }))).toThrowError(malformed);
  });
});
