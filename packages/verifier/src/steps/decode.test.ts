import { packQr } from '@symbolon/credential/qr/pack';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import { utf8 } from '@symbolon/protocol/bytes';
import { LIMITS } from '@symbolon/protocol/limits';
import { beforeAll, describe, expect, it } from 'vitest';
import { findingsOf } from '../testing/findings-of.ts';
import { DID, holder, ISSUER, issuer, NOW, trustOf } from '../testing/plain-trust.ts';
import { CARD, CLAIMS, mint, mintJsonLd, show, showJsonLd, UNLISTED } from '../testing/presentations.ts';
import { decode } from './decode.ts';

const trust = trustOf();
/** What a text of one credential becomes. */
async function read(text: string) {
  const { result, found } = await findingsOf('decode', (findings) => decode(text, trust, findings));
  expect(result === undefined ? 1 : result.length).toBe(1);
  return { result: result?.[0], found };
}
const part = (value: unknown) => encodeBase64url(utf8(JSON.stringify(value)));

let live: string;
let qr: string;
beforeAll(async () => {
  live = await show({ disclose: ['reason'] });
  qr = packQr(live, trust.registry.dictionary);
});

describe('step decode: what each form of a presentation becomes', () => {
  it('an SD-JWT with key binding', async () => {
    const { result, found } = await read(live);
    expect(found).toEqual([]);
    expect(result).toMatchObject({
      issuer: ISSUER,
      kid: issuer.kid,
      alg: 'ES256',
      claims: CLAIMS,
      details: { reason: 'No adverse fact' },
      binding: {
        audience: 'urn:symbolon:in-person',
        nonce: `w.${NOW}`,
        issuedAt: NOW,
        coversCredential: true,
      },
    });
    expect(await result?.verifyIssuer(issuer.publicJwk)).toBe(true);
    expect(await result?.binding?.verify(holder.publicJwk)).toBe(true);
  });

  it('a QR text is the very same', async () => {
    const { result, found } = await read(qr);
    expect(found).toEqual([]);
    const { result: direct } = await read(live);
    expect(result?.identity).toEqual(direct?.identity);
    expect(result?.claims).toEqual(direct?.claims);
  });

  it('an SD-JWT without key binding, and with white space around it', async () => {
    const { result } = await read(`\n ${await mint(CARD)}\t`);
    expect(result?.binding).toBeUndefined();
    expect(result?.claims).toEqual(CARD);
  });

  it('a JSON-LD credential, and a presentation of one', async () => {
    const bare = await read(await mintJsonLd());
    expect(bare.result).toMatchObject({ issuer: DID, kid: issuer.kid, claims: UNLISTED, details: {} });
    expect(bare.result?.binding).toBeUndefined();
    const shown = await read(await showJsonLd());
    expect(shown.result?.binding).toMatchObject({ audience: 'urn:symbolon:in-person', nonce: `w.${NOW}` });
    expect(await shown.result?.verifyIssuer(issuer.publicJwk)).toBe(true);
    expect(await shown.result?.binding?.verify(holder.publicJwk)).toBe(true);
  });
});

describe('REQ-BND-010 the identity of a showing', () => {
  it('is the signing input of the proof, not its signature, and covers what is disclosed', async () => {
    const { result } = await read(live);
    const kb = live.slice(live.lastIndexOf('~') + 1);
    expect(result?.identity).toEqual(utf8(kb.slice(0, kb.lastIndexOf('.'))));
    const { result: other } = await read(await show({ disclose: [] }));
    expect(other?.identity).not.toEqual(result?.identity);
  });

  it('is the signing input of the credential where there is no proof', async () => {
    const card = await mint(CARD);
    const { result } = await read(card);
    const jwt = card.slice(0, card.indexOf('~'));
    expect(result?.identity).toEqual(utf8(jwt.slice(0, jwt.lastIndexOf('.'))));
  });

  it('of JSON-LD does not depend on how it is written', async () => {
    const shown = await showJsonLd();
    const { result } = await read(shown);
    const { result: spaced } = await read(JSON.stringify(JSON.parse(shown), null, 1));
    expect(spaced?.identity).toEqual(result?.identity);
  });
});

