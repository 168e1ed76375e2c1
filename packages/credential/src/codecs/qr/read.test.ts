import { encodeBase64url } from '@symbolon/protocol/base64url';
import { utf8 } from '@symbolon/protocol/bytes';
import { isSymbolonError } from '@symbolon/protocol/errors';
import type { Dictionary } from '@symbolon/protocol/schemas/federation';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { IN_PERSON_AUDIENCE, windowNonce } from '../../model/in-person.ts';
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
  SHOWN_AT,
  sampleSdJwt,
} from '../../testing/sample.ts';
import { showings, shownAs } from '../../testing/showings.ts';
import { decodeBase45, encodeBase45 } from '../qr-text/base45.ts';
import { decodeCbor, encodeCbor } from '../qr-text/cbor.ts';
import { splitSdJwt } from '../sd-jwt/compact.ts';
import { type ParsedSdJwt, parseSdJwt } from '../sd-jwt/parse.ts';
import { presentSdJwt } from '../sd-jwt/present.ts';
import { packQr } from './pack.ts';
import { readQr } from './read.ts';
import { readTemplate } from './read-template.ts';
import { unpackQr } from './unpack.ts';

/** The reference: unpacked to its text, and the text read like any other. */
const byText = (text: string, dictionary: Dictionary) => parseSdJwt(unpackQr(text, dictionary));

function outcome(read: typeof readQr, text: string, dictionary: Dictionary): ParsedSdJwt | string {
  try {
    return read(text, dictionary);
  } catch (error) {
    if (isSymbolonError(error)) return error.code;
    throw error;
  }
}

/** Holds a text to the reference. @returns whether it was read, and by the short road */
function compare(text: string, dictionary: Dictionary = DICTIONARY): { isRead: boolean; isShort: boolean } {
  const expected = outcome(byText, text, dictionary);
  expect(outcome(readQr, text, dictionary)).toStrictEqual(expected);
  const short = readTemplate(text, dictionary);
  if (short !== undefined) expect(short).toStrictEqual(expected);
  return { isRead: typeof expected !== 'string', isShort: short !== undefined };
}

const textOf = (cbor: unknown) => `SYM1:${encodeBase45(encodeCbor(cbor))}`;
const itemsOf = (text: string) => decodeCbor(decodeBase45(text.slice(5))) as unknown[];

/** Packings of every kind. */
let sources: readonly string[];
beforeAll(async () => {
  const window = { audience: IN_PERSON_AUDIENCE, nonce: windowNonce(SHOWN_AT), now: SHOWN_AT };
  const present = async (claims = CLAIMS, disclose: string[] = [], holder = holderSigner) =>
    presentSdJwt({ ...window, sdJwt: await sampleSdJwt(claims), disclose, holder });
  const texts = [
    await present(),
    await present({ ...CLAIMS, sampledAt: HOUR, via: 'CN-HB.wuhan', contested: true }, [
      'reason',
      'evidence',
    ]),
    await present({ ...CLAIMS, holderKey: ed25519Signer.publicJwk }, [], ed25519Signer),
    await sampleSdJwt(CARD, { ...DETAILS, initials: 'A. M.' }),
    `${splitSdJwt(await sampleSdJwt(CARD)).jwt}~${encodeBase64url(utf8('["c2FsdA","reason",1]'))}~`,
    `${await forgeJws({ alg: 'ES256' }, { a: 1 })}~WyJhIl0~`,
  ];
  sources = texts.flatMap((text) => [packQr(text, DICTIONARY), packQr(text, { version: 1, names: [] })]);
});

