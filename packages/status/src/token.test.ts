import { createPublicKey, hash, verify } from 'node:crypto';
import { deflateSync, inflateSync } from 'node:zlib';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { verifySignature } from '@symbolon/keys/signature';
import { createLocalSigner } from '@symbolon/keys/signer';
import { utf8 } from '@symbolon/protocol/bytes';
import { instant } from '@symbolon/protocol/instant';
import { LIMITS, WINDOW } from '@symbolon/protocol/limits';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { issueStatusListToken, type StatusListOrder } from './issue.ts';
import { statusAt } from './status-list.ts';
import { checkStatusListToken, openStatusListToken, parseStatusListToken } from './token.ts';

const URI = 'https://lists.example/CN-HA/7';
const NOW = instant(1_800_000_000);
const signer = await createLocalSigner(insecurePrivateKeyFromSeed('ES256', 'status'));

async function order(changes: Partial<StatusListOrder> = {}): Promise<string> {
  return await issueStatusListToken({
    uri: URI,
    entries: Uint8Array.of(0, 1, 2, 3, 0),
    bits: 2,
    issuedAt: NOW,
    expiresAt: instant(NOW + 3600),
    ttlSeconds: 900,
    signer,
    ...changes,
  });
}

const good = await order();
const [goodHeader = '', goodPayload = '', goodSignature = ''] = good.split('.');
const part = (text: string) => Buffer.from(text).toString('base64url');
const headerOf = (changes: object) =>
  part(JSON.stringify({ alg: 'ES256', typ: 'statuslist+jwt', kid: signer.kid, ...changes }));
const claimsOf = (changes: object) =>
  part(JSON.stringify({ ...JSON.parse(Buffer.from(goodPayload, 'base64url').toString()), ...changes }));

function refusal(text: string): unknown {
  try {
    parseStatusListToken(text);
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('REQ-STA-006 a token is issued, read, verified, checked and opened', () => {
  it.each(['ES256', 'EdDSA'] as const)('%s', async (alg) => {
    const own = await createLocalSigner(insecurePrivateKeyFromSeed(alg, 'status'));
    const token = await order({ signer: own });
    const parsed = parseStatusListToken(token);
    expect(parsed).toMatchObject({
      alg,
      kid: own.kid,
      claims: { sub: URI, iat: NOW, exp: NOW + 3600, ttl: 900 },
    });
    expect(await verifySignature(own.publicJwk, parsed.signingInput, parsed.signature)).toBe(true);
    expect(checkStatusListToken(parsed, { uri: URI, now: NOW })).toBeUndefined();
    const list = await openStatusListToken(parsed);
    expect([0, 1, 2, 3, 4, 7, 8].map((index) => statusAt(list, index))).toEqual([
      0,
      1,
      2,
      3,
      0,
      0,
      undefined,
    ]);
  });

  it('is a plain JWT: another reader verifies it and finds the same', () => {
    const key = createPublicKey({ key: { ...signer.publicJwk }, format: 'jwk' });
    const signature = Buffer.from(goodSignature, 'base64url');
    const signingInput = Buffer.from(`${goodHeader}.${goodPayload}`);
    expect(verify('sha256', signingInput, { key, dsaEncoding: 'ieee-p1363' }, signature)).toBe(true);
    expect(JSON.parse(Buffer.from(goodHeader, 'base64url').toString())).toEqual({
      alg: 'ES256',
      typ: 'statuslist+jwt',
      kid: signer.kid,
    });
    const { status_list, ...claims } = JSON.parse(Buffer.from(goodPayload, 'base64url').toString());
    expect(claims).toEqual({ sub: URI, iat: NOW, exp: NOW + 3600, ttl: 900 });
    expect(status_list.bits).toBe(2);
    // Entries 0, 1, 2, 3 in the first byte, from its low end: 0b11_10_01_00.
    expect([...inflateSync(Buffer.from(status_list.lst, 'base64url'))]).toEqual([0xe4, 0]);
  });

  it('property: every entry comes back, whatever the bits', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(1 as const, 2 as const, 4 as const, 8 as const),
        fc.uint8Array({ minLength: 1, maxLength: 400 }),
        async (bits, raw) => {
          const entries = raw.map((value) => value % 2 ** bits);
          const list = await openStatusListToken(parseStatusListToken(await order({ bits, entries })));
          expect(Array.from(entries, (_, index) => statusAt(list, index))).toEqual([...entries]);
        },
      ),
      { seed: 13, numRuns: 40 },
    );
  });

  it('issues nothing that no one may read', async () => {
    const refused = (changes: Partial<StatusListOrder>, path?: string) =>
      expect(order(changes)).rejects.toMatchObject({
        code: 'status-list-malformed',
        ...(path === undefined ? {} : { path }),
      });
    await refused({ expiresAt: NOW }, '(root)');
    await refused({ ttlSeconds: 0 }, 'ttl');
    await refused({ ttlSeconds: 0.5 }, 'ttl');
    await refused({ uri: 'http://lists.example/7' }, 'sub');
    await refused({ entries: Uint8Array.of(4) });
    await refused({ entries: new Uint8Array() });
    // A million random bytes do not compress, and pass the bound of a token.
    const noise = Buffer.concat(Array.from({ length: 2 ** 15 }, (_, i) => hash('sha256', `${i}`, 'buffer')));
    await expect(order({ bits: 8, entries: noise })).rejects.toMatchObject({
      bound: LIMITS.statusListTokenBytes,
    });
  });
});

