import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { verifySignature } from '@symbolon/keys/signature';
import { createLocalSigner } from '@symbolon/keys/signer';
import { concatBytes, utf8 } from '@symbolon/protocol/bytes';
import { instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packCompact } from './compact-entries.ts';
import { issueCompactList, openCompactList, parseCompactList } from './compact-list.ts';
import { issueStatusListToken, type StatusListOrder } from './issue.ts';
import { parseStatusListToken } from './token.ts';

const URI = 'https://lists.example/CN-HA/7';
const NOW = instant(1_800_000_000);
const ENTRIES = Uint8Array.of(0, 1, 2, 3, 0);
const signer = await createLocalSigner(insecurePrivateKeyFromSeed('ES256', 'compact'));

const order = (changes: Partial<StatusListOrder> = {}) => ({
  uri: URI,
  entries: ENTRIES,
  bits: 2 as const,
  issuedAt: NOW,
  expiresAt: instant(NOW + 3600),
  ttlSeconds: 900,
  signer,
  ...changes,
});
const good = await issueCompactList(order());
const [goodHeader = '', goodPayload = '', goodSignature = ''] = good.split('.');

const CLAIMS = { sub: URI, iat: NOW, exp: NOW + 3600, ttl: 900, entries: 5 };
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const payloadOf = (claims: string, ...rest: Uint8Array[]) =>
  Buffer.from(concatBytes(utf8(claims), ...rest)).toString('base64url');
const packed = concatBytes(Uint8Array.of(0), packCompact(ENTRIES));
const withPayload = (payload: string) => `${goodHeader}.${payload}.${goodSignature}`;
const withClaims = (changes: object) =>
  withPayload(payloadOf(JSON.stringify({ ...CLAIMS, ...changes }), packed));
const withHeader = (changes: object) =>
  `${part({ alg: 'ES256', typ: 'symbolon-compact-status+jwt', kid: signer.kid, ...changes })}.${goodPayload}.${goodSignature}`;

describe('a compact list', () => {
  it.each(['ES256', 'EdDSA'] as const)('is issued, read, verified and opened: %s', async (alg) => {
    const own = await createLocalSigner(insecurePrivateKeyFromSeed(alg, 'compact'));
    const parsed = parseCompactList(await issueCompactList(order({ signer: own })));
    expect(parsed).toMatchObject({ alg, kid: own.kid, claims: CLAIMS });
    expect(await verifySignature(own.publicJwk, parsed.signingInput, parsed.signature)).toBe(true);
    expect(openCompactList(parsed)).toEqual(ENTRIES);
    const other = parseCompactList(
      await issueCompactList(order({ signer: own, entries: new Uint8Array(5) })),
    );
    expect(await verifySignature(own.publicJwk, other.signingInput, parsed.signature)).toBe(false);
  });

  it('is exactly its header, and its claims, a zero byte and the packed entries in base64url once', () => {
    expect(Buffer.from(goodHeader, 'base64url').toString()).toBe(
      JSON.stringify({ alg: 'ES256', typ: 'symbolon-compact-status+jwt', kid: signer.kid }),
    );
    expect(goodPayload).toBe(payloadOf(JSON.stringify(CLAIMS), packed));
  });

  it('says what was packed, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 600, max: 3 }), async (entries) => {
        const parsed = parseCompactList(await issueCompactList(order({ entries })));
        expect([...openCompactList(parsed)]).toEqual([...entries]);
      }),
      { numRuns: 50 },
    );
  });

  it('REQ-STA-006 is shorter than its token where few are withdrawn, and fits at the largest size with a quarter withdrawn', async () => {
    const share = async (of: number) => {
      const entries = new Uint8Array(LIMITS.statusListEntries).map((_, i) => (i % of === 0 ? 2 : 0));
      return { compact: await issueCompactList(order({ entries })), entries };
    };
    const quarter = await share(4);
    expect(openCompactList(parseCompactList(quarter.compact))).toEqual(quarter.entries);
    const entries = new Uint8Array(2 ** 16);
    for (let i = 0, at = 7; i < 655; i++, at = (at * 75 + 74) % 65537) entries[at % 65536] = 2;
    const token = await issueStatusListToken(order({ entries }));
    expect((await issueCompactList(order({ entries }))).length).toBeLessThan(token.length);
  });
});

describe('REQ-STA-006 a compact list of another form is refused', () => {
  it.each([
    ['cut off', good.slice(0, 40)],
    ['two parts', `${goodHeader}.${goodPayload}`],
    ['four parts', `${good}.`],
    ['too long', `${good}${'A'.repeat(LIMITS.statusListTokenBytes)}`],
    ['a payload that is no base64url', withPayload('a+b=')],
    ['a signature that is no base64url', `${goodHeader}.${goodPayload}.a+b=`],
    ['no end of the claims', withPayload(payloadOf(JSON.stringify(CLAIMS)))],
    ['claims that are no JSON', withPayload(payloadOf('{', packed))],
    ['claims that are no object', withPayload(payloadOf('[]', packed))],
    ['a name twice', withPayload(payloadOf(`{"ttl":1,${JSON.stringify(CLAIMS).slice(1)}`, packed))],
    ['a claim more', withClaims({ status_list: {} })],
    ['no entries', withClaims({ entries: 0 })],
    ['too many entries', withClaims({ entries: LIMITS.statusListEntries + 1 })],
    ['an end before its beginning', withClaims({ exp: NOW })],
    ['no uri', withClaims({ sub: 'http://lists.example/7' })],
    ['a header that asks for more', withHeader({ crit: ['b64'] })],
  ])('%s', (_, text) => {
    expect(() => parseCompactList(text)).toThrow(expect.objectContaining({ code: 'status-list-malformed' }));
  });

  it.each([
    ['fewer entries than are packed', withClaims({ entries: 3 })],
    ['bytes after the entries', withPayload(payloadOf(JSON.stringify(CLAIMS), packed, Uint8Array.of(0)))],
    ['entries that are cut off', withPayload(payloadOf(JSON.stringify(CLAIMS), packed.subarray(0, -2)))],
  ])('when it is opened: %s', (_, text) => {
    const parsed = parseCompactList(text);
    expect(() => openCompactList(parsed)).toThrow(expect.objectContaining({ code: 'status-list-malformed' }));
  });

  it('REQ-DEC-020, REQ-KEY-007, REQ-KEY-008 another type, no algorithm, or one that no key has', async () => {
    const code = (expected: string) => expect.objectContaining({ code: expected });
    const token = await issueStatusListToken(order());
    expect(() => parseCompactList(token)).toThrow(code('type-unexpected'));
    expect(() => parseStatusListToken(good)).toThrow(code('type-unexpected'));
    for (const alg of ['none', 'None'])
      expect(() => parseCompactList(withHeader({ alg }))).toThrow(code('algorithm-none'));
    expect(() => parseCompactList(withHeader({ alg: 'HS256' }))).toThrow(code('algorithm-mismatch'));
  });

  it.each([
    ['a value of more than two bits', { entries: Uint8Array.of(4) }],
    ['no entries', { entries: new Uint8Array() }],
    ['an end before its beginning', { expiresAt: NOW }],
    ['no uri', { uri: 'lists' }],
  ])('is not issued with %s', async (_, changes) => {
    await expect(issueCompactList(order(changes))).rejects.toMatchObject({ code: 'status-list-malformed' });
  });
});
