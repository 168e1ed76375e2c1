import { packQr } from '@symbolon/credential/qr/pack';
import { discloseSdJwt } from '@symbolon/credential/sd-jwt/present';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import { utf8 } from '@symbolon/protocol/bytes';
import { createScanner } from '@symbolon/verifier/scanner';
import type { Trust } from '@symbolon/verifier/trust';
import { beforeAll, describe, expect, it } from 'vitest';
import { type CborItem, itemsOf, MAJOR, readCbor, textItem, writeCbor } from '../fuzz/grammar/cbor.ts';
import { fromBase45, toBase45 } from '../support/base45.ts';
import {
  expectAccepted,
  expectNotAuthentic,
  type Gate,
  summary,
  verdictAt,
} from '../support/expect-verdict.ts';
import type { FederationFixture } from '../support/federation-fixture.ts';
import { foundFederation, GATE, NOW, openedFrom } from '../support/verifier-federation.ts';
import { bind, mint, show } from '../support/verifier-showings.ts';

/**
 * Attack stories (style, 22) on the packing: whoever photographed a QR code writes it otherwise, so that a scanner's memory, or a list of codes that were seen,
 * does not know it again. Everything in it is genuine and still the same; there is one packing all the same.
 */

let fixture: FederationFixture;
let trust: Trust;
let gate: Gate;
let live: string;
let qr: string;
let names: readonly string[];

beforeAll(async () => {
  fixture = await foundFederation();
  ({ trust } = await openedFrom(fixture));
  gate = { trust, policy: GATE, now: NOW };
  ({ names } = trust.registry.dictionary);
  live = await bind(discloseSdJwt(await mint(fixture), ['reason', 'evidence']));
  qr = packQr(live, trust.registry.dictionary);
  const verdict = await expectAccepted(qr, gate);
  expect(await verdictAt(live, gate)).toEqual(verdict);
});

const packed = () => readCbor(fromBase45(qr.slice('SYM1:'.length)));
const written = (root: CborItem, ...behind: readonly number[]) =>
  `SYM1:${toBase45(Uint8Array.from([...writeCbor(root), ...behind]))}`;
/** The root and everything in it, each time in a packing of its own. */
function each(change: (item: CborItem) => boolean | undefined): string[] {
  return itemsOf(packed()).flatMap((_, at) => {
    const root = packed();
    const item = itemsOf(root)[at];
    return item !== undefined && change(item) !== false ? [written(root)] : [];
  });
}
const become = (item: CborItem, other: CborItem): undefined => {
  for (const key of Object.keys(item)) Reflect.deleteProperty(item, key);
  Object.assign(item, other);
  return undefined;
};
const bytesItem = (part = '') => {
  const content = new Uint8Array(Buffer.from(part, 'base64url'));
  return { major: MAJOR.bytes, argument: BigInt(content.length), content };
};
const array = (items: CborItem[]): CborItem => ({
  major: MAJOR.array,
  argument: BigInt(items.length),
  items,
});
const NULL: CborItem = { major: MAJOR.simple, argument: 22n };

