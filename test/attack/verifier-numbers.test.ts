import { packQr } from '@symbolon/credential/qr/pack';
import { sha256Base64url } from '@symbolon/keys/digest';
import type { Signer } from '@symbolon/keys/signer';
import { sampleRules } from '@symbolon/local/sample/rules';
import { decodeBase64url, encodeBase64url } from '@symbolon/protocol/base64url';
import { fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import {
  addHours,
  addSeconds,
  formatInstant,
  hourFloor,
  type Instant,
  instant,
} from '@symbolon/protocol/instant';
import { updateRole } from '@symbolon/registry/ceremony/update-role';
import { jsonFile } from '@symbolon/registry/json-file';
import { createScanner } from '@symbolon/verifier/scanner';
import type { Trust } from '@symbolon/verifier/trust';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  expectAccepted,
  expectNotAccepted,
  expectNotAuthentic,
  expectReferred,
  type Gate,
  summary,
  verdictAt,
} from '../support/expect-verdict.ts';
import {
  type FederationFixture,
  FIXTURE_NOW,
  keysFile,
  publishedKeys,
  publishUpdate,
} from '../support/federation-fixture.ts';
import {
  attacker,
  bundleOf,
  foundFederation,
  GATE,
  ISSUED,
  LIST,
  listToken,
  NOW,
  openedFrom,
  SIGNED_AT,
} from '../support/verifier-federation.ts';
import { changed, mintJsonLd, presentJsonLd } from '../support/verifier-json-ld.ts';
import { bind, CARD, CLAIMS, holder, mint, show, UNLISTED } from '../support/verifier-showings.ts';

/** Attack stories (style, 22) on numbers beyond what they count, times at the edges of time, and texts that are no text. Each is signed as it would be. */

/** 9999-12-31T23:59:59Z, the last second that has a name here. */
const LAST: Instant = instant(253_402_300_799);

let fixture: FederationFixture;
let trust: Trust;
let gate: Gate;
let issuer: Signer;

beforeAll(async () => {
  fixture = await foundFederation();
  ({ trust } = await openedFrom(fixture));
  gate = { trust, policy: GATE, now: NOW };
  issuer = fixture.regions['CN-BJ'].credential;
  await expectAccepted(await show(fixture), gate);
});

/** The part of a JWT rewritten as text, since JavaScript has no other way to write such numbers, and signed by whoever may. */
async function rewritten(jwt: string, signer: Signer, change: (json: string) => string): Promise<string> {
  const [header, payload = ''] = jwt.split('.');
  const body = encodeBase64url(utf8(change(fromUtf8(decodeBase64url(payload)))));
  const input = `${header}.${body}`;
  return `${input}.${encodeBase64url(await signer.sign(utf8(input)))}`;
}

async function issuedWith(change: (json: string) => string): Promise<string> {
  const [jwt = ''] = (await mint(fixture)).split('~');
  return bind(`${await rewritten(jwt, issuer, change)}~`);
}

async function boundWith(change: (json: string) => string): Promise<string> {
  const live = await show(fixture);
  const cut = live.lastIndexOf('~') + 1;
  return live.slice(0, cut) + (await rewritten(live.slice(cut), holder, change));
}

const HUGE = [
  '1e400',
  '-1e400',
  '9007199254740993',
  '9007199254740992',
  '1e308',
  '253402300800',
  '-1',
  '0.5',
  '1e-1',
  '"1788764400"',
  'null',
  'true',
  '[]',
  '{}',
];

