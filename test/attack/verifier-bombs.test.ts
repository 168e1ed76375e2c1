import { deflateSync, gzipSync } from 'node:zlib';
import { Environment } from '@marcbachmann/cel-js';
import { issueBitstringList } from '@symbolon/credential/bitstring-list';
import { packQr } from '@symbolon/credential/qr/pack';
import type { Signer } from '@symbolon/keys/signer';
import { sampleRules } from '@symbolon/local/sample/rules';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import { utf8 } from '@symbolon/protocol/bytes';
import { addHours } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { bitstringListOf } from '@symbolon/protocol/list-names';
import { writeBundle } from '@symbolon/registry/bundle';
import { updateRole } from '@symbolon/registry/ceremony/update-role';
import { collectBundle } from '@symbolon/registry/collect-bundle';
import { jsonFile } from '@symbolon/registry/json-file';
import { listPath } from '@symbolon/registry/status-lists';
import { encodeBitstring } from '@symbolon/status/bitstring';
import type { Trust } from '@symbolon/verifier/trust';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { MAJOR, readCbor, writeCbor } from '../fuzz/grammar/cbor.ts';
import { installMeter, type Meter } from '../fuzz/meter.ts';
import { fromBase45, toBase45 } from '../support/base45.ts';
import {
  expectAccepted,
  expectNotAccepted,
  expectNotAuthentic,
  expectReferred,
  type Gate,
  summary,
  verdictAt,
} from '../support/expect-verdict.ts';
import { type FederationFixture, publishUpdate } from '../support/federation-fixture.ts';
import { countInflated } from '../support/inflation-meter.ts';
import {
  attacker,
  bundleOf,
  foundFederation,
  GATE,
  LIST,
  LIST_ID,
  listToken,
  NOW,
  openedFrom,
  SIGNED_AT,
} from '../support/verifier-federation.ts';
import { DID, mintJsonLd, presentJsonLd } from '../support/verifier-json-ld.ts';
import { CLAIMS, show, UNLISTED } from '../support/verifier-showings.ts';

/** Attack stories (style, 22) on the reader's time and room. Each is held to a count of work, never to a clock. */

let fixture: FederationFixture;
let trust: Trust;
let gate: Gate;
let meter: Meter;

beforeAll(async () => {
  fixture = await foundFederation();
  ({ trust } = await openedFrom(fixture));
  gate = { trust, policy: GATE, now: NOW };
  await expectAccepted(await show(fixture), gate);
  await expectAccepted(await presentJsonLd(await mintJsonLd(fixture.regions['CN-BJ'].credential)), gate);
  meter = installMeter();
});
afterAll(() => meter.remove());

/** Bytes of a list of two bits at the most. */
const LIST_BYTES = LIMITS.statusListEntries / 4;
const MIB = 1024 * 1024;

/** A list token with any bytes as its list, signed by whoever: no issuing tool writes one. */
async function tokenOf(
  compressed: Uint8Array,
  signer: Signer = fixture.regions['CN-BJ'].status,
): Promise<string> {
  const part = (value: unknown) => encodeBase64url(utf8(JSON.stringify(value)));
  const header = { alg: signer.alg, typ: 'statuslist+jwt', kid: signer.kid };
  const claims = {
    sub: LIST,
    iat: SIGNED_AT,
    exp: addHours(SIGNED_AT, 24),
    ttl: 900,
    status_list: { bits: 2, lst: encodeBase64url(compressed) },
  };
  const input = `${part(header)}.${part(claims)}`;
  return `${input}.${encodeBase64url(await signer.sign(utf8(input)))}`;
}

