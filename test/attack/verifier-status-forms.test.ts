import { issueBitstringList } from '@symbolon/credential/bitstring-list';
import type { StatusClaims } from '@symbolon/credential/model';
import type { Signer } from '@symbolon/keys/signer';
import { decodeBase64url, encodeBase64url } from '@symbolon/protocol/base64url';
import { fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { addHours } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { bitstringListOf, LIST_PURPOSES } from '@symbolon/protocol/list-names';
import { writeBundle } from '@symbolon/registry/bundle';
import { collectBundle } from '@symbolon/registry/collect-bundle';
import { listPath } from '@symbolon/registry/status-lists';
import { encodeBitstring } from '@symbolon/status/bitstring';
import { issueCompactList } from '@symbolon/status/compact-list';
import type { StatusListOrder } from '@symbolon/status/issue';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  expectAccepted,
  expectNotAccepted,
  expectNotAuthentic,
  expectReferred,
  type Gate,
} from '../support/expect-verdict.ts';
import type { FederationFixture } from '../support/federation-fixture.ts';
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
import { CLAIMS, show } from '../support/verifier-showings.ts';

/** Attack stories (style, 22) on the form of status lists: other widths, other lengths, other kinds, other headers. */

let fixture: FederationFixture;
let gate: Gate;
let status: Signer;

beforeAll(async () => {
  fixture = await foundFederation();
  gate = { trust: (await openedFrom(fixture)).trust, policy: GATE, now: NOW };
  ({ status } = fixture.regions['CN-BJ']);
  await expectAccepted(await shownFor(0), gate);
});

const claimsOf = (idx: number): StatusClaims => ({ ...CLAIMS, statusEntry: { idx, uri: LIST } });
const shownFor = (idx: number) => show(fixture, { claims: claimsOf(idx) });
const withToken = async (token: string): Promise<Gate> => ({
  ...gate,
  trust: (await openedFrom(fixture, { bundle: await bundleOf(fixture, token) })).trust,
});
const withList = async (order: Partial<StatusListOrder>) => withToken(await listToken(fixture, order));

/** The token, with header or claims changed, and signed again by whoever may. */
async function rewritten(change: { header?: object; claims?: object }, signer?: Signer): Promise<string> {
  const [header = '', payload = '', signature] = (await listToken(fixture)).split('.');
  const part = (text: string, more: object = {}) =>
    encodeBase64url(utf8(JSON.stringify({ ...JSON.parse(fromUtf8(decodeBase64url(text))), ...more })));
  const input = `${part(header, change.header)}.${part(payload, change.claims)}`;
  return `${input}.${signer === undefined ? signature : encodeBase64url(await signer.sign(utf8(input)))}`;
}

describe('a list that is shorter than the index', () => {
  it.each([1, 2, 4, 8] as const)(
    'REQ-STA-007 of %i bits an entry: one past its last byte is not valid',
    async (bits) => {
      const perByte = 8 / bits;
      const entries = new Uint8Array(3 * perByte);
      const here = await withList({ bits, entries });
      await expectAccepted(await shownFor(entries.length - 1), here);
      for (const idx of [entries.length, entries.length + 1, LIMITS.statusListEntries - 1])
        await expectNotAccepted(await shownFor(idx), here, 'status-index');
    },
  );
});

describe('a list of another width', () => {
  it('REQ-STA-003 one bit cannot say CONTESTED or SUSPENDED; what it says of the others counts', async () => {
    await expectReferred(await shownFor(3), gate, 'status-contested');
    await expectNotAccepted(await shownFor(2), gate, 'status-suspended');
    // Only the region can sign such a list. What it does not say there, its next batch does: docs/spec/threats.md.
    const narrow = await withList({ bits: 1, entries: Uint8Array.of(0, 1, 0, 0) });
    await expectAccepted(await shownFor(3), narrow);
    await expectNotAccepted(await shownFor(1), narrow, 'status-revoked');
    // What the credential itself says counts all the same.
    const contested = await show(fixture, { claims: { ...claimsOf(3), contested: true } });
    await expectReferred(contested, narrow, 'status-contested');
  });

  it('REQ-SIG-001 the width is signed: read as one bit, a revoked entry would be another’s', async () => {
    const [, payload = ''] = (await listToken(fixture)).split('.');
    const { status_list } = JSON.parse(fromUtf8(decodeBase64url(payload)));
    for (const bits of [1, 4, 8])
      await expectReferred(
        await shownFor(1),
        await withToken(await rewritten({ claims: { status_list: { ...status_list, bits } } })),
        'signature-invalid',
      );
  });

  it('REQ-STA-006 a width that there is not', async () => {
    const [, payload = ''] = (await listToken(fixture)).split('.');
    const { status_list } = JSON.parse(fromUtf8(decodeBase64url(payload)));
    for (const bits of [0, 3, 16, -2, 2.5, '2', null])
      await expectReferred(
        await shownFor(0),
        await withToken(await rewritten({ claims: { status_list: { ...status_list, bits } } }, status)),
        'status-list-malformed',
      );
  });

  it('REQ-STA-003 a JSON-LD credential is looked up in lists that know no CONTESTED', async () => {
    const honest = await encodeBitstring(Uint8Array.of(0, 1));
    const lists = new Map([[listPath('CN-BJ', LIST_ID), await listToken(fixture)]]);
    for (const purpose of LIST_PURPOSES) {
      const order = {
        did: DID,
        kid: status.kid,
        uri: bitstringListOf(LIST, purpose),
        purpose,
        encodedList: honest,
        issuedAt: SIGNED_AT,
        expiresAt: addHours(SIGNED_AT, 24),
        ttlSeconds: 900,
        signer: status,
      };
      lists.set(listPath('CN-BJ', bitstringListOf(LIST_ID, purpose)), await issueBitstringList(order));
    }
    const bundle = await writeBundle(await collectBundle({ read: fixture.files, lists }));
    const both = { ...gate, trust: (await openedFrom(fixture, { bundle })).trust };
    const text = await presentJsonLd(await mintJsonLd(fixture.regions['CN-BJ'].credential, claimsOf(3)));
    // Where a bundle has the token list only, that is what is read, and it knows.
    await expectReferred(text, gate, 'status-contested');
    await expectAccepted(text, both);
    await expectReferred(await shownFor(3), both, 'status-contested');
  });
});