describe('numbers beyond what they count', () => {
  it.each(HUGE)('REQ-DEC-021 %s as a time of the credential, or as its index', async (number) => {
    for (const name of ['iat', 'exp', 'idx'])
      await expectNotAuthentic(
        await issuedWith((json) => json.replace(new RegExp(`"${name}":\\d+`), `"${name}":${number}`)),
        gate,
        'claims-malformed',
      );
  });

  it.each(HUGE)('REQ-BND-002 %s as the time of the proof', async (number) => {
    await expectNotAuthentic(
      await boundWith((json) => json.replace(/"iat":\d+/, `"iat":${number}`)),
      gate,
      'binding-malformed',
    );
  });

  it('REQ-DEC-013 numbers that are none', async () => {
    for (const number of ['NaN', 'Infinity', '0x10', '01', '+1', '.5', '1.', '1_000']) {
      await expectNotAuthentic(
        await issuedWith((json) => json.replace(/"exp":\d+/, `"exp":${number}`)),
        gate,
        'json-malformed',
      );
      await expectNotAuthentic(
        await boundWith((json) => json.replace(/"iat":\d+/, `"iat":${number}`)),
        gate,
        'binding-malformed',
      );
    }
  });

  it('REQ-STA-007 an index beyond any list, and one below none', async () => {
    for (const idx of ['1048576', '4294967296', '-0.5'])
      await expectNotAuthentic(
        await issuedWith((json) => json.replace(/"idx":\d+/, `"idx":${idx}`)),
        gate,
        'claims-malformed',
      );
    await expectNotAccepted(
      await issuedWith((json) => json.replace(/"idx":\d+/, '"idx":1048575')),
      gate,
      'status-index',
    );
    // Minus nothing is nothing: entry 0.
    await expectAccepted(await issuedWith((json) => json.replace(/"idx":\d+/, '"idx":-0')), gate);
  });

  it('REQ-DEC-021 an index in JSON-LD that is no plain number', async () => {
    const text = await mintJsonLd(issuer, {
      ...UNLISTED,
      expiresAt: addHours(ISSUED, 24),
      statusEntry: { idx: 1, uri: LIST },
    });
    for (const index of ['01', '-1', '1e3', '1048576', '9999999', ' 1', '1\n', '٣'])
      await expectNotAuthentic(
        text
          .replaceAll('"statusListIndex":"1"', `"statusListIndex":${JSON.stringify(index)}`)
          .replaceAll('#1"', `#${index.trim()}"`),
        gate,
        'claims-malformed',
      );
  });

  it('REQ-DEC-021 a version of a scheme or a rule that nobody can count to', async () => {
    for (const vct of [
      'urn:symbolon:health:99999',
      'urn:symbolon:health:01',
      'urn:symbolon:health:1e0',
      'urn:symbolon:health:0',
    ])
      await expectNotAuthentic(
        await issuedWith((json) => json.replace('urn:symbolon:health:1', vct)),
        gate,
        'claims-malformed',
      );
    for (const rule of ['clear@9999999', 'clear@01', 'clear@0', 'clear@1.0'])
      await expectNotAuthentic(
        await issuedWith((json) => json.replace('clear@1', rule)),
        gate,
        'claims-malformed',
      );
  });
});