describe('zip bombs', () => {
  const bomb = deflateSync(new Uint8Array(64 * MIB), { level: 9 });

  it('REQ-STA-006 a list that its region signed: inflated to the bound, and no further', async () => {
    expect(bomb.length).toBeLessThan(MIB / 8);
    let here: Trust | undefined;
    const bundle = await bundleOf(fixture, await tokenOf(bomb));
    // Whoever opens a bundle inflates the bundle, and no list in it.
    const opening = await countInflated(async () => {
      here = (await openedFrom(fixture, { bundle })).trust;
    });
    expect(opening).toBeLessThan(4 * MIB);
    if (here === undefined) throw new TypeError('not opened');
    const spoilt = { ...gate, trust: here };
    const text = await show(fixture);
    const reading = await countInflated(() => expectReferred(text, spoilt, 'status-list-malformed'));
    expect(reading).toBeGreaterThan(0);
    expect(reading).toBeLessThanOrEqual(LIST_BYTES + 2 * MIB);
    // Whoever's credential does not name it is not held up by it.
    expect(
      await countInflated(async () => expectAccepted(await show(fixture, { claims: UNLISTED }), spoilt)),
    ).toBe(0);
  });

  it('REQ-SIG-001 a list that a stranger made: not inflated at all', async () => {
    const status = fixture.regions['CN-BJ'].status;
    for (const signer of [attacker, { ...attacker, kid: status.kid }, fixture.regions['CN-GD'].status]) {
      const { trust: here } = await openedFrom(fixture, {
        bundle: await bundleOf(fixture, await tokenOf(bomb, signer)),
      });
      const text = await show(fixture);
      const inflated = await countInflated(async () => {
        expect(summary(await verdictAt(text, { ...gate, trust: here })).outcome).toBe('referred');
      });
      expect(inflated).toBe(0);
    }
  });

  it('REQ-STA-006 a Bitstring list: the same', async () => {
    const { status } = fixture.regions['CN-BJ'];
    const gzipped = gzipSync(new Uint8Array(64 * MIB), { level: 9 }).toString('base64url');
    const listOf = async (purpose: 'revocation' | 'suspension', encodedList: string, signer: Signer) =>
      issueBitstringList({
        did: DID,
        kid: status.kid,
        uri: bitstringListOf(LIST, purpose),
        purpose,
        encodedList,
        issuedAt: SIGNED_AT,
        expiresAt: addHours(SIGNED_AT, 24),
        ttlSeconds: 900,
        signer,
      });
    const honest = await encodeBitstring(Uint8Array.of(0));
    const text = await presentJsonLd(await mintJsonLd(fixture.regions['CN-BJ'].credential, CLAIMS));
    for (const [signer, code, bound] of [
      [status, 'status-list-malformed', LIMITS.statusListEntries / 8 + 2 * MIB],
      [attacker, 'signature-invalid', LIMITS.bitstringEntries / 8],
    ] as const) {
      const lists = new Map([
        [listPath('CN-BJ', LIST_ID), await listToken(fixture)],
        [listPath('CN-BJ', `${LIST_ID}.revocation`), await listOf('revocation', `u${gzipped}`, signer)],
        [listPath('CN-BJ', `${LIST_ID}.suspension`), await listOf('suspension', honest, status)],
      ]);
      const { trust: here } = await openedFrom(fixture, {
        bundle: await writeBundle(await collectBundle({ read: fixture.files, lists })),
      });
      const inflated = await countInflated(() => expectReferred(text, { ...gate, trust: here }, code));
      expect(inflated).toBeLessThanOrEqual(bound);
    }
  });

  it('REQ-BUN-002 a bundle', async () => {
    const huge = new Uint8Array(gzipSync(new Uint8Array(LIMITS.bundleBytes + 32 * MIB), { level: 9 }));
    expect(huge.length).toBeLessThan(MIB);
    const inflated = await countInflated(() =>
      expect(openedFrom(fixture, { bundle: huge })).rejects.toMatchObject({ code: 'bundle-too-large' }),
    );
    expect(inflated).toBeLessThanOrEqual(LIMITS.bundleBytes + 2 * MIB);
  });
});

