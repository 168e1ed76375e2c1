import { kidOf } from '@symbolon/keys/kid';
import { decodeBase64url, encodeBase64url } from '@symbolon/protocol/base64url';
import { utf8 } from '@symbolon/protocol/bytes';
import { isSymbolonError } from '@symbolon/protocol/errors';
import { addSeconds } from '@symbolon/protocol/instant';
import type { Json } from '@symbolon/protocol/strict-json';
import fc from 'fast-check';
import { encode } from 'uqr';
import { beforeAll, describe, expect, it } from 'vitest';
import { IN_PERSON_AUDIENCE, windowNonce } from '../../model/in-person.ts';
import type { StatusClaims } from '../../model/status-claims.ts';
import {
  CARD,
  CLAIMS,
  DETAILS,
  DICTIONARY,
  ed25519Signer,
  forgeJws,
  HOUR,
  holderSigner,
  ISSUER,
  issuerSigner,
  SHOWN_AT,
  sampleSdJwt,
} from '../../testing/sample.ts';
import { showings, shownAs } from '../../testing/showings.ts';
import { parseCompactJws } from '../compact-jws.ts';
import { decodeBase45, encodeBase45 } from '../qr-text/base45.ts';
import { decodeCbor, encodeCbor } from '../qr-text/cbor.ts';
import { splitSdJwt } from '../sd-jwt/compact.ts';
import { bindSdJwt } from '../sd-jwt/key-binding.ts';
import { discloseSdJwt, presentSdJwt } from '../sd-jwt/present.ts';
import { packQr } from './pack.ts';
import { RAW, Raw, Template } from './packing.ts';
import { unpackQr } from './unpack.ts';

const EMPTY = { version: 1, names: [] };
const window = { audience: IN_PERSON_AUDIENCE, nonce: windowNonce(SHOWN_AT), now: SHOWN_AT };
const code = (name: string) => expect.objectContaining({ code: name });

let live: string;
let packed: string;
beforeAll(async () => {
  live = await presentSdJwt({ ...window, sdJwt: await sampleSdJwt(), disclose: [], holder: holderSigner });
  packed = packQr(live, DICTIONARY);
});

const cborOf = (text: string) => decodeCbor(decodeBase45(text.slice(5)));
const textOf = (cbor: unknown) => `SYM1:${encodeBase45(encodeCbor(cbor))}`;
const templateOf = (text: string) => Template.parse(cborOf(text));
const isTemplate = (text: string) => Template.safeParse(cborOf(text)).success;

describe('a live QR is small', () => {
  it('key-bound, with a status entry: QR version 12 or less at error correction M', () => {
    expect(live.length).toBeGreaterThan(1000);
    expect(unpackQr(packed, DICTIONARY)).toBe(live);
    expect(encode(packed, { ecc: 'M' }).version).toBeLessThanOrEqual(12);
    expect(encode(live, { ecc: 'M' }).version).toBeGreaterThanOrEqual(24);
    expect(packed.length).toBeLessThanOrEqual(419);
  });

  it('a printed card with reason, evidence and initials: version 18 or less', async () => {
    const sdJwt = await sampleSdJwt(CARD, { ...DETAILS, initials: 'A. M.' });
    const text = packQr(sdJwt, DICTIONARY);
    expect(unpackQr(text, DICTIONARY)).toBe(sdJwt);
    expect(encode(text, { ecc: 'M' }).version).toBeLessThanOrEqual(18);
  });

  it('carries neither sd_hash nor the window nonce nor the y of the key', () => {
    const { x, y } = holderSigner.publicJwk.kty === 'EC' ? holderSigner.publicJwk : { x: '', y: '' };
    const bytes = Buffer.from(decodeBase45(packed.slice(5)));
    expect(bytes.includes(Buffer.from(x, 'base64url'))).toBe(true);
    expect(bytes.includes(Buffer.from(y, 'base64url'))).toBe(false);
    expect(bytes.includes(String(SHOWN_AT))).toBe(false);
  });
});