describe('step decode: what is not a presentation', () => {
  it.each<[string, () => string]>([
    ['presentation-too-large', () => 'x'.repeat(LIMITS.presentationBytes + 1)],
    ['presentation-too-large', () => `SYM1:${'0'.repeat(LIMITS.qrTextBytes)}`],
    ['presentation-unrecognised', () => ''],
    ['presentation-unrecognised', () => 'hello'],
    ['presentation-unrecognised', () => 'sym1:ABC'],
    ['presentation-unrecognised', () => `\ufeff${qr}`],
    ['base64url-malformed', () => `\u00a0${live}`],
    ['packing-version-unknown', () => qr.replace('SYM1:', 'SYM2:')],
    ['packing-version-unknown', () => qr.replace('SYM1:', 'SYM1;')],
    ['base45-malformed', () => `${qr.slice(0, 40)}a${qr.slice(41)}`],
    ['base45-malformed', () => `${qr.slice(0, 5 + 3)}:::${qr.slice(5 + 6)}`],
    ['packing-truncated', () => qr.slice(0, 5 + 60)],
    ['packing-truncated', () => 'SYM1:'],
    ['json-malformed', () => '{"@context":'],
    ['json-duplicate-name', () => '{"a":1,"\\u0061":2}'],
    ['json-too-deep', () => `{"a":${'['.repeat(LIMITS.jsonDepth)}${']'.repeat(LIMITS.jsonDepth)}}`],
    ['presentation-unrecognised', () => '{}'],
    ['context-unbundled', () => '{"@context":"https://attacker.example/c"}'],
    ['jwt-malformed', () => '~'],
    ['jwt-malformed', () => `${live.slice(0, live.indexOf('.'))}~`],
    ['base64url-malformed', () => `=${live}`],
    ['utf8-malformed', () => `_w.${part({})}.AA~`],
    ['algorithm-none', () => `${part({ alg: 'none' })}.${part({})}.~`],
    ['algorithm-none', () => `${part({ alg: 'NoNe' })}.${part({})}.AA~`],
    ['type-unexpected', () => `${part({ alg: 'ES256', typ: 'JWT' })}.${part({})}.AA~`],
    ['algorithm-mismatch', () => `${part({ alg: 'HS256', typ: 'dc+sd-jwt' })}.${part({})}.AA~`],
    ['jwt-malformed', () => `${part({ alg: 'ES256', typ: 'dc+sd-jwt' })}.${part({})}.AA~`],
    [
      'claims-malformed',
      () => `${part({ alg: 'ES256', typ: 'dc+sd-jwt', kid: issuer.kid })}.${part({})}.AA~`,
    ],
    ['disclosure-unreferenced', () => live.replace('~', '~~')],
    ['binding-malformed', () => live.slice(0, -90)],
    ['binding-malformed', () => `${live.slice(0, live.lastIndexOf('~') + 1)}x`],
  ])('%s', async (code, text) => {
    expect(await read(text())).toEqual({ result: undefined, found: [`${code} not-authentic`] });
  });

  it('REQ-DEC-004 takes the largest text that is allowed, and looks no further', async () => {
    const { found } = await read('x'.repeat(LIMITS.presentationBytes));
    expect(found).toEqual(['presentation-unrecognised not-authentic']);
  });

  it('REQ-DEC-011 dictionary-unknown, until the bundle is refreshed', async () => {
    const old = trustOf({ registry: { dictionary: { version: 1, names: ['urn:symbolon:health:1'] } } });
    const { found } = await findingsOf('decode', (findings) => decode(qr, old, findings));
    expect(found).toEqual(['dictionary-unknown not-authentic']);
    const newer = trust.registry.dictionary.names.concat('a name more');
    const grown = trustOf({ registry: { dictionary: { version: 2, names: newer } } });
    expect((await findingsOf('decode', (findings) => decode(qr, grown, findings))).found).toEqual([]);
  });
});
