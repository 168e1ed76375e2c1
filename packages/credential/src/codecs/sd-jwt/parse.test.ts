import { verifySignature } from '@symbolon/keys/signature';
import { decodeBase64url, encodeBase64url } from '@symbolon/protocol/base64url';
import { fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Json, JsonObject } from '@symbolon/protocol/strict-json';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IN_PERSON_AUDIENCE, windowNonce } from '../../model/in-person.ts';
import {
  CARD,
  CLAIMS,
  DETAILS,
  ed25519Signer,
  forgeJws,
  holderSigner,
  ISSUER,
  issuerSigner,
  SHOWN_AT,
  sampleSdJwt,
} from '../../testing/sample.ts';
import { parseCompactJws } from '../compact-jws.ts';
import { splitSdJwt } from './compact.ts';
import { digestOf } from './disclosure.ts';
import { parseSdJwt } from './parse.ts';
import { presentSdJwt } from './present.ts';

const HEADER = { alg: 'ES256', typ: 'dc+sd-jwt', kid: issuerSigner.kid };
const issued = await sampleSdJwt();
const shown = await presentSdJwt({
  sdJwt: issued,
  disclose: ['reason'],
  audience: IN_PERSON_AUDIENCE,
  nonce: windowNonce(SHOWN_AT),
  now: SHOWN_AT,
  holder: holderSigner,
});
const { payload: PAYLOAD } = parseCompactJws(splitSdJwt(issued).jwt);

const code = (name: string) => expect.objectContaining({ code: name });
const parsing = (text: string) => () => parseSdJwt(text);
const withPayload = async (change: JsonObject) =>
  `${await forgeJws(HEADER, { ...PAYLOAD, ...change } as Json)}~`;

describe('REQ-DEC-005 a presentation is read as it was written', () => {
  it('gives claims, details and the bytes that were signed', async () => {
    const parsed = parseSdJwt(shown);
    expect(parsed).toMatchObject({
      issuer: ISSUER,
      kid: issuerSigner.kid,
      headerAlg: 'ES256',
      claims: CLAIMS,
    });
    expect(parsed.details).toEqual({ reason: DETAILS.reason });
    expect(await verifySignature(issuerSigner.publicJwk, parsed.issuerSigningInput, parsed.signature)).toBe(
      true,
    );
    const { keyBinding } = parsed;
    if (keyBinding === undefined) throw new Error('no key binding');
    expect(keyBinding.claims).toEqual({
      iat: SHOWN_AT,
      aud: 'urn:symbolon:in-person',
      nonce: `w.${SHOWN_AT}`,
      sd_hash: parsed.sdHash,
    });
    const { signingInput, signature } = keyBinding;
    expect(await verifySignature(holderSigner.publicJwk, signingInput, signature)).toBe(true);
    expect(await verifySignature(issuerSigner.publicJwk, signingInput, signature)).toBe(false);
  });

  it('reads a card, with sample time, exchange and contest', async () => {
    const claims = { ...CARD, sampledAt: CLAIMS.issuedAt, via: 'CN-HB.wuhan', contested: true };
    const parsed = parseSdJwt(await sampleSdJwt(claims, { ...DETAILS, initials: 'A. M.' }));
    expect(parsed.claims).toEqual(claims);
    expect(parsed.details).toEqual({ ...DETAILS, initials: 'A. M.' });
    expect(parsed.keyBinding).toBeUndefined();
  });
});

describe('REQ-KEY-007, REQ-DEC-020 the header is the one of the profile', () => {
  it.each([
    ['algorithm-none', { ...HEADER, alg: 'none' }],
    ['algorithm-none', { ...HEADER, alg: 'NoNe' }],
    ['algorithm-mismatch', { ...HEADER, alg: 'HS256' }],
    ['algorithm-mismatch', { typ: HEADER.typ, kid: HEADER.kid }],
    ['type-unexpected', { ...HEADER, typ: 'vc+sd-jwt' }],
    ['type-unexpected', { ...HEADER, typ: 'application/dc+sd-jwt' }],
    ['type-unexpected', { ...HEADER, typ: 'kb+jwt' }],
    ['type-unexpected', { alg: HEADER.alg, kid: HEADER.kid }],
    ['jwt-malformed', { ...HEADER, kid: 'short' }],
    ['jwt-malformed', { ...HEADER, jwk: holderSigner.publicJwk }],
    ['jwt-malformed', { ...HEADER, crit: ['exp'] }],
  ])('REQ-KEY-007, REQ-KEY-008, REQ-DEC-019, REQ-DEC-020 %s: %j', async (expected, header) => {
    expect(parsing(`${await forgeJws(header, PAYLOAD as Json)}~`)).toThrowError(code(expected));
  });

  it('says algorithm-none also when the signature was left away, as it must be then', async () => {
    const [, payload] = splitSdJwt(issued).jwt.split('.');
    const header = encodeBase64url(utf8('{"alg":"none","typ":"dc+sd-jwt"}'));
    expect(parsing(`${header}.${payload}.~`)).toThrowError(code('algorithm-none'));
  });
});