describe('REQ-DEC-010 a second packing of one presentation', () => {
  it('the one that there is, is read', async () => {
    expect(written(packed())).toBe(qr);
  });

  it.each<[string, () => readonly string[]]>([
    [
      'a longer head of one item',
      () =>
        each((item) => {
          item.width = item.argument < 24n ? 1 : 8;
          return undefined;
        }),
    ],
    [
      'one part of unknown length',
      () =>
        each((item) => {
          if ((item.content ?? item.items) === undefined) return false;
          item.indefinite = true;
          return undefined;
        }),
    ],
    [
      'one item under a tag',
      () => each((item) => become(item, { major: MAJOR.tag, argument: 55_799n, items: [{ ...item }] })),
    ],
    [
      'one number as a float',
      () =>
        each((item) => {
          if (item.major !== MAJOR.unsigned && item.major !== MAJOR.negative) return false;
          const float = new DataView(new ArrayBuffer(8));
          float.setFloat64(
            0,
            item.major === MAJOR.unsigned ? Number(item.argument) : -1 - Number(item.argument),
          );
          return become(item, { major: MAJOR.simple, argument: 0n, float: new Uint8Array(float.buffer) });
        }),
    ],
    [
      'one number as a big one',
      () =>
        each((item) => {
          if (item.major !== MAJOR.unsigned) return false;
          const content = Uint8Array.of(
            Number(item.argument >> 24n),
            Number((item.argument >> 16n) & 255n),
            Number((item.argument >> 8n) & 255n),
            Number(item.argument & 255n),
          );
          const inner = { major: MAJOR.bytes, argument: 4n, content };
          return become(item, { major: MAJOR.tag, argument: 2n, items: [inner] });
        }),
    ],
    [
      'a name in the place of its number',
      () =>
        each((item) => {
          const name = item.major === MAJOR.unsigned ? names[Number(item.argument)] : undefined;
          return name === undefined ? false : become(item, textItem(name));
        }),
    ],
    [
      'more names announced than are needed',
      () =>
        [1, 2, 40].map((more) => {
          const root = packed();
          const count = root.items?.[1];
          if (count !== undefined) count.argument += BigInt(more);
          return written(root);
        }),
    ],
    [
      'fewer names announced than are needed',
      () =>
        [0n, 1n].map((count) => {
          const root = packed();
          if (root.items?.[1] !== undefined) root.items[1].argument = count;
          return written(root);
        }),
    ],
    ['bytes behind it', () => [written(packed(), 0), written(packed(), 0xf6), written(packed(), 0x40)]],
    ['twice', () => [written(packed(), ...writeCbor(packed()))]],
    [
      'the raw form of what has the short one',
      () => {
        const [jwt = '', ...rest] = live.split('~');
        const proof = rest.pop() ?? '';
        const jws = (token: string) => array(token.split('.').map(bytesItem));
        return [
          written(
            array([
              { major: MAJOR.unsigned, argument: 0n },
              jws(jwt),
              array(rest.map(bytesItem)),
              jws(proof),
            ]),
          ),
        ];
      },
    ],
    [
      'window nonce and audience written out',
      () => {
        const root = packed();
        const binding = root.items?.at(-1);
        const iat = NOW;
        binding?.items?.push(textItem('urn:symbolon:in-person'), textItem(`w.${iat}`));
        if (binding !== undefined) binding.argument = 4n;
        return [written(root)];
      },
    ],
    [
      'the place of the status list written out',
      () => {
        const root = packed();
        const status = root.items?.find(
          ({ items }) =>
            items?.length === 2 && items[0]?.major === MAJOR.unsigned && items[1]?.major === MAJOR.text,
        );
        status?.items?.push(textItem('https://cn-bj.symbolon.test/lists/'));
        if (status !== undefined) status.argument = 3n;
        return [written(root)];
      },
    ],
    [
      'a disclosure as its bytes',
      () =>
        live
          .split('~')
          .slice(1, -1)
          .map((disclosure, at) => {
            const root = packed();
            const all = root.items?.at(-2)?.items;
            if (all !== undefined) all[at] = bytesItem(disclosure);
            return written(root);
          }),
    ],
    [
      'an array as a map',
      () =>
        each((item) => {
          if (item.items === undefined || item.items.length % 2 !== 0) return false;
          item.major = MAJOR.map;
          item.argument /= 2n;
          return undefined;
        }),
    ],
    [
      'an item behind the last',
      () => {
        const root = packed();
        root.items?.push(NULL);
        root.argument += 1n;
        return [written(root)];
      },
    ],
  ])('%s', async (_, make) => {
    const others = make();
    expect(others.length).toBeGreaterThan(0);
    const scanner = createScanner(GATE);
    await scanner.scan(qr, trust, NOW);
    for (const other of others) {
      expect(other).not.toBe(qr);
      const verdict = await verdictAt(other, gate);
      expect(summary(verdict).outcome).toBe('not-authentic');
      expect(['packing-not-canonical', 'packing-malformed']).toContain(summary(verdict).codes[0]);
      expect(verdict.findings[0]?.requirement).toMatch(/^REQ-DEC-0(09|10)$/);
      expect(summary(await scanner.scan(other, trust, NOW)).outcome).toBe('not-authentic');
    }
  });

  it('REQ-DEC-007 base45 written otherwise: lower case, white space within, a group beyond its bytes', async () => {
    await expectNotAuthentic(qr.toLowerCase().replace('sym1:', 'SYM1:'), gate, 'base45-malformed');
    await expectNotAuthentic(`${qr.slice(0, 20)}\n${qr.slice(20)}`, gate, 'base45-malformed');
    await expectNotAuthentic(`${qr}:::`, gate, 'base45-malformed');
    await expectNotAuthentic(qr.replace('SYM1:', 'sym1:'), gate, 'presentation-unrecognised');
    await expectNotAuthentic(qr.replace('SYM1:', 'SYM1: '), gate, 'base45-malformed');
  });

  it.each([' ', '\n', '\t', '\r\n'])(
    'white space around it (%j) is not part of it: the copy is known',
    async (space) => {
      const scanner = createScanner(GATE);
      expect(summary(await scanner.scan(live, trust, NOW)).outcome).toBe('accepted');
      for (const copy of [`${space}${live}`, `${live}${space}`, `${space}${qr}${space}`])
        expect(summary(await scanner.scan(copy, trust, NOW)).codes).toEqual(['replayed']);
    },
  );

  it.each(['\u00a0', '\ufeff', '\u2028'])(
    'other space around it (%j) makes it another text, and none',
    async (space) => {
      for (const copy of [`${space}${live}`, `${live}${space}`, `${space}${qr}${space}`])
        expect(summary(await createScanner(GATE).scan(copy, trust, NOW)).outcome).toBe('not-authentic');
    },
  );
});

