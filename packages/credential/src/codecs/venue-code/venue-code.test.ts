import { verifySignature } from '@symbolon/keys/signature';
import { decodeBase64url, encodeBase64url } from '@symbolon/protocol/base64url';
import { utf8 } from '@symbolon/protocol/bytes';
import { isSymbolonError } from '@symbolon/protocol/errors';
import { addHours, addSeconds } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import fc from 'fast-check';
import { encode } from 'uqr';
import { describe, expect, it } from 'vitest';
import { ed25519Signer, HOUR, ISSUER, issuerSigner } from '../../testing/sample.ts';
import { decodeBase45, encodeBase45 } from '../qr-text/base45.ts';
import { decodeCbor, encodeCbor } from '../qr-text/cbor.ts';
import { packVenueCode, readVenueCode, type VenueClaims, writeVenueCode } from './index.ts';
import { unpackVenueCode } from './pack.ts';

const CLAIMS: VenueClaims = {
  iss: ISSUER,
  venue: 'central-station',
  title: { en: 'Central station', zh: '中央车站' },
  purpose: 'entry',
  schemes: ['health', 'test'],
  accept: 'health.level == "green" && test.age < duration("48h")',
  onContested: 'referred',
  onBearer: 'refused',
  nonce: 'AAECAwQFBgcICQoLDA0ODw',
  iat: HOUR,
  exp: addHours(HOUR, 168),
};
const { title: _, ...UNTITLED } = CLAIMS;

const good = await writeVenueCode(CLAIMS, issuerSigner);
const packed = packVenueCode(good);
const [goodHeader = '', goodPayload = '', goodSignature = ''] = good.split('.');

const part = (value: unknown) =>
  encodeBase64url(utf8(typeof value === 'string' ? value : JSON.stringify(value)));
const withHeader = (changes: object) =>
  `${part({ alg: 'ES256', typ: 'symbolon-venue+jwt', kid: issuerSigner.kid, ...changes })}.${goodPayload}.${goodSignature}`;
const withClaims = (changes: object) => `${goodHeader}.${part({ ...CLAIMS, ...changes })}.${goodSignature}`;
const partsOf = (text: string) => decodeCbor(decodeBase45(text.slice(6)));
const textOf = (cbor: Uint8Array) => `SYMV1:${encodeBase45(cbor)}`;

function codeOf(text: string): string | undefined {
  try {
    readVenueCode(text);
    return undefined;
  } catch (error) {
    if (isSymbolonError(error)) return error.code;
    throw error;
  }
}

describe('REQ-VEN-001 a venue code is written, packed and read', () => {
  it.each([
    ['ES256', issuerSigner],
    ['EdDSA', ed25519Signer],
  ] as const)('%s', async (alg, signer) => {
    const token = await writeVenueCode(CLAIMS, signer);
    for (const text of [token, packVenueCode(token)]) {
      const { signingInput, signature, ...rest } = readVenueCode(text);
      expect(rest).toEqual({ kid: signer.kid, alg, claims: CLAIMS });
      expect(await verifySignature(signer.publicJwk, signingInput, signature)).toBe(true);
    }
  });

  it('without a title', async () => {
    const { claims } = readVenueCode(await writeVenueCode(UNTITLED, issuerSigner));
    expect(claims).toEqual(UNTITLED);
  });

  it('in one fixed order of names, whatever order they were given in', async () => {
    const reversed = Object.fromEntries(Object.entries(CLAIMS).reverse()) as VenueClaims;
    const [header, payload] = (await writeVenueCode(reversed, issuerSigner)).split('.');
    expect([header, payload]).toEqual([goodHeader, goodPayload]);
  });

  it('as a QR code that a phone reads off a wall: version 20 or less at error correction M', () => {
    expect(packed).toMatch(/^SYMV1:[0-9A-Z $%*+\-./:]+$/);
    expect(encode(packed, { ecc: 'M' }).version).toBeLessThanOrEqual(20);
  });

  it('is not written when no QR text would hold it', async () => {
    const accept = `health.level == "green" ${' '.repeat(1500)}`;
    await expect(writeVenueCode({ ...CLAIMS, accept }, issuerSigner)).rejects.toMatchObject({
      code: 'venue-code-malformed',
      bound: LIMITS.qrTextBytes,
    });
  });

  it('is not written of claims that nobody reads', async () => {
    const claims = { ...CLAIMS, venue: 'Central Station', exp: addSeconds(CLAIMS.exp, 1) };
    await expect(writeVenueCode(claims, issuerSigner)).rejects.toMatchObject({
      code: 'venue-code-malformed',
      path: 'venue, exp',
    });
  });
});

