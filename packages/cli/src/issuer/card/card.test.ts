import { unpackQr } from '@symbolon/credential/qr/unpack';
import { issueSdJwt } from '@symbolon/credential/sd-jwt/issue';
import { parseSdJwt } from '@symbolon/credential/sd-jwt/parse';
import { discloseSdJwt } from '@symbolon/credential/sd-jwt/present';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { createLocalSigner } from '@symbolon/keys/signer';
import { sampleDictionary } from '@symbolon/local/sample/federation';
import { sampleIssuer, sampleRegion } from '@symbolon/local/sample/regions';
import { SAMPLE_SCHEMES } from '@symbolon/local/sample/schemes';
import { addHours, parseInstant } from '@symbolon/protocol/instant';
import { check } from '@symbolon/protocol/schemas/common';
import { Dictionary } from '@symbolon/protocol/schemas/federation';
import { Region } from '@symbolon/protocol/schemas/region';
import { Scheme } from '@symbolon/protocol/schemas/scheme';
import { describe, expect, it } from 'vitest';
import { readQrImage } from '../../qr/read-image.ts';
import { qrVersion } from '../../qr/write-image.ts';
import { drawnCode } from '../../testing/drawn-code.ts';
import { type CardContent, cardContent } from './card-content.ts';
import { cardPage } from './card-page.ts';
import { isTimeZone, localTime } from './card-time.ts';

const HOUR = parseInstant('2026-09-07T08:00:00Z');
const signer = await createLocalSigner(insecurePrivateKeyFromSeed('ES256', 'issuer'));
const dictionary = check(Dictionary, sampleDictionary(), 'metadata-malformed');
const schemeOf = (id: keyof typeof SAMPLE_SCHEMES) => check(Scheme, SAMPLE_SCHEMES[id], 'metadata-malformed');
const region = check(
  Region,
  sampleRegion('CN-BJ', { endpoint: 'http://127.0.0.1:4100/cn-bj' }),
  'region-malformed',
);
const schemes = { health: schemeOf('health'), 'road-condition': schemeOf('road-condition') };
const ASSET = 'https://roads.example/G4/section-27';

/** As much of the trust as a card reads. */
const known = { view: { region }, registry: { schemes, dictionary } };

const mint = (whose: object, claims: object = {}) =>
  issueSdJwt({
    issuer: sampleIssuer('CN-BJ'),
    claims: {
      scheme: 'health',
      major: 1,
      level: 'green',
      rule: 'clear@1',
      authority: 'cdc',
      assurance: 'standard',
      issuedAt: HOUR,
      expiresAt: addHours(HOUR, 24),
      statusEntry: { idx: 713_442, uri: `${sampleIssuer('CN-BJ')}/lists/497000` },
      bearer: true,
      contested: false,
      ...claims,
    },
    details: { reason: '无异常信息', evidence: 'no-adverse-fact', ...whose },
    signer,
    random: insecureRandomFromSeed('card'),
  });
const LAYOUT = { paper: 'a6', timeZone: 'Asia/Shanghai' } as const;