describe('refusals', () => {
  it.each([
    [
      'REQ-DEC-020 another type',
      `${headerOf({ typ: 'JWT' })}.${goodPayload}.${goodSignature}`,
      'type-unexpected',
    ],
    ['REQ-DEC-020 a credential', `${headerOf({ typ: 'dc+sd-jwt' })}.${goodPayload}.x`, 'type-unexpected'],
    [
      'REQ-DEC-020 the type with a prefix',
      `${headerOf({ typ: 'application/statuslist+jwt' })}.${goodPayload}.${goodSignature}`,
      'type-unexpected',
    ],
    [
      'REQ-DEC-020 no type',
      `${headerOf({ typ: undefined })}.${goodPayload}.${goodSignature}`,
      'type-unexpected',
    ],
    ['REQ-KEY-007 none', `${headerOf({ alg: 'none' })}.${goodPayload}.`, 'algorithm-none'],
    ['REQ-KEY-007 None', `${headerOf({ alg: 'None' })}.${goodPayload}.${goodSignature}`, 'algorithm-none'],
    [
      'REQ-KEY-008 HS256',
      `${headerOf({ alg: 'HS256' })}.${goodPayload}.${goodSignature}`,
      'algorithm-mismatch',
    ],
    [
      'REQ-KEY-008 ES384',
      `${headerOf({ alg: 'ES384' })}.${goodPayload}.${goodSignature}`,
      'algorithm-mismatch',
    ],
    ['no alg', `${headerOf({ alg: undefined })}.${goodPayload}.${goodSignature}`, 'status-list-malformed'],
    ['no kid', `${headerOf({ kid: undefined })}.${goodPayload}.${goodSignature}`, 'status-list-malformed'],
    ['crit', `${headerOf({ crit: ['exp'] })}.${goodPayload}.${goodSignature}`, 'status-list-malformed'],
    [
      'jwk',
      `${headerOf({ jwk: signer.publicJwk })}.${goodPayload}.${goodSignature}`,
      'status-list-malformed',
    ],
    ['nothing', '', 'status-list-malformed'],
    ['two parts', `${goodHeader}.${goodPayload}`, 'status-list-malformed'],
    ['four parts', `${good}.`, 'status-list-malformed'],
    ['a cut payload', `${goodHeader}.${goodPayload.slice(0, -9)}.${goodSignature}`, 'status-list-malformed'],
    ['a space in the signature', `${good.slice(0, -3)} ${good.slice(-3)}`, 'status-list-malformed'],
    ['padding', `${good}==`, 'status-list-malformed'],
    [
      'a name twice',
      `${goodHeader}.${part(`{"sub":"x",${Buffer.from(goodPayload, 'base64url').toString().slice(1)}`)}.x`,
      'status-list-malformed',
    ],
    ['an array', `${part('[]')}.${goodPayload}.${goodSignature}`, 'status-list-malformed'],
    [
      'not UTF-8',
      `${Buffer.from([0x7b, 0xff]).toString('base64url')}.${goodPayload}.x`,
      'status-list-malformed',
    ],
  ])('%s', (_, text, code) => {
    expect(refusal(text)).toMatchObject({ code });
  });

  it.each([
    ['sub', { sub: undefined }],
    ['sub', { sub: 'urn:x' }],
    ['iat', { iat: undefined }],
    ['iat', { iat: '1800000000' }],
    ['exp', { exp: undefined }],
    ['exp', { exp: NOW + 0.5 }],
    ['(root)', { exp: NOW }],
    ['ttl', { ttl: undefined }],
    ['ttl', { ttl: -1 }],
    ['status_list', { status_list: undefined }],
    ['status_list.bits', { status_list: { bits: 3, lst: 'eA' } }],
    ['status_list.bits', { status_list: { bits: '2', lst: 'eA' } }],
    ['status_list.lst', { status_list: { bits: 2 } }],
  ])('REQ-STA-006 claims: %s in %j', (path, changes) => {
    expect(refusal(`${goodHeader}.${claimsOf(changes)}.${goodSignature}`)).toMatchObject({
      code: 'status-list-malformed',
      path,
    });
  });

  it('REQ-STA-006 stops at the bound of a token before it reads it', () => {
    expect(refusal('A'.repeat(LIMITS.statusListTokenBytes + 1))).toMatchObject({
      code: 'status-list-malformed',
      bound: LIMITS.statusListTokenBytes,
    });
  });

  it('REQ-STA-006 refuses a list that is not base64url, not ZLIB, or a bomb', async () => {
    const open = (lst: string) =>
      openStatusListToken(
        parseStatusListToken(`${goodHeader}.${claimsOf({ status_list: { bits: 2, lst } })}.${goodSignature}`),
      );
    const refused = { code: 'status-list-malformed' };
    await expect(open('e+==')).rejects.toMatchObject({ ...refused, path: 'lst' });
    await expect(open('AAAA')).rejects.toMatchObject(refused);
    const bomb = deflateSync(new Uint8Array(64 * 1024 * 1024)).toString('base64url');
    await expect(open(bomb)).rejects.toMatchObject({ ...refused, bound: LIMITS.statusListEntries });
  });

  it('REQ-SIG-001 says nothing of the signature, but hands on exactly what it is over', async () => {
    const forged = parseStatusListToken(`${goodHeader}.${claimsOf({ ttl: 901 })}.${goodSignature}`);
    expect(await verifySignature(signer.publicJwk, forged.signingInput, forged.signature)).toBe(false);
    expect(parseStatusListToken(good).signingInput).toEqual(utf8(`${goodHeader}.${goodPayload}`));
  });

  it('REQ-STA-006 another list, REQ-STA-005 from its expiry on, REQ-TIM-005 from the future', () => {
    const parsed = parseStatusListToken(good);
    const at = (now: number, uri = URI) => checkStatusListToken(parsed, { uri, now: instant(now) });
    expect(at(NOW, `${URI}1`)).toBe('status-list-malformed');
    expect(at(NOW, URI.toUpperCase())).toBe('status-list-malformed');
    expect(at(NOW + 3599)).toBeUndefined();
    expect(at(NOW + 3600)).toBe('status-list-expired');
    expect(at(NOW - WINDOW.aheadSeconds)).toBeUndefined();
    expect(at(NOW - WINDOW.aheadSeconds - 1)).toBe('clock');
  });
});