describe('REQ-VEN-001 of one code, one text is read', () => {
  const parts = partsOf(packed);
  const tampered: readonly (readonly [string, string])[] = [
    ['another case of letters', packed.toLowerCase()],
    ['white space after it', `${packed} `],
    ['a line break', `${packed}\n`],
    ['an array of indefinite length', textOf(Uint8Array.of(0x9f, ...encodeCbor(parts).subarray(1), 0xff))],
    [
      'a length in more bytes than it takes',
      textOf(Uint8Array.of(0x98, 3, ...encodeCbor(parts).subarray(1))),
    ],
    ['bytes after the end', textOf(Uint8Array.of(...encodeCbor(parts), 0))],
    ['a tag around it', textOf(Uint8Array.of(0xd8, 0x2a, ...encodeCbor(parts)))],
    ['texts for bytes', textOf(encodeCbor([goodHeader, goodPayload, goodSignature]))],
    ['a part less', textOf(encodeCbor([...(parts as Uint8Array[])].slice(0, 2)))],
    ['a part more', textOf(encodeCbor([...(parts as Uint8Array[]), new Uint8Array(1)]))],
    ['a map', textOf(encodeCbor(new Map([['a', 1]])))],
    ['cut off', packed.slice(0, -3)],
    ['a sign that is not in the alphabet', packed.replace(/.$/, '~')],
    ['the packing of a presentation', packed.replace('SYMV1:', 'SYM1:')],
    ['nothing', ''],
    ['its prefix alone', 'SYMV1:'],
    ['words', 'hello'],
  ];
  it.each(tampered)('not %s', (_name, text) => {
    expect(codeOf(text)).toBe('venue-code-malformed');
  });

  it('a later packing is told apart', () => {
    expect(codeOf(packed.replace('SYMV1:', 'SYMV2:'))).toBe('packing-version-unknown');
  });

  it('no longer one than a QR code holds, in either form', () => {
    expect(codeOf(`SYMV1:${'0'.repeat(LIMITS.qrTextBytes)}`)).toBe('venue-code-malformed');
    expect(codeOf('A'.repeat(LIMITS.qrTextBytes + 1))).toBe('venue-code-malformed');
    // A JWS is shorter than its QR text.
    const token = withClaims({ accept: 'a'.repeat(1000) });
    expect(token.length).toBeLessThan(LIMITS.qrTextBytes);
    expect(codeOf(token)).toBe('venue-code-malformed');
  });

  it('no second spelling of its base64url', () => {
    const last = good.at(-1) ?? '';
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const other = alphabet.charAt(alphabet.indexOf(last) ^ 1);
    expect(Buffer.from(goodSignature, 'base64url')).toEqual(
      Buffer.from(goodSignature.slice(0, -1) + other, 'base64url'),
    );
    expect(codeOf(good.slice(0, -1) + other)).toBe('venue-code-malformed');
    expect(codeOf(`${good}=`)).toBe('venue-code-malformed');
    expect(codeOf(good.replace('.', ' .'))).toBe('venue-code-malformed');
  });

  it('for any three parts: what is packed is unpacked to the same, and a packing of other bytes never to it', () => {
    const bytes = fc.uint8Array({ maxLength: 120 });
    fc.assert(
      fc.property(bytes, bytes, bytes, fc.nat(), fc.integer({ min: 1, max: 255 }), (a, b, c, at, flip) => {
        const token = [a, b, c].map((each) => encodeBase64url(each)).join('.');
        const text = packVenueCode(token);
        expect(unpackVenueCode(text)).toBe(token);
        const mutant = decodeBase45(text.slice(6));
        const place = at % mutant.length;
        mutant[place] = (mutant[place] ?? 0) ^ flip;
        let read: string | undefined;
        try {
          read = unpackVenueCode(textOf(mutant));
        } catch (error) {
          expect(error).toMatchObject({ code: 'venue-code-malformed' });
        }
        expect(read).not.toBe(token);
      }),
      { seed: 5, numRuns: 300 },
    );
  });
});