describe('REQ-DEC-021 the claims are those of the profile and no others', () => {
  it.each<[string, JsonObject]>([
    ['an unknown claim', { sub: 'someone' }],
    ['a plain details', { details: { reason: 'x' } }],
    ['a second digest', { _sd: [digestOf('a'), digestOf('b')] }],
    ['no digest', { _sd: [] }],
    ['REQ-DEC-017 a digest with unused bits set', { _sd: [`${'a'.repeat(42)}B`] }],
    ['another hash', { _sd_alg: 'sha-512' }],
    ['http', { iss: 'http://status.ha.example' }],
    ['a private key in cnf', { cnf: { jwk: { ...holderSigner.publicJwk, d: digestOf('d') } } }],
    ['a second way to name the key', { cnf: { jwk: { ...holderSigner.publicJwk }, kid: 'x' } }],
    ['a key and bearer', { bearer: true }],
    ['bearer false', { bearer: false }],
    ['neither key nor bearer', { cnf: undefined }],
    ['a fraction of a second', { iat: 1.5 }],
    ['milliseconds', { exp: CLAIMS.expiresAt * 1000 }],
    ['a mark in the status', { status: { status_list: { ...CLAIMS.statusEntry, x: 1 } } }],
    ['another status', { status: { other: {} } }],
    ['a fractional index', { status: { status_list: { idx: 0.5, uri: `${ISSUER}/lists/a` } } }],
    ['a vct of another kind', { vct: 'https://example.com/health' }],
    ['a rule without version', { rule: 'exposure-14d' }],
    ['a level that is no name', { level: 'Green' }],
  ])('refuses %s', async (_, change) => {
    expect(parsing(await withPayload(change))).toThrowError(code('claims-malformed'));
  });
});

describe('REQ-DEC-022 only details can be disclosed, in one form', () => {
  const disclosure = (...parts: Json[]) => encodeBase64url(utf8(JSON.stringify(parts)));
  const DIGESTS = ['a', 'b', 'c', 'd'].map(digestOf);
  const outerWith = async (outer: string, ...inner: string[]) =>
    [`${await forgeJws(HEADER, { ...PAYLOAD, _sd: [digestOf(outer)] } as Json)}`, outer, ...inner, ''].join(
      '~',
    );

  it.each<[string, Json]>([
    ['three digests', { _sd: DIGESTS.slice(1) }],
    ['five digests', { _sd: [...DIGESTS, digestOf('e')] }],
    ['a detail beside the digests', { _sd: DIGESTS, reason: 'x' }],
    ['a plain detail', { _sd: DIGESTS, reason: { x: 'y' } }],
    ['digests in an array', DIGESTS.map((digest) => ({ '...': digest }))],
    ['a text', 'reason'],
  ])('refuses details with %s', async (_, value) => {
    const text = await outerWith(disclosure('salt', 'details', value));
    expect(parsing(text)).toThrowError(code('disclosure-malformed'));
  });

  it.each(['exp', 'cnf', 'status', 'bearer', 'other'])('refuses to disclose %s', async (name) => {
    const { [name]: _, ...rest } = PAYLOAD;
    const outer = disclosure('salt', name, { _sd: DIGESTS });
    const text = `${await forgeJws(HEADER, { ...rest, _sd: [digestOf(outer)] } as Json)}~${outer}~`;
    expect(parsing(text)).toThrow(SymbolonError);
  });

  it('refuses a detail that is no text', async () => {
    const inner = disclosure('salt', 'reason', 7);
    const outer = disclosure('salt', 'details', { _sd: [...DIGESTS.slice(1), digestOf(inner)] });
    expect(parsing(await outerWith(outer, inner))).toThrowError(code('disclosure-malformed'));
  });

  it('REQ-DEC-017 refuses a decoy that is another spelling of its bytes', async () => {
    const respelt = `${'a'.repeat(42)}B`;
    const details = (digest: string) => disclosure('salt', 'details', { _sd: [...DIGESTS.slice(1), digest] });
    expect(parsing(await outerWith(details(digestOf('a'))))).not.toThrow();
    expect(parsing(await outerWith(details(respelt)))).toThrowError(code('claims-malformed'));
  });

  it('REQ-DEC-023 refuses a disclosure of another credential', async () => {
    const foreign = splitSdJwt(await sampleSdJwt(CARD)).disclosures;
    expect(parsing(`${splitSdJwt(issued).jwt}~${foreign.join('~')}~`)).not.toThrow();
    const other = disclosure('salt', 'reason', 'forged');
    expect(parsing(`${issued}${other}~`)).toThrowError(code('disclosure-unreferenced'));
  });
});