describe('CBOR bombs', () => {
  const qrOf = (...bytes: readonly number[]) => `SYM1:${toBase45(Uint8Array.from(bytes))}`;
  const many = (count: number, byte: number) => Array<number>(count).fill(byte);

  it.each<[string, string, () => string]>([
    ['an array in an array, as deep as a code is long', 'packing-truncated', () => qrOf(...many(1300, 0x81))],
    ['the same, with an end', 'packing-malformed', () => qrOf(...many(1300, 0x81), 0)],
    ['a map in a map', 'packing-truncated', () => qrOf(...many(1300, 0xa1))],
    ['a tag on a tag', 'packing-malformed', () => qrOf(...many(1300, 0xc0), 0)],
    ['an array of four thousand million items', 'packing-truncated', () => qrOf(0x9a, ...many(4, 0xff), 0)],
    ['an array of more items than can be counted', 'packing-malformed', () => qrOf(0x9b, ...many(8, 0xff))],
    ['bytes of four thousand million', 'packing-truncated', () => qrOf(0x5a, ...many(4, 0xff), 0)],
    ['a text of more than can be counted', 'packing-malformed', () => qrOf(0x7b, ...many(8, 0xff))],
    ['a map of four thousand million', 'packing-malformed', () => qrOf(0xba, ...many(4, 0xff), 0)],
    ['an array without an end', 'packing-malformed', () => qrOf(0x9f, ...many(1000, 0))],
    [
      'a map with a prototype',
      'packing-malformed',
      () => qrOf(0xa1, 0x69, ...utf8('__proto__'), 0xa1, 0x65, ...utf8('level'), 0x65, ...utf8('green')),
    ],
    ['numbers only', 'packing-malformed', () => qrOf(0x99, 0x05, 0x00, ...many(1280, 0))],
    ['raw, of parts of parts', 'packing-truncated', () => qrOf(0x84, 0x00, ...many(1200, 0x83))],
  ])('REQ-DEC-008 REQ-DEC-009 %s', async (_, code, make) => {
    const text = make();
    expect(text.length).toBeLessThanOrEqual(LIMITS.qrTextBytes);
    meter.take();
    const verdict = await verdictAt(text, gate);
    expect(summary(verdict).outcome).toBe('not-authentic');
    expect(summary(verdict).codes).toEqual([code]);
    // Nothing is parsed, hashed or checked for it.
    expect(meter.take()).toBeLessThan(text.length);
    expect(Reflect.get({}, 'level')).toBeUndefined();
  });

  it('REQ-DEC-004 a code longer than any is not decoded', async () => {
    meter.take();
    await expectNotAuthenticQuietly(`SYM1:${'0'.repeat(LIMITS.qrTextBytes)}`, 'presentation-too-large');
  });

  it('REQ-DEC-010 a short code that says one long name of the dictionary again and again', async () => {
    const { dictionary } = trust.registry;
    const [longest = ''] = dictionary.names.toSorted((a, b) => b.length - a.length);
    const name = { major: MAJOR.unsigned, argument: BigInt(dictionary.names.indexOf(longest)) };
    const salt = { major: MAJOR.bytes, argument: 0n, content: new Uint8Array() };
    const root = readCbor(fromBase45(packQr(await show(fixture), dictionary).slice('SYM1:'.length)));
    const [count, disclosures] = [root.items?.[1], root.items?.at(-2)];
    if (count === undefined || disclosures === undefined) throw new TypeError('no template');
    count.argument = BigInt(dictionary.names.length);
    disclosures.argument = BigInt(LIMITS.disclosures);
    disclosures.items = Array.from({ length: LIMITS.disclosures }, () => ({
      major: MAJOR.array,
      argument: 3n,
      items: [salt, name, name],
    }));
    const text = qrOf(...writeCbor(root));
    expect(text.length).toBeLessThan(LIMITS.qrTextBytes);
    meter.take();
    const verdict = await verdictAt(text, gate);
    expect(summary(verdict)).toEqual({ outcome: 'not-authentic', codes: ['packing-not-canonical'] });
    expect(meter.take()).toBeLessThan(8 * LIMITS.presentationBytes);
  });
});

/** Refused, and nothing was parsed, hashed, checked or inflated for it. */
async function expectNotAuthenticQuietly(text: string, code: string): Promise<void> {
  meter.take();
  const verdict = await verdictAt(text, gate);
  const work = meter.take();
  expect(summary(verdict)).toEqual({ outcome: 'not-authentic', codes: [code] });
  expect(work).toBe(0);
}