describe('the template holds what the profile writes, and everything else travels raw, without loss', () => {
  const present = (claims: StatusClaims, disclose: readonly string[] = []) =>
    sampleSdJwt(claims).then((sdJwt) => presentSdJwt({ ...window, sdJwt, disclose, holder: holderSigner }));

  it.each<[string, () => Promise<string>]>([
    [
      'a contested exchange with sample time',
      () => present({ ...CLAIMS, sampledAt: addSeconds(HOUR, -77), via: 'CN-HB.wuhan', contested: true }),
    ],
    ['disclosed details', () => present(CLAIMS, ['reason', 'evidence'])],
    [
      'a list elsewhere',
      () => present({ ...CLAIMS, statusEntry: { idx: 0, uri: 'https://lists.example/a/b' } }),
    ],
    [
      'a list without a path',
      () => present({ ...CLAIMS, statusEntry: { idx: 1, uri: 'https://lists.example' } }),
    ],
    ['an issued text', () => sampleSdJwt()],
    ['a card', () => sampleSdJwt(CARD)],
    [
      'an Ed25519 holder',
      async () =>
        presentSdJwt({
          ...window,
          sdJwt: await sampleSdJwt({ ...CLAIMS, holderKey: ed25519Signer.publicJwk }),
          disclose: [],
          holder: ed25519Signer,
        }),
    ],
    [
      'a venue',
      async () =>
        bindSdJwt({
          sdJwt: discloseSdJwt(await sampleSdJwt(), []),
          audience: 'urn:venue:1',
          nonce: 'AAECAwQFBgcICQoLDA0ODw',
          now: SHOWN_AT,
          holder: holderSigner,
        }),
    ],
    [
      'a nonce that is no base64url',
      async () =>
        bindSdJwt({
          sdJwt: discloseSdJwt(await sampleSdJwt(), []),
          audience: 'urn:venue:1',
          nonce: 'w.~ä',
          now: SHOWN_AT,
          holder: holderSigner,
        }),
    ],
  ])('template: %s', async (_, make) => {
    const text = await make();
    for (const dictionary of [DICTIONARY, EMPTY]) {
      const qr = packQr(text, dictionary);
      expect(isTemplate(qr)).toBe(true);
      expect(unpackQr(qr, dictionary)).toBe(text);
    }
  });

  const reissue = async (change: (payload: Record<string, unknown>) => unknown, header?: Json) => {
    const { jwt } = splitSdJwt(await sampleSdJwt());
    const parsed = parseCompactJws(jwt);
    return `${await forgeJws(header ?? parsed.header, change({ ...parsed.payload }) as Json)}~`;
  };

  it.each<[string, () => Promise<string>]>([
    [
      'claims in another order',
      () => reissue((payload) => Object.fromEntries(Object.entries(payload).reverse())),
    ],
    [
      'another header',
      () => reissue((payload) => payload, { typ: 'dc+sd-jwt', alg: 'ES256', kid: issuerSigner.kid }),
    ],
    ['a claim of another profile', () => reissue((payload) => ({ ...payload, sub: 'x' }))],
    ['a time within the hour', () => reissue((payload) => ({ ...payload, iat: HOUR + 1 }))],
    [
      'a key that is no point of the curve',
      () =>
        reissue((payload) => ({
          ...payload,
          cnf: { jwk: { ...holderSigner.publicJwk, y: 'A'.repeat(43) } },
        })),
    ],
    ['another token', async () => `${await forgeJws({ alg: 'ES256' }, {})}~`],
    [
      'white space in the JSON',
      async () => {
        const { payload } = parseCompactJws(splitSdJwt(await sampleSdJwt()).jwt);
        const parts = [
          JSON.stringify({ alg: 'ES256', typ: 'dc+sd-jwt', kid: issuerSigner.kid }),
          JSON.stringify(payload, null, 1),
        ];
        return `${parts.map((part) => encodeBase64url(utf8(part))).join('.')}.${'A'.repeat(86)}~`;
      },
    ],
    ['a short signature', async () => (await sampleSdJwt(CARD)).replace(/\.[^.~]*~/, '.AAAA~')],
    [
      'a key binding in another order',
      async () => {
        const sdJwt = discloseSdJwt(await sampleSdJwt(), []);
        const bound = await bindSdJwt({ ...window, sdJwt, holder: holderSigner });
        const { header, payload } = parseCompactJws(bound.slice(sdJwt.length));
        const { iat, ...rest } = payload;
        return sdJwt + (await forgeJws(header, { ...rest, iat } as Json));
      },
    ],
    [
      'a key binding for another text',
      async () => {
        const bound = await present(CLAIMS);
        return `${discloseSdJwt(await sampleSdJwt(), ['reason'])}${bound.slice(bound.lastIndexOf('~') + 1)}`;
      },
    ],
  ])('raw: %s', async (_, make) => {
    const text = await make();
    const qr = packQr(text, DICTIONARY);
    expect(Raw.safeParse(cborOf(qr)).success).toBe(true);
    expect(unpackQr(qr, DICTIONARY)).toBe(text);
  });

  it('a disclosure written otherwise travels as its bytes, within the template', async () => {
    const { jwt } = splitSdJwt(await sampleSdJwt());
    const odd = [
      '[ "c2FsdA","reason","x"]',
      '["no base64url!","reason","x"]',
      '["c2FsdA","reason",1]',
      '["c2FsdA",{"details":1}]',
    ];
    const text = [jwt, ...odd.map((json) => encodeBase64url(utf8(json))), ''].join('~');
    const qr = packQr(text, DICTIONARY);
    expect(templateOf(qr)[19]).toEqual(odd.map(utf8));
    expect(unpackQr(qr, DICTIONARY)).toBe(text);
  });

  it.each(['', 'x', 'a.b.c', 'a.b~', 'a.b.c.d~', 'a.b.c~ä~', 'a.b.c=~', '{"type":[]}'])(
    'REQ-DEC-005 does not pack %j',
    (text) => {
      expect(() => packQr(text, DICTIONARY)).toThrowError(code('presentation-unrecognised'));
    },
  );

  it('REQ-DEC-004 packs nothing that no QR text may hold', async () => {
    const text = `${await forgeJws({ alg: 'ES256' }, { x: 'x'.repeat(2000) })}~`;
    expect(() => packQr(text, DICTIONARY)).toThrowError(code('presentation-too-large'));
    expect(() => packQr('~'.repeat(20_000), DICTIONARY)).toThrowError(code('presentation-too-large'));
  });
});