describe('REQ-BND-002 a key binding has the form that its key requires', () => {
  const bound = async (header: Json, payload: Json) => `${issued}${await forgeJws(header, payload)}`;
  const KB = { alg: 'ES256', typ: 'kb+jwt' };
  const KB_CLAIMS = { iat: SHOWN_AT, aud: 'a', nonce: 'n', sd_hash: digestOf('x') };

  it('reads over names that other wallets add', async () => {
    const text = await bound({ ...KB, kid: 'x' }, { ...KB_CLAIMS, extra: 1 });
    expect(parseSdJwt(text).keyBinding?.claims).toEqual(KB_CLAIMS);
  });

  it.each<[string, Json, Json]>([
    ['typ JWT', { ...KB, typ: 'JWT' }, KB_CLAIMS],
    ['typ with application/', { ...KB, typ: 'application/kb+jwt' }, KB_CLAIMS],
    ['algorithm none', { ...KB, alg: 'none' }, KB_CLAIMS],
    ['an algorithm of another key', { ...KB, alg: 'EdDSA' }, KB_CLAIMS],
    ['crit', { ...KB, crit: ['b64'], b64: false }, KB_CLAIMS],
    ['no nonce', KB, { iat: SHOWN_AT, aud: 'a', sd_hash: digestOf('x') }],
    ['an array of audiences', KB, { ...KB_CLAIMS, aud: ['a'] }],
    ['a time as text', KB, { ...KB_CLAIMS, iat: '1' }],
    ['a short hash', KB, { ...KB_CLAIMS, sd_hash: 'abc' }],
  ])('refuses %s', async (_, header, payload) => {
    expect(parsing(await bound(header, payload))).toThrowError(code('binding-malformed'));
  });

  it('refuses one beside a credential that has no key', async () => {
    const card = await sampleSdJwt(CARD);
    expect(parsing(`${card}${await forgeJws(KB, KB_CLAIMS)}`)).toThrowError(code('binding-malformed'));
  });

  it('an Ed25519 holder binds with EdDSA', async () => {
    const sdJwt = await sampleSdJwt({ ...CLAIMS, holderKey: ed25519Signer.publicJwk });
    const text = await presentSdJwt({
      sdJwt,
      disclose: [],
      audience: 'https://gate.example',
      nonce: 'n-1',
      now: SHOWN_AT,
      holder: ed25519Signer,
    });
    const { keyBinding } = parseSdJwt(text);
    if (keyBinding === undefined) throw new Error('no key binding');
    const { signingInput, signature } = keyBinding;
    expect(await verifySignature(ed25519Signer.publicJwk, signingInput, signature)).toBe(true);
  });
});

describe('REQ-DEC-004 bounds come before work', () => {
  it('refuses a text beyond 16 KiB and more disclosures than allowed', () => {
    expect(parsing('A'.repeat(16 * 1024 + 1))).toThrowError(code('presentation-too-large'));
    expect(parsing(`a.b.c${'~x'.repeat(33)}~`)).toThrowError(code('presentation-too-large'));
  });

  it.each(['', 'x', 'a.b.c', '{"a":1}'])('REQ-DEC-005 does not recognise %j', (text) => {
    expect(parsing(text)).toThrowError(code('presentation-unrecognised'));
  });
});

describe('fuzz: whoever changes a text changes something that is signed, or is refused', () => {
  it('a changed character never gives the same signed bytes with other content', () => {
    const original = parseSdJwt(shown);
    fc.assert(
      fc.property(fc.nat(shown.length - 1), fc.constantFrom(...'AaZz09-_.~= {"'), (at, char) => {
        fc.pre(shown[at] !== char);
        const changed = shown.slice(0, at) + char + shown.slice(at + 1);
        let parsed: ReturnType<typeof parseSdJwt>;
        try {
          parsed = parseSdJwt(changed);
        } catch (error) {
          expect(error).toBeInstanceOf(SymbolonError);
          return;
        }
        const sameIssuerPart =
          fromUtf8(parsed.issuerSigningInput) === fromUtf8(original.issuerSigningInput) &&
          encodeBase64url(parsed.signature) === encodeBase64url(original.signature);
        const sameBinding =
          parsed.sdHash === original.sdHash &&
          fromUtf8(parsed.keyBinding?.signingInput ?? utf8('')) ===
            fromUtf8(original.keyBinding?.signingInput ?? utf8('')) &&
          encodeBase64url(parsed.keyBinding?.signature ?? new Uint8Array()) ===
            encodeBase64url(original.keyBinding?.signature ?? new Uint8Array());
        expect(sameIssuerPart && sameBinding).toBe(false);
      }),
      { seed: 11, numRuns: 3000 },
    );
  });

  it('REQ-DEC-017 the signature has one text only', () => {
    const { jwt } = splitSdJwt(issued);
    const last = jwt.slice(-1);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const sibling = alphabet[alphabet.indexOf(last) ^ 1] ?? '';
    const signature = jwt.slice(jwt.lastIndexOf('.') + 1, -1);
    expect(() => decodeBase64url(signature + sibling)).toThrow();
    expect(parsing(`${jwt.slice(0, -1)}${sibling}~`)).toThrowError(code('base64url-malformed'));
  });
});