describe('REQ-DEC-017 a second text of one SD-JWT', () => {
  /** Each part of the text, changed. */
  const parts = (change: (part: string) => string) => {
    const all = live.split(/(?<=[.~])|(?=[.~])/);
    return all.flatMap((part, at) => (part.length < 2 ? [] : [all.with(at, change(part)).join('')]));
  };
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

  it.each<[string, (part: string) => string]>([
    ['padded', (part) => `${part}=`],
    ['padded twice', (part) => `${part}==`],
    ['with white space in it', (part) => `${part.slice(0, -1)} ${part.slice(-1)}`],
    ['with a line break in it', (part) => `${part.slice(0, 9)}\n${part.slice(9)}`],
    [
      'with the unused bits set',
      (part) => {
        const last = alphabet.indexOf(part.slice(-1));
        const unused = part.length % 4 === 2 ? 15 : part.length % 4 === 3 ? 3 : 0;
        return unused === 0 ? `${part}=` : part.slice(0, -1) + alphabet.charAt(last | unused);
      },
    ],
    ['in the other alphabet', (part) => `+${part.slice(1)}`],
  ])('a part that is %s', async (_, change) => {
    const others = parts(change);
    expect(others.length).toBeGreaterThan(8);
    for (const other of others) {
      const verdict = summary(await verdictAt(other, gate));
      expect(verdict.outcome).toBe('not-authentic');
      const codes = ['base64url-malformed', 'binding-malformed', 'disclosure-unreferenced', 'binding-hash'];
      expect(codes).toContain(verdict.codes[0]);
    }
  });

  it('REQ-DEC-019 a fourth part, an empty one, or JSON in its place', async () => {
    const [jwt = '', ...rest] = live.split('~');
    const [header = '', payload = '', signature = ''] = jwt.split('.');
    const other = (token: string) => [token, ...rest].join('~');
    for (const token of [
      `${jwt}.`,
      `${jwt}.AA`,
      `.${jwt}`,
      `${header}..${signature}`,
      `${header}.${payload}`,
    ])
      await expectNotAuthentic(other(token), gate, 'jwt-malformed');
    const json = JSON.stringify({ payload, protected: header, signature });
    await expectNotAuthentic(other(json), gate, 'json-malformed');
    await expectNotAuthentic(json, gate, 'presentation-unrecognised');
    await expectNotAuthentic(other(encodeBase64url(utf8(json))), gate, 'jwt-malformed');
  });

  it('REQ-DEC-014 a claim twice, each for another reader, signed by the region itself', async () => {
    const { credential } = fixture.regions['CN-BJ'];
    const [jwt = ''] = live.split('~');
    const [header = '', payload = ''] = jwt.split('.');
    const json = Buffer.from(payload, 'base64url').toString();
    for (const more of ['"level":"red",', '"\\u006cevel":"red",']) {
      const input = `${header}.${encodeBase64url(utf8(json.replace('{', `{${more}`)))}`;
      const token = `${input}.${encodeBase64url(await credential.sign(utf8(input)))}~`;
      await expectNotAuthentic(await bind(token), gate, 'json-duplicate-name');
    }
  });
});

describe('a packing that another dictionary wrote', () => {
  it('REQ-DEC-011 with a name that this one does not have', async () => {
    const longer = { version: 9, names: [...names, 'urn:symbolon:in-person-elsewhere'] };
    const text = packQr(await show(fixture, { audience: 'urn:symbolon:in-person-elsewhere' }), longer);
    await expectNotAuthentic(text, gate, 'dictionary-unknown');
  });

  it('REQ-SIG-001 in which numbers mean other names: a wrong rebuild is a wrong signature', async () => {
    const green = names.indexOf('green');
    const swapped = { version: 9, names: names.with(green, 'amber').with(names.indexOf('amber'), 'green') };
    await expectNotAuthentic(packQr(live, swapped), gate, 'signature-invalid');
  });
});