describe('another kind of list, or another header', () => {
  it('REQ-DEC-020 the compact form in the place of the standard one', async () => {
    const order = {
      uri: LIST,
      entries: Uint8Array.of(0, 0, 0, 0),
      issuedAt: SIGNED_AT,
      expiresAt: addHours(SIGNED_AT, 24),
      ttlSeconds: 900,
      signer: status,
    };
    await expectReferred(
      await shownFor(1),
      await withToken(await issueCompactList(order)),
      'type-unexpected',
    );
  });

  it.each<[string, string, object]>([
    ['REQ-KEY-007 no algorithm', 'algorithm-none', { alg: 'none' }],
    ['REQ-KEY-007 no algorithm, in other letters', 'algorithm-none', { alg: 'NoNe' }],
    ['REQ-KEY-008 one that no key has', 'algorithm-mismatch', { alg: 'HS256' }],
    ['REQ-KEY-008 that of another key', 'algorithm-mismatch', { alg: 'EdDSA' }],
    ['REQ-DEC-020 another type', 'type-unexpected', { typ: 'JWT' }],
    ['REQ-DEC-020 its type in full', 'type-unexpected', { typ: 'application/statuslist+jwt' }],
    ['REQ-DEC-020 the type of a credential', 'type-unexpected', { typ: 'dc+sd-jwt' }],
    ['REQ-STA-006 its key brought along', 'status-list-malformed', { jwk: attacker.publicJwk }],
    ['REQ-STA-006 the address of its key', 'status-list-malformed', { jku: 'https://attacker.example' }],
    ['REQ-STA-006 something critical', 'status-list-malformed', { crit: ['b64'], b64: false }],
  ])('%s', async (_, code, header) => {
    for (const signer of [status, attacker])
      await expectReferred(await shownFor(0), await withToken(await rewritten({ header }, signer)), code);
  });

  it('REQ-STA-006 a claim twice, or one that hides in another spelling', async () => {
    const [header = '', payload = ''] = (await listToken(fixture)).split('.');
    const json = fromUtf8(decodeBase64url(payload));
    for (const more of ['"exp":1,', '"\\u0065xp":1,', '"__proto__":{},']) {
      const input = `${header}.${encodeBase64url(utf8(json.replace('{', `{${more}`)))}`;
      const token = `${input}.${encodeBase64url(await status.sign(utf8(input)))}`;
      await expectReferred(await shownFor(0), await withToken(token), 'status-list-malformed');
    }
  });

  it('REQ-STA-006 a list that is not exactly one', async () => {
    const compressed = async (change: (bytes: Uint8Array) => Uint8Array) => {
      const [, payload = ''] = (await listToken(fixture)).split('.');
      const { status_list } = JSON.parse(fromUtf8(decodeBase64url(payload)));
      const lst = encodeBase64url(change(decodeBase64url(status_list.lst)));
      return withToken(await rewritten({ claims: { status_list: { ...status_list, lst } } }, status));
    };
    for (const change of [
      (bytes: Uint8Array) => bytes.slice(0, -1),
      (bytes: Uint8Array) => Uint8Array.from([...bytes, 0]),
      (bytes: Uint8Array) => Uint8Array.from([...bytes, ...bytes]),
      (bytes: Uint8Array) => bytes.map((byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte)),
      (bytes: Uint8Array) => bytes.slice(2, -4),
      () => Uint8Array.of(0x78, 0x9c, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01),
    ])
      await expectReferred(await shownFor(0), await compressed(change), 'status-list-malformed');
  });

  it('REQ-STA-006 a list that a credential names below another, or beside it', async () => {
    for (const uri of [
      `${LIST}/1`,
      `${LIST}/../1`,
      LIST.replace('/lists/', '/list/'),
      LIST.replace('cn-bj', 'cn-bj.attacker'),
      `${LIST.replace('/lists/', '/lists')}`,
    ])
      await expectNotAccepted(
        await show(fixture, { claims: { ...CLAIMS, statusEntry: { idx: 0, uri } } }),
        gate,
        'status-list-malformed',
      );
    for (const uri of [
      `${LIST}?x`,
      `${LIST}#x`,
      LIST.replace('https', 'http'),
      LIST.replace('https://', 'https://a:b@'),
    ])
      await expect(
        show(fixture, { claims: { ...CLAIMS, statusEntry: { idx: 0, uri } } }),
      ).rejects.toMatchObject({ code: 'claims-malformed' });
    const spaced = await show(fixture, { claims: { ...CLAIMS, statusEntry: { idx: 0, uri: `${LIST} ` } } });
    await expectReferred(spaced, gate, 'status-list-missing');
  });

  it('REQ-DEC-020 a list where a credential should be, and the other way round', async () => {
    await expectNotAuthentic(`${await listToken(fixture)}~`, gate, 'type-unexpected');
    const credential = (await shownFor(0)).split('~')[0] ?? '';
    await expectReferred(await shownFor(0), await withToken(credential), 'type-unexpected');
  });
});