describe('JSON bombs', () => {
  it('REQ-DEC-004 a text longer than any is not parsed, whatever it is', async () => {
    const long = LIMITS.presentationBytes + 1;
    for (const text of [
      `{"a":"${'x'.repeat(long)}"}`,
      '['.repeat(long),
      `${'a'.repeat(long)}~`,
      '~'.repeat(long),
      ' '.repeat(long),
      `{${'"a":'.repeat(long)}`,
    ])
      await expectNotAuthenticQuietly(text, 'presentation-too-large');
    await expectNotAuthenticQuietly('~'.repeat(LIMITS.disclosures + 2), 'presentation-too-large');
  });

  it.each<[string, string, string]>([
    ['nested as deep as it is long', 'json-too-deep', `{"a":${'['.repeat(8000)}${']'.repeat(8000)}}`],
    ['nested objects', 'json-too-deep', `${'{"a":'.repeat(2700)}1${'}'.repeat(2700)}`],
    ['a name again and again', 'json-duplicate-name', `{${'"a":1,'.repeat(2700)}"b":1}`],
    ['names in white space', 'presentation-unrecognised', `{"a"${' '.repeat(16_000)}:1}`],
    ['colons in a text', 'presentation-unrecognised', `{"a":"${'" : '.replace('"', '').repeat(5000)}"}`],
    ['a number of many digits', 'presentation-unrecognised', `{"a":${'9'.repeat(16_000)}}`],
    ['many numbers', 'presentation-unrecognised', `{"a":[${'1e308,'.repeat(2600)}1]}`],
    [
      'many names',
      'presentation-unrecognised',
      `{${Array.from({ length: 1900 }, (_, n) => `"${n}":1`).join(',')}}`,
    ],
    ['escapes', 'presentation-unrecognised', `{"a":"${'\\u0000'.repeat(2600)}"}`],
    ['many contexts', 'context-unbundled', `{"@context":[${'"https://a.example",'.repeat(750)}"b"]}`],
    [
      'the same context again and again',
      'type-unexpected',
      `{"@context":[${'"https://www.w3.org/ns/credentials/v2",'.repeat(350)}"https://www.w3.org/ns/credentials/v2"]}`,
    ],
  ])('REQ-DEC-015 %s: read a few times over at the most', async (_, code, text) => {
    expect(text.length).toBeLessThanOrEqual(LIMITS.presentationBytes);
    meter.take();
    const verdict = await verdictAt(text, gate);
    const work = meter.take();
    expect(summary(verdict)).toEqual({ outcome: 'not-authentic', codes: [code] });
    expect(work).toBeLessThanOrEqual(4 * text.length);
  });

  it('REQ-DEC-004 a presentation of as much as it may hold, by a stranger: no proof of any is looked at', async () => {
    const stranger = await mintJsonLd(attacker, UNLISTED);
    const credentials = Array<unknown>(LIMITS.shownTogether).fill(JSON.parse(stranger));
    const own = await presentJsonLd(await mintJsonLd(fixture.regions['CN-BJ'].credential));
    const text = JSON.stringify({ ...JSON.parse(own), verifiableCredential: credentials });
    meter.take();
    const verdict = await verdictAt(text, gate);
    expect(summary(verdict)).toEqual({
      outcome: 'not-authentic',
      codes: Array<string>(LIMITS.shownTogether).fill('key-unknown'),
    });
    expect(meter.take()).toBeLessThan(6 * text.length);
  });
});