describe('times at the edges of time', () => {
  it('REQ-TIM-003 a credential that never ends', async () => {
    const end = hourFloor(LAST);
    await expectNotAuthentic(
      await show(fixture, { claims: { ...CLAIMS, expiresAt: end } }),
      gate,
      'validity-too-long',
    );
    await expectNotAuthentic(
      await show(fixture, {
        claims: { ...UNLISTED, issuedAt: instant(0), expiresAt: addHours(instant(0), 6) },
      }),
      gate,
      'key-not-valid-then',
    );
  });

  it('REQ-BND-005 REQ-BND-006 a proof of the first second, and of the last', async () => {
    await expectNotAuthentic(await show(fixture, { at: instant(0) }), gate, 'binding-stale');
    await expectNotAuthentic(await show(fixture, { at: LAST }), gate, 'binding-future');
  });

  it('REQ-DEC-009 a packed time beyond all time', async () => {
    const text = await show(fixture, { at: LAST });
    await expectNotAuthentic(packQr(text, trust.registry.dictionary), gate, 'binding-future');
  });

  it('a gate whose clock stands at an edge answers, and opens for nobody', async () => {
    for (const now of [instant(0), LAST, addSeconds(LAST, -30)]) {
      for (const text of [
        await show(fixture),
        await show(fixture, { at: now }),
        await mint(fixture, { claims: CARD }),
        await presentJsonLd(await mintJsonLd(issuer)),
      ]) {
        const verdict = await verdictAt(text, { ...gate, now });
        expect(verdict.outcome).toBe('refused');
        expect(verdict.at).toBe(now);
        expect((await createScanner(GATE).scan(text, trust, now)).outcome).toBe('refused');
      }
    }
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1, 0.5, 2 ** 53, 253_402_300_800])(
    'REQ-DEC-025 a clock that says %s is no clock',
    async (seconds) => {
      const text = await show(fixture);
      const now: Instant = Object.assign(seconds as Instant);
      await expect(verdictAt(text, { ...gate, now })).rejects.toMatchObject({ code: 'instant-malformed' });
    },
  );

  it('REQ-REG-019 a region that dates its keys and rules to the end of time harms nobody else', async () => {
    const odd = await foundFederation();
    const { keys, admins } = odd.regions['CN-HA'];
    const first = await openedFrom(odd);
    const forever = {
      signer: attacker,
      use: 'credential' as const,
      notBefore: addHours(hourFloor(LAST), -1),
      notAfter: hourFloor(LAST),
    };
    const put = keysFile('CN-HA', [...publishedKeys(odd.regions['CN-HA'], FIXTURE_NOW), forever]);
    const set = sampleRules('CN-HA', 'health');
    const rule = set.rules.find(({ id }) => id === 'clear');
    const late = {
      ...rule,
      id: 'late',
      from: formatInstant(addHours(hourFloor(LAST), -1)),
      sunset: formatInstant(hourFloor(LAST)),
    };
    const rules = new Map([
      ['regions/CN-HA/rules.health.json', jsonFile({ ...set, rules: [...set.rules, late] })],
    ]);
    const at = addSeconds(SIGNED_AT, 60);
    await publishUpdate(odd, at, async (draft) => {
      const keyed = await updateRole(draft, { role: 'CN-HA.keys', put }, [keys], at);
      return updateRole(keyed, { role: 'CN-HA', put: rules }, [...admins], at);
    });
    for (const state of [undefined, first.state]) {
      const { trust: here } = await openedFrom(odd, state === undefined ? {} : { state });
      await expectAccepted(await show(odd, { claims: UNLISTED }), { ...gate, trust: here });
      await expectAccepted(await show(odd, { claims: UNLISTED, region: 'CN-HA' }), { ...gate, trust: here });
      await expectNotAccepted(
        await show(odd, { claims: { ...UNLISTED, rule: 'late@1' }, region: 'CN-HA' }),
        { ...gate, trust: here },
        'rule-not-in-force',
      );
    }
  });

  it('REQ-REG-012 a registry is opened at the edges of time, too', async () => {
    for (const now of [instant(0), LAST]) {
      const { trust: here, state } = await openedFrom(fixture, { now });
      expect((await verdictAt(await show(fixture, { at: now }), { ...gate, trust: here, now })).outcome).toBe(
        'refused',
      );
      await expect(openedFrom(fixture, { now, state })).resolves.toBeDefined();
    }
  });

  it('REQ-STA-005 a list without an end, and one that ends before it begins', async () => {
    const opened = async (changes: Parameters<typeof listToken>[1]) => {
      const { trust: here } = await openedFrom(fixture, {
        bundle: await bundleOf(fixture, await listToken(fixture, changes)),
      });
      return { ...gate, trust: here };
    };
    await expectAccepted(
      await show(fixture),
      await opened({ expiresAt: LAST, ttlSeconds: Number.MAX_SAFE_INTEGER }),
    );
    await expect(listToken(fixture, { expiresAt: SIGNED_AT })).rejects.toMatchObject({
      code: 'status-list-malformed',
    });
    await expectReferred(await show(fixture), await opened({ issuedAt: instant(0) }), 'key-not-valid-then');
  });
});