describe('REQ-DEC-009, REQ-DEC-010 a QR text is read as its unpacked text is', () => {
  it('the samples, and the short road reads those of the profile', () => {
    const roads = sources.map((text) => compare(text));
    expect(roads.map(({ isRead }) => isRead)).toEqual([
      ...Array<boolean>(8).fill(true),
      ...Array<boolean>(4).fill(false),
    ]);
    expect(roads.filter(({ isShort }) => isShort)).toHaveLength(8);
  });

  it('property: every credential and presentation of the profile, with any part of the dictionary', async () => {
    let short = 0;
    await fc.assert(
      fc.asyncProperty(showings, fc.nat(DICTIONARY.names.length), async (showing, size) => {
        const text = await shownAs(showing);
        fc.pre(text !== undefined);
        const packed = packQr(text, { version: 1, names: DICTIONARY.names.slice(0, size) });
        const { isRead, isShort } = compare(packed);
        expect(isRead).toBe(true);
        if (isShort) short++;
      }),
      { seed: 91, numRuns: 300 },
    );
    expect(short).toBeGreaterThan(150);
  });

  it('property: changed characters and bytes', () => {
    const seen = { read: 0, short: 0, refused: 0 };
    fc.assert(
      fc.property(
        fc.nat(),
        fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.nat(2)), { minLength: 1, maxLength: 2 }),
        (source, changes) => {
          let bytes: Uint8Array = decodeBase45(sources[source % sources.length]?.slice(5) ?? '');
          for (const [position, byte, cut] of changes) {
            // Half of them where the head of the template is.
            const at = position % (position % 2 === 0 ? 40 : bytes.length);
            bytes = Uint8Array.from([...bytes.subarray(0, at), byte, ...bytes.subarray(at + cut)]);
          }
          const { isRead, isShort } = compare(`SYM1:${encodeBase45(bytes)}`);
          seen[isRead ? 'read' : 'refused']++;
          if (isShort) seen.short++;
        },
      ),
      { seed: 92, numRuns: 4000 },
    );
    expect(seen.read).toBeGreaterThan(150);
    expect(seen.short).toBeGreaterThan(150);
    expect(seen.refused).toBeGreaterThan(1000);
  });

  it('property: other values in place of those of the template', () => {
    const seen = { read: 0, short: 0, refused: 0 };
    fc.assert(
      fc.property(
        fc.nat(),
        fc.array(fc.tuple(fc.nat(20), hostile), { minLength: 1, maxLength: 2 }),
        (source, changes) => {
          const items = itemsOf(sources[source % sources.length] ?? '');
          for (const [at, value] of changes) items[at % items.length] = value;
          const { isRead, isShort } = compare(textOf(items));
          seen[isRead ? 'read' : 'refused']++;
          if (isShort) seen.short++;
        },
      ),
      { seed: 93, numRuns: 4000 },
    );
    expect(seen.read).toBeGreaterThan(60);
    expect(seen.short).toBeGreaterThan(40);
    expect(seen.refused).toBeGreaterThan(2000);
  });

  it('dictionaries: too short, with a name twice, with other names', () => {
    const doubled = { version: 1, names: DICTIONARY.names.map((name) => (name === 'red' ? 'green' : name)) };
    const shifted = { version: 1, names: ['first', ...DICTIONARY.names] };
    for (const dictionary of [doubled, shifted, { version: 1, names: [] }, { version: 1, names: ['green'] }])
      for (const text of sources) compare(text, dictionary);
    const [live = ''] = sources;
    expect(outcome(readQr, live, { version: 1, names: [] })).toBe('dictionary-unknown');
  });

  it.each([
    '',
    'SYM1:',
    'SYM2:BB8',
    'SYM1BB8',
    'sym1:BB8',
    ' SYM1:BB8',
    'SYM1:bb8',
    'SYM1:B',
    `SYM1:${'0'.repeat(2048)}`,
    `SYM1:${encodeBase45(new Uint8Array(1300).fill(0x81))}`,
    textOf(null),
    textOf([]),
    textOf([1, 0, -7]),
    textOf([0, [new Uint8Array(1), new Uint8Array(1), new Uint8Array(1)], [], null]),
  ])('no presentation: %.40s', (text) => {
    expect(compare(text)).toEqual({ isRead: false, isShort: false });
  });
});

/** What a place of the template could hold: names, numbers and bytes at their bounds, texts that are written in more than one way, and other kinds of things. */
const hostile = fc.oneof(
  fc.constantFrom<unknown>(
    0,
    1,
    2,
    -1,
    -7,
    -8,
    23,
    24,
    255,
    256,
    300,
    314,
    315,
    65_536,
    2 ** 32,
    2 ** 53 - 1,
    0.5,
  ),
  fc.constantFrom<unknown>(
    '',
    'green',
    ISSUER,
    'urn:symbolon:health:1',
    'exposure-14d@3',
    'exposure-14d@03',
    'cdc',
  ),
  fc.constantFrom<unknown>(
    '\u{feff}green',
    'gr\u0000en',
    'vert é',
    '__proto__',
    'constructor',
    'keys',
    'CN-HB.wuhan',
  ),
  fc.constantFrom<unknown>(
    'https://a.example',
    'https://a.example/',
    'http://a.example',
    'https://a.example/?b',
  ),
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    [],
    [1, 'a'],
    [1, 'a', 'b'],
    [1, 'a', `${ISSUER}/lists/`],
    [2 ** 20, 'a'],
  ),
  fc.constantFrom<unknown>(
    [0, new Uint8Array(64)],
    [-(2 ** 40), new Uint8Array(64)],
    [1, new Uint8Array(63)],
  ),
  fc.constantFrom<unknown>(
    [1234, new Uint8Array(64), IN_PERSON_AUDIENCE, windowNonce(SHOWN_AT)],
    [1234, new Uint8Array(64), 'urn:venue:1', 'AAAA'],
    [1234, new Uint8Array(64), 'urn:venue:1', 'no nonce'],
    [1234, new Uint8Array(64), 'urn:venue:1', new Uint8Array(16)],
    [1234, new Uint8Array(64), 'urn:venue:1', new Uint8Array()],
    [1234, new Uint8Array(64), 'x'.repeat(257), new Uint8Array(16)],
    [[new Uint8Array(16), 'reason', 'x']],
    [[new Uint8Array(16), Array.from({ length: 4 }, () => new Uint8Array(32))]],
    [utf8('["c2FsdA","reason","x"]')],
    [utf8('not JSON')],
  ),
  fc.constantFrom(8, 32, 33, 64).map((length) => new Uint8Array(length).fill(2)),
  fc.uint8Array({ minLength: 32, maxLength: 32 }).map((x) => Uint8Array.from([2, ...x])),
  fc.uint8Array({ maxLength: 66 }),
);