describe('a printed card', () => {
  it('its code is the credential, with nothing disclosed but the initials', async () => {
    const sdJwt = await mint({ initials: 'WZ' });
    const card = cardContent(sdJwt, known, { scheme: 'health', initials: 'WZ' });
    const text = await readQrImage(drawnCode(cardPage(card, LAYOUT)));
    const shown = unpackQr(text, dictionary);
    expect(shown).toBe(discloseSdJwt(sdJwt, ['initials']));
    const { claims, details, keyBinding } = parseSdJwt(shown);
    expect([details, claims.bearer, keyBinding]).toEqual([{ initials: 'WZ' }, true, undefined]);
    // Half a millimetre a module on A6, and a third of one on A7.
    expect(qrVersion(text)).toBeLessThanOrEqual(25);
  });

  it('says in both languages what it is, until when, and what to do when it is refused', async () => {
    const card = cardContent(await mint({ initials: 'WZ' }), known, { scheme: 'health', initials: 'WZ' });
    const words = cardPage(card, LAYOUT)
      .replaceAll(/<style>[\s\S]*<\/style>|<[^>]+>/g, ' ')
      .replaceAll(/\s+/g, ' ');
    for (const each of ['健康状态', 'Health status', '绿码', 'Green', '北京市', 'WZ', '照片', 'clear@1']) {
      expect(words).toContain(each);
    }
    expect(words).toContain('2026-09-08 16:00 Asia/Shanghai');
    expect(words).toContain('疾病预防控制中心');
    expect(words).toContain('If it is refused: ask for the reason code');
    expect(words).not.toContain('CONTESTED');
    expect(cardPage({ ...card, contested: true }, LAYOUT)).toContain('CONTESTED');
  });

  it('of an asset is a label with its name, and no place for a portrait', async () => {
    const claims = { scheme: 'road-condition', authority: 'transport', rule: 'ice@1' };
    const card = cardContent(await mint({ asset: ASSET }, claims), known, { scheme: 'road-condition' });
    const page = cardPage(card, LAYOUT);
    expect(page).toContain(ASSET);
    expect(page).not.toContain('class="portrait"');
    const shown = unpackQr(await readQrImage(drawnCode(page)), dictionary);
    expect(parseSdJwt(shown).details).toEqual({ asset: ASSET });
  });

  it.each(['a6', 'a7'] as const)(
    'on %s it loads nothing, runs nothing, and every text is escaped',
    async (paper) => {
      const evil = `"><script>alert(1)</script><img src=x onerror='1'>&`;
      const words = { en: evil, zh: evil };
      const plain = cardContent(await mint({ initials: 'WZ' }), known, { scheme: 'health', initials: 'WZ' });
      const card: CardContent = {
        ...plain,
        region: words,
        office: words,
        scheme: words,
        level: words,
        rule: evil,
        initials: evil,
      };
      for (const each of [card, { ...card, asset: evil }]) {
        const page = cardPage(each, { paper, timeZone: 'UTC' });
        // The tags are those of a page with harmless words.
        const harmless = cardPage(
          { ...plain, ...('asset' in each && { asset: 'x' }) },
          { paper, timeZone: 'UTC' },
        );
        const tags = (html: string) => html.match(/<[^>]*>/g);
        const style = /<style>[\s\S]*<\/style>/;
        expect(tags(page.replace(style, ''))).toEqual(tags(harmless.replace(style, '')));
        expect(page).not.toMatch(/<script|<link|<iframe|\bsrc=["']|href=|url\(|@import|@font-face/i);
        expect(page).toContain("default-src 'none'");
      }
      const [, size] = /@page \{ size: ([^;]+);/.exec(cardPage(plain, { paper, timeZone: 'UTC' })) ?? [];
      expect(size).toBe(paper === 'a6' ? '148mm 105mm' : '105mm 74mm');
    },
  );

  it.each([
    ['another region', { initials: 'WZ' }, {}, 'https://cn-gd.symbolon.test'],
    ['other initials', { initials: 'XX' }, {}, undefined],
    ['another scheme', { initials: 'WZ' }, { scheme: 'road-condition', authority: 'transport' }, undefined],
    ['an office that is not listed', { initials: 'WZ' }, { authority: 'bank' }, undefined],
  ])(
    'REQ-SIG-003 is not printed when the issuer answers with that of %s',
    async (_, whose, claims, issuer) => {
      const sdJwt = await mint(whose, claims);
      const view = { region: issuer === undefined ? region : { ...region, issuer } };
      const asked = { scheme: 'health', initials: 'WZ' };
      expect(() => cardContent(sdJwt, { ...known, view }, asked)).toThrow(
        expect.objectContaining({ code: 'minted-check-failed' }),
      );
    },
  );
});

it('times are those of the place, also across midnight', () => {
  expect(localTime(parseInstant('2026-12-31T16:00:00Z'), 'Asia/Shanghai')).toBe('2027-01-01 00:00');
  expect(['Asia/Shanghai', 'UTC', 'Mars/Olympus'].map(isTimeZone)).toEqual([true, true, false]);
});