describe('CEL cost bombs', () => {
  const nested = (depth: number): string => {
    const open = Array.from({ length: depth }, (_, n) => `contact.exists(c${n}, `).join('');
    return `${open}c0.kind == "close"${')'.repeat(depth)}`;
  };
  const wide = `${'contact.exists(a, contact.exists(b, a.kind == b.kind)) || '.repeat(9)}true`;

  /** Beijing's rules and one more, put there by its admins without the ceremony, which would refuse it. */
  async function gateWith(...bombs: readonly string[]): Promise<Gate> {
    const changed = await foundFederation();
    const set = sampleRules('CN-BJ', 'health');
    const [rule] = set.rules;
    const winter = {
      ...set.rules.find(({ id }) => id === 'clear'),
      id: 'winter',
      sunset: '2026-09-07T07:00:00Z',
    };
    const more = bombs.map((when, n) => ({ ...rule, id: `bomb-${n}`, when }));
    const put = new Map([
      ['regions/CN-BJ/rules.health.json', jsonFile({ ...set, rules: [...set.rules, winter, ...more] })],
    ]);
    await publishUpdate(changed, SIGNED_AT, (draft) =>
      updateRole(draft, { role: 'CN-BJ', put }, changed.regions['CN-BJ'].admins.slice(1), SIGNED_AT),
    );
    return { ...gate, trust: (await openedFrom(changed)).trust };
  }

  it('REQ-RUL-006 a rule within the bounds does no harm', async () => {
    await expectAccepted(await show(fixture, { claims: UNLISTED }), await gateWith(nested(2)));
  });

  it('REQ-REG-019 a longer text than any: the region’s file is not read', async () => {
    const long = gateWith('true || '.repeat(300));
    await expect(long).rejects.toMatchObject({ code: 'region-malformed' });
  });

  it.each<[string, readonly string[]]>([
    ['comprehensions three deep', [nested(3)]],
    ['comprehensions a hundred deep', [nested(60)]],
    ['more steps than one rule may take', [wide.replace('true', wide)]],
    ['more steps than all rules together may take', Array<string>(20).fill(wide)],
    ['more nodes than any', [Array<string>(300).fill('true').join('||')]],
    ['deeper than any', [`${'('.repeat(200)}true${')'.repeat(200)}`]],
    ['a regular expression', ['contact.exists(c, c.kind.matches("(a+)+$"))']],
    ['a text that grows', ['contact.exists(c, c.kind + c.kind + c.kind == "x")']],
    ['a list that is made', ['[1, 2, 3].map(a, [1, 2, 3].map(b, a)).size() > 0']],
  ])('REQ-RUL-007 %s: refused when it is compiled, and never run', async (_, bombs) => {
    const here = await gateWith(...bombs);
    const text = await show(fixture, { claims: UNLISTED });
    const parsed = vi.spyOn(Environment.prototype, 'parse');
    try {
      await expectNotAccepted(text, here, 'rule-set-malformed');
      const rules = here.trust.registry.regions['CN-BJ']?.ruleSets['health']?.rules.length ?? 0;
      // Each rule is parsed once, and the verifier's own policy.
      expect(parsed.mock.calls.length).toBeLessThanOrEqual(rules + 1);
      for (const [expression] of parsed.mock.calls)
        expect(expression.length).toBeLessThanOrEqual(LIMITS.celExpressionChars);
      // REQ-RUL-006: known the second time; nothing is parsed again.
      parsed.mockClear();
      await expectNotAccepted(text, here, 'rule-set-malformed');
      expect(parsed.mock.calls.length).toBe(0);
    } finally {
      parsed.mockRestore();
    }
  });

  it.each<[string, string]>([
    ['a longer text than any', `true || ${'true || '.repeat(300)}true`],
    ['more nodes than any', Array<string>(300).fill('true').join('||')],
    ['deeper than any', `${'!('.repeat(100)}true${')'.repeat(100)}`],
    ['a list that is longer than any', `health.level in [${'"green",'.repeat(70)}"red"]`],
    ['a regular expression', 'health.level.matches("(a+)+$")'],
    ['a number of many digits', `health.present && ${'9'.repeat(1000)} > 1`],
  ])('REQ-ACC-004 a policy of %s is no policy', async (_, accept) => {
    const text = await show(fixture);
    meter.take();
    await expect(verdictAt(text, { ...gate, policy: { ...GATE, accept } })).rejects.toMatchObject({
      code: 'policy-malformed',
    });
    // Told before anything of the presentation is read.
    expect(meter.take()).toBe(0);
  });
});

describe('many of everything', () => {
  it('REQ-DEC-004 as many presentations as can be shown, each forged: each costs one check', async () => {
    const forged = await show(fixture, {
      claims: UNLISTED,
      signer: { ...attacker, kid: fixture.regions['CN-BJ'].credential.kid },
    });
    const one = [forged];
    const all = Array<string>(LIMITS.shownTogether).fill(packQr(forged, trust.registry.dictionary));
    await expectNotAuthentic(one, gate, 'signature-invalid');
    meter.take();
    await verdictAt(one, gate);
    const single = meter.take();
    await verdictAt(all, gate);
    expect(meter.take()).toBeLessThanOrEqual(3 * LIMITS.shownTogether * single);
  });
});