describe('REQ-VEN-001 nothing but its exact header and claims', () => {
  it.each<[string, object, string]>([
    ['REQ-KEY-007 none', { alg: 'none' }, 'algorithm-none'],
    ['REQ-KEY-007 none, in another spelling', { alg: 'nOnE' }, 'algorithm-none'],
    ['REQ-KEY-008 an algorithm that no key has', { alg: 'HS256' }, 'algorithm-mismatch'],
    ['REQ-DEC-020 a credential', { typ: 'dc+sd-jwt' }, 'type-unexpected'],
    ['REQ-DEC-020 a key binding', { typ: 'kb+jwt' }, 'type-unexpected'],
    ['REQ-DEC-020 a status list', { typ: 'statuslist+jwt' }, 'type-unexpected'],
    ['REQ-DEC-020 its type in capitals', { typ: 'SYMBOLON-VENUE+JWT' }, 'type-unexpected'],
    ['REQ-DEC-020 no type', { typ: undefined }, 'type-unexpected'],
    ['a key of its own', { jwk: issuerSigner.publicJwk }, 'venue-code-malformed'],
    ['a place to fetch a key from', { jku: 'https://keys.example' }, 'venue-code-malformed'],
    ['a certificate', { x5c: ['AA'] }, 'venue-code-malformed'],
    ['critical names', { crit: ['exp'] }, 'venue-code-malformed'],
    ['a kid of another form', { kid: 'key-1' }, 'venue-code-malformed'],
    ['no kid', { kid: undefined }, 'venue-code-malformed'],
  ])('header: %s', (_name, changes, code) => {
    expect(codeOf(withHeader(changes))).toBe(code);
    expect(codeOf(packVenueCode(withHeader(changes)))).toBe(code);
  });

  it.each<[string, object]>([
    ['another claim', { sub: 'venue' }],
    ['an issuer that is no https URL', { iss: 'did:web:status.ha.example' }],
    ['a venue that is no name', { venue: 'Central Station' }],
    ['a title in one language', { title: { en: 'Central station' } }],
    ['a title in a third one', { title: { en: 'a', zh: 'b', fr: 'c' } }],
    ['a purpose that is no name', { purpose: '' }],
    ['no scheme', { schemes: [] }],
    ['too many schemes', { schemes: Array.from({ length: 9 }, (_, i) => `s${i}`) }],
    ['no expression', { accept: '' }],
    ['an outcome that there is not', { onContested: 'ignored' }],
    ['nothing said of cards', { onBearer: undefined }],
    ['a nonce of 15 bytes', { nonce: encodeBase64url(new Uint8Array(15)) }],
    ['a nonce of 17 bytes', { nonce: encodeBase64url(new Uint8Array(17)) }],
    ['a nonce in another spelling', { nonce: 'AAECAwQFBgcICQoLDA0ODx' }],
    ['no nonce', { nonce: undefined }],
    ['a begin within an hour', { iat: addSeconds(HOUR, 60) }],
    ['an end within an hour', { exp: addSeconds(CLAIMS.exp, 60) }],
    ['no end', { exp: undefined }],
    ['an end at its begin', { exp: HOUR }],
    ['an end before its begin', { exp: addHours(HOUR, -1) }],
    ['a longer life than may be', { exp: addHours(HOUR, LIMITS.venueCodeHours + 1) }],
    ['times as text', { iat: '2026-11-21T21:00:00Z' }],
  ])('claims: %s', (_name, changes) => {
    expect(codeOf(withClaims(changes))).toBe('venue-code-malformed');
    expect(codeOf(packVenueCode(withClaims(changes)))).toBe('venue-code-malformed');
  });

  it('claims: the longest life', () => {
    expect(codeOf(withClaims({ exp: addHours(HOUR, LIMITS.venueCodeHours) }))).toBeUndefined();
  });

  it('no name twice, and nothing but an object', () => {
    const json = new TextDecoder().decode(decodeBase64url(goodPayload));
    for (const payload of [json.replace('{', '{"purpose":"entry",'), '[]', '"text"', `${json}x`, '{']) {
      expect(codeOf(`${goodHeader}.${part(payload)}.${goodSignature}`)).toBe('venue-code-malformed');
    }
  });

  it('no part more or less', () => {
    for (const text of [
      `${goodHeader}.${goodPayload}`,
      `${goodHeader}.${goodPayload}.`,
      `${good}.${goodSignature}`,
      `.${goodPayload}.${goodSignature}`,
    ]) {
      expect(codeOf(text)).toBe('venue-code-malformed');
    }
  });
});