describe('REQ-DEC-011 a dictionary only grows, and a packing says how much of it is needed', () => {
  const longer = { version: 8, names: [...DICTIONARY.names, 'w.x', ISSUER, 'new'] };

  it('a verifier with a newer dictionary reads what an older wallet packed', () => {
    expect(unpackQr(packed, longer)).toBe(live);
    expect(unpackQr(packQr(live, EMPTY), longer)).toBe(live);
  });

  it('a verifier with an older dictionary reads what it knows all names of', () => {
    expect(packQr(live, longer)).toBe(packed);
    const [, count] = templateOf(packed);
    const known = DICTIONARY.names.slice(0, count);
    expect(unpackQr(packed, { version: 6, names: known })).toBe(live);
    expect(() => unpackQr(packed, { version: 6, names: known.slice(0, -1) })).toThrowError(
      code('dictionary-unknown'),
    );
    expect(() => unpackQr(packed, EMPTY)).toThrowError(code('dictionary-unknown'));
  });

  it('REQ-DEC-010 refuses a name that could have been a number, a number too many, and the second number of a name', () => {
    const [format, count, alg, kid, iss, ...rest] = templateOf(packed);
    const variant = (newCount: number, name: number | string) =>
      textOf([format, newCount, alg, kid, name, ...rest]);
    expect(variant(count, iss)).toBe(packed);
    expect(() => unpackQr(variant(count, ISSUER), DICTIONARY)).toThrowError(code('packing-not-canonical'));
    expect(() => unpackQr(variant(count + 1, iss), DICTIONARY)).toThrowError(code('packing-not-canonical'));
    const second = longer.names.lastIndexOf(ISSUER);
    expect(() => unpackQr(variant(second + 1, second), longer)).toThrowError(code('packing-not-canonical'));
    expect(() => unpackQr(variant(count, count), DICTIONARY)).toThrowError(code('packing-malformed'));
  });
});