describe('texts that are no text', () => {
  const LONE = ['\ud800', 'a\udfffb', '\udc00\ud800'];

  it.each(LONE)('REQ-BND-007 REQ-BND-008 half a character as audience or nonce (%#)', async (lone) => {
    await expectNotAuthentic(await show(fixture, { audience: lone }), gate, 'binding-audience');
    await expectNotAuthentic(await show(fixture, { nonce: lone }), gate, 'binding-nonce');
    const shown = await presentJsonLd(await mintJsonLd(issuer));
    for (const path of ['proof.challenge', 'proof.domain'])
      await expectNotAuthentic(changed(shown, path, lone), gate, 'binding-signature');
  });

  it('two halves of different characters do not become one: a venue is asked for by what it is called', async () => {
    const venue = { audience: 'urn:venue:\ufffd', nonce: 'AAECAwQFBgcICQoLDA0ODw' };
    const here = { ...gate, policy: { ...GATE, venue } };
    await expectAccepted(await show(fixture, venue), here);
    for (const half of ['\ud800', '\udfff'])
      await expectNotAuthentic(
        await show(fixture, { ...venue, audience: `urn:venue:${half}` }),
        here,
        'binding-audience',
      );
  });

  it.each(LONE)('REQ-DEC-021 half a character as a name (%#)', async (lone) => {
    for (const name of ['level', 'authority', 'rule', 'vct', 'iss', 'assurance']) {
      const text = await issuedWith((json) => {
        const claims: Record<string, unknown> = JSON.parse(json);
        return JSON.stringify({ ...claims, [name]: `${String(claims[name])}${lone}` });
      });
      await expectNotAuthentic(text, gate, 'claims-malformed');
    }
  });

  it('REQ-DEC-012 half a character in UTF-8 itself', async () => {
    for (const bytes of [[0xed, 0xa0, 0x80], [0xc0, 0x80], [0xff], [0xf4, 0x90, 0x80, 0x80]]) {
      const [jwt = ''] = (await mint(fixture)).split('~');
      const [header, payload = ''] = jwt.split('.');
      const body = encodeBase64url(
        Uint8Array.from([...decodeBase64url(payload).slice(0, -2), ...bytes, 0x22, 0x7d]),
      );
      const input = `${header}.${body}`;
      const token = `${input}.${encodeBase64url(await issuer.sign(utf8(input)))}~`;
      await expectNotAuthentic(await bind(token), gate, 'utf8-malformed');
    }
  });

  it('a detail with half a character is shown as the region signed it, from a QR code too', async () => {
    const salt = 'c2FsdHNhbHRzYWx0c2FsdA';
    const part = (value: unknown) => encodeBase64url(utf8(JSON.stringify(value)));
    const reason = part([salt, 'reason', 'No \ud800 fact']);
    const inner = [reason, 'b', 'c', 'd'].map(sha256Base64url);
    const details = part([salt, 'details', { _sd: inner }]);
    const [jwt = ''] = (await mint(fixture)).split('~');
    const signed = await rewritten(jwt, issuer, (json) =>
      JSON.stringify({ ...JSON.parse(json), _sd: [sha256Base64url(details)] }),
    );
    const text = await bind(`${signed}~${details}~${reason}~`);
    const verdict = await expectAccepted(text, gate);
    expect(verdict).toMatchObject({ statuses: [{ details: { reason: 'No \ud800 fact' } }] });
    expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict);
    expect(await verdictAt(packQr(text, trust.registry.dictionary), gate)).toEqual(verdict);
  });

  it.each(['\u0000', '\u202e', 'ｇreen', 'grееn', 'green\u200b', 'GREEN'])(
    'REQ-DEC-021 a level that only looks like one: %j',
    async (level) => {
      const text = await issuedWith((json) =>
        json.replace('"level":"green"', `"level":${JSON.stringify(level)}`),
      );
      await expectNotAuthentic(text, gate, 'claims-malformed');
      expect(summary(await verdictAt(text, gate)).outcome).toBe('not-authentic');
    },
  );
});