describe('REQ-DEC-010 there is one packing of a presentation', () => {
  it('refuses the raw form of what fits the template', () => {
    const { jwt } = splitSdJwt(live);
    const decode = (token: string) => token.split('.').map((part) => decodeBase64url(part));
    const raw = [RAW, decode(jwt), [], decode(live.slice(live.lastIndexOf('~') + 1))];
    expect(() => unpackQr(textOf(raw), DICTIONARY)).toThrowError(code('packing-not-canonical'));
  });

  it('refuses an audience and nonce that follow from the time', () => {
    const template = templateOf(packed);
    const [after, signature] = template[20] ?? [];
    const spelled = [...template.slice(0, 20), [after, signature, IN_PERSON_AUDIENCE, windowNonce(SHOWN_AT)]];
    expect(() => unpackQr(textOf(spelled), DICTIONARY)).toThrowError(code('packing-not-canonical'));
  });

  it('refuses the bytes of a disclosure that has a short form', async () => {
    const sdJwt = discloseSdJwt(await sampleSdJwt(), ['reason']);
    const template = templateOf(packQr(sdJwt, DICTIONARY));
    const bytes = splitSdJwt(sdJwt).disclosures.map((text) => decodeBase64url(text));
    const spelled = [...template.slice(0, 19), bytes, null];
    expect(() => unpackQr(textOf(spelled), DICTIONARY)).toThrowError(code('packing-not-canonical'));
  });

  it('refuses longer CBOR for the same values', () => {
    const bytes = decodeBase45(packed.slice(5));
    expect([...bytes.subarray(0, 2)]).toEqual([0x95, 0x01]);
    const insert = (...head: number[]) =>
      `SYM1:${encodeBase45(Uint8Array.from([...head, ...bytes.subarray(2)]))}`;
    expect(unpackQr(insert(0x95, 0x01), DICTIONARY)).toBe(live);
    // A one in two bytes, an array of indefinite length, a one as a float, a tag around it.
    expect(() => unpackQr(insert(0x95, 0x18, 0x01), DICTIONARY)).toThrowError(code('packing-malformed'));
    expect(() => unpackQr(insert(0x9f, 0x01), DICTIONARY)).toThrowError(code('packing-malformed'));
    expect(() => unpackQr(insert(0x95, 0xf9, 0x3c, 0x00), DICTIONARY)).toThrowError(
      code('packing-not-canonical'),
    );
    expect(() => unpackQr(insert(0xc1, 0x95, 0x01), DICTIONARY)).toThrowError(code('packing-malformed'));
  });

  it('refuses a binding on a card, and text that is no UTF-8', async () => {
    const card = templateOf(packQr(await sampleSdJwt(CARD), DICTIONARY));
    const bound = [...card.slice(0, 20), [1, new Uint8Array(64)]];
    expect(() => unpackQr(textOf(bound), DICTIONARY)).toThrowError(code('packing-malformed'));
    const plain = decodeBase45(packQr(live, EMPTY).slice(5));
    const at = Buffer.from(plain).indexOf('green');
    plain[at] = 0xff;
    expect(() => unpackQr(`SYM1:${encodeBase45(plain)}`, EMPTY)).toThrow();
  });
});

describe('REQ-DEC-006 to REQ-DEC-009 damaged texts', () => {
  it.each([
    ['packing-version-unknown', 'SYM2:BB8'],
    ['packing-version-unknown', 'SYM0:BB8'],
    ['packing-version-unknown', 'SYM1BB8'],
    ['presentation-unrecognised', 'SYM:BB8'],
    ['presentation-unrecognised', 'sym1:BB8'],
    ['presentation-unrecognised', ' SYM1:BB8'],
    ['base45-malformed', 'SYM1:bb8'],
    ['base45-malformed', 'SYM1:B'],
    ['packing-truncated', 'SYM1:'],
    ['presentation-too-large', `SYM1:${'0'.repeat(2048)}`],
  ])('%s: %.16s', (expected, text) => {
    expect(() => unpackQr(text, DICTIONARY)).toThrowError(code(expected));
  });

  it.each<[string, unknown]>([
    ['a number', 1],
    ['a map', { a: 1 }],
    ['another format', [2, 1]],
    ['nothing', []],
    ['a short template', [1, 0, -7]],
  ])('packing-malformed: %s', (_, cbor) => {
    expect(() => unpackQr(textOf(cbor), DICTIONARY)).toThrowError(code('packing-malformed'));
  });

  it('REQ-DEC-008 cut at any byte, it ends too early', () => {
    const bytes = decodeBase45(packed.slice(5));
    for (let length = 0; length < bytes.length; length++) {
      const cut = `SYM1:${encodeBase45(bytes.subarray(0, length))}`;
      expect(() => unpackQr(cut, DICTIONARY), String(length)).toThrowError(code('packing-truncated'));
    }
    const longer = `SYM1:${encodeBase45(Uint8Array.from([...bytes, 0]))}`;
    expect(() => unpackQr(longer, DICTIONARY)).toThrowError(code('packing-malformed'));
  });

  it('does not grow beyond a presentation, however long the names are', () => {
    const long = { version: 1, names: Array.from({ length: 4 }, (_, i) => `${i}`.repeat(512)) };
    const salt = new Uint8Array(16);
    const disclosures = Array.from({ length: 32 }, () => [salt, 3, 3]);
    const template = templateOf(packQr(live, EMPTY));
    const bomb = [template[0], 4, ...template.slice(2, 19), disclosures, null];
    expect(() => unpackQr(textOf(bomb), long)).toThrowError(code('presentation-too-large'));
  });

  it('nesting to the end of the text is refused', () => {
    const text = `SYM1:${encodeBase45(new Uint8Array(1300).fill(0x81))}`;
    expect(() => unpackQr(text, DICTIONARY)).toThrowError(code('packing-truncated'));
  });
});

describe('property: unpack(pack(x)) is x', () => {
  it('for every credential and presentation of the profile, with any part of the dictionary', async () => {
    await fc.assert(
      fc.asyncProperty(showings, fc.nat(DICTIONARY.names.length), async (showing, size) => {
        const text = await shownAs(showing);
        fc.pre(text !== undefined);
        const dictionary = { version: 1, names: DICTIONARY.names.slice(0, size) };
        const qr = packQr(text, dictionary);
        expect(isTemplate(qr)).toBe(true);
        expect(unpackQr(qr, dictionary)).toBe(text);
        expect(unpackQr(qr, DICTIONARY)).toBe(text);
      }),
      { seed: 12, numRuns: 300 },
    );
  });

  it('for anything at all in the form of an SD-JWT', () => {
    const part = fc.uint8Array({ maxLength: 40 }).map(encodeBase64url);
    const jws = fc.tuple(part, part, part).map((parts) => parts.join('.'));
    fc.assert(
      fc.property(jws, fc.array(part, { maxLength: 4 }), fc.option(jws), (jwt, disclosures, kb) => {
        const text = [jwt, ...disclosures, kb ?? ''].join('~');
        expect(unpackQr(packQr(text, DICTIONARY), DICTIONARY)).toBe(text);
      }),
      { seed: 13 },
    );
  });
});

describe('fuzz: what is unpacked packs to what was read, or nothing is unpacked', () => {
  /** The oracle: an accepted text is its own only packing. */
  function holds(text: string): boolean {
    let unpacked: string;
    try {
      unpacked = unpackQr(text, DICTIONARY);
    } catch (error) {
      expect(isSymbolonError(error)).toBe(true);
      return false;
    }
    expect(packQr(unpacked, DICTIONARY)).toBe(text);
    return true;
  }

  it('changed characters', () => {
    const char = fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:');
    let accepted = 0;
    fc.assert(
      fc.property(fc.nat(packed.length - 1), char, (at, other) => {
        fc.pre(packed[at] !== other);
        if (holds(packed.slice(0, at) + other + packed.slice(at + 1))) accepted++;
      }),
      { seed: 14, numRuns: 4000 },
    );
    // Signatures and digests are not verified here, so some do come through: as another presentation.
    expect(accepted).toBeGreaterThan(100);
  });

  it('changed, removed and doubled bytes', async () => {
    const card = packQr(await sampleSdJwt(CARD, { ...DETAILS, initials: 'A. M.' }), DICTIONARY);
    const raw = packQr(`${await forgeJws({ alg: 'ES256' }, { a: 1 })}~WyJhIl0~`, DICTIONARY);
    const sources = [packed, card, raw].map((text) => decodeBase45(text.slice(5)));
    fc.assert(
      fc.property(
        fc.constantFrom(...sources),
        fc.nat(),
        fc.nat(255),
        fc.constantFrom(0, 1, 2),
        (source, position, byte, removed) => {
          const at = position % source.length;
          const bytes = [...source.subarray(0, at), byte, ...source.subarray(at + removed)];
          holds(`SYM1:${encodeBase45(Uint8Array.from(bytes))}`);
        },
      ),
      { seed: 15, numRuns: 4000 },
    );
  });
});

it('the kid travels as its eight bytes', () => {
  expect(encodeBase64url(templateOf(packed)[3])).toBe(kidOf(issuerSigner.publicJwk));
});
