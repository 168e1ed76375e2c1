import { gzipSync } from 'node:zlib';
import { type BitstringListOrder, issueBitstringList } from '@symbolon/credential/bitstring-list';
import type { StatusClaims } from '@symbolon/credential/model';
import { didKeyOf, multikeyOf } from '@symbolon/keys/multikey';
import type { Signer } from '@symbolon/keys/signer';
import type { Bytes } from '@symbolon/protocol/bytes';
import { addHours, addSeconds } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { bitstringListOf, LIST_PURPOSES, type ListPurpose } from '@symbolon/protocol/list-names';
import type { Json } from '@symbolon/protocol/strict-json';
import { writeBundle } from '@symbolon/registry/bundle';
import { collectBundle } from '@symbolon/registry/collect-bundle';
import { listPath } from '@symbolon/registry/status-lists';
import { encodeBitstring } from '@symbolon/status/bitstring';
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
} from '../support/expect-verdict.ts';
import type { FederationFixture } from '../support/federation-fixture.ts';
import {
  attacker,
  ed25519,
  foundFederation,
  GATE,
  ISSUED,
  LIST,
  LIST_ID,
  listToken,
  NOW,
  openedFrom,
  SIGNED_AT,
} from '../support/verifier-federation.ts';
import { changed, DID, mintJsonLd, objectAt, presentJsonLd } from '../support/verifier-json-ld.ts';
import { CLAIMS, holder, UNLISTED } from '../support/verifier-showings.ts';

/** Attack stories (style, 22) on JSON-LD credentials and presentations. */

let fixture: FederationFixture;
let trust: Trust;
let gate: Gate;
let issuer: Signer;
let credential: string;
let shown: string;

beforeAll(async () => {
  fixture = await foundFederation();
  ({ trust } = await openedFrom(fixture));
  gate = { trust, policy: GATE, now: NOW };
  issuer = fixture.regions['CN-BJ'].credential;
  credential = await mint();
  shown = await present(credential);
});

const mint = (claims: StatusClaims = UNLISTED, signer = issuer, did = DID) => mintJsonLd(signer, claims, did);
const present = presentJsonLd;

async function refuses(presentation: string, code: string): Promise<void> {
  await expectAccepted(shown, gate);
  await expectNotAuthentic(presentation, gate, code);
}

const CONTEXTS = ['https://www.w3.org/ns/credentials/v2', 'https://symbolon.example/contexts/status/v1'];
const INSIDE = 'verifiableCredential.0';

describe('the context', () => {
  it.each<[string, Json]>([
    ['one that is not bundled', [...CONTEXTS, 'https://attacker.example/context']],
    [
      'one in the place of ours',
      ['https://www.w3.org/ns/credentials/v2', 'https://attacker.example/context'],
    ],
    ['one written into the credential', [...CONTEXTS, { level: 'https://attacker.example/other' }]],
    ['an older one', ['https://www.w3.org/2018/credentials/v1', CONTEXTS[1] ?? '']],
    ['one on this machine', [...CONTEXTS, 'file:///etc/hostname']],
  ])('REQ-DEC-024 %s', async (_, contexts) => {
    await refuses(changed(shown, `${INSIDE}.@context`, contexts), 'context-unbundled');
    await refuses(changed(shown, '@context', contexts), 'context-unbundled');
    await refuses(changed(credential, '@context', contexts), 'context-unbundled');
  });

  it('REQ-DEC-021 ours, in another order or number', async () => {
    await refuses(changed(credential, '@context', CONTEXTS.toReversed()), 'claims-malformed');
    await refuses(changed(credential, '@context', CONTEXTS.slice(0, 1)), 'claims-malformed');
    await refuses(changed(credential, '@context', CONTEXTS[0]), 'claims-malformed');
  });
});

describe('the credential', () => {
  it.each<[string, string, Json]>([
    ['the level', 'credentialSubject.level', 'red'],
    ['the rule', 'credentialSubject.rule', 'symptoms-2d@1'],
    ['the scheme', 'credentialSubject.scheme', 'urn:symbolon:test:1'],
    ['the end', 'validUntil', '2026-09-07T14:00:00Z'],
    ['a sample time', 'credentialSubject.at', '2026-09-07T06:00:00Z'],
    ['a contest', 'credentialSubject.contested', true],
  ])('REQ-SIG-001 altered: %s', async (_, path, value) => {
    await refuses(changed(shown, `${INSIDE}.${path}`, value), 'signature-invalid');
    await refuses(changed(credential, path, value), 'signature-invalid');
  });

  it.each<[string, string, Json | undefined]>([
    ['an id', 'id', 'urn:uuid:1'],
    ['a name of another vocabulary', 'credentialSubject.name', 'A person'],
    ['a level in another form', 'credentialSubject.level', { '@value': 'green' }],
    ['two levels', 'credentialSubject.level', ['green', 'red']],
    ['no end', 'validUntil', undefined],
    ['a second type', 'type', ['VerifiableCredential', 'StatusCredential', 'OtherCredential']],
    ['a begin with a fraction', 'validFrom', '2026-09-07T07:00:00.5Z'],
    ['a subject that is no key', 'credentialSubject.id', 'did:key:z6Mk'],
  ])('REQ-DEC-021 with %s', async (_, path, value) => {
    await refuses(changed(shown, `${INSIDE}.${path}`, value), 'claims-malformed');
  });

  it.each<[string, string, Json | undefined]>([
    ['no proof', 'proof', undefined],
    ['two proofs', 'proof', []],
    ['a proof of possession', 'proof.proofPurpose', 'authentication'],
    ['another time', 'proof.created', '2026-09-07T07:00:01Z'],
    ['a key of another region', 'proof.verificationMethod', 'did:web:cn-gd.symbolon.test#AAAAAAAAAAA'],
    ['a key of the attacker', 'proof.verificationMethod', 'https://attacker.example/key'],
    ['an unknown suite', 'proof.cryptosuite', 'ecdsa-sd-2023'],
    ['a domain', 'proof.domain', 'urn:symbolon:in-person'],
  ])('REQ-SIG-002 with %s', async (_, path, value) => {
    await refuses(changed(shown, `${INSIDE}.${path}`, value), 'proof-malformed');
    await refuses(changed(credential, path, value), 'proof-malformed');
  });

  it('REQ-SIG-001 with the proof of another credential', async () => {
    const other = await mint({ ...UNLISTED, level: 'red', rule: 'close-contact-7d@1' });
    await refuses(changed(other, 'proof', objectAt(credential, 'proof')), 'signature-invalid');
  });

  it.each<[string, string, () => Signer]>([
    ['REQ-KEY-002 the attacker’s', 'key-unknown', () => attacker],
    ['REQ-KEY-003 the status key', 'key-use', () => fixture.regions['CN-BJ'].status],
    ['REQ-KEY-002 another region’s', 'key-unknown', () => fixture.regions['CN-GD'].credential],
    [
      'REQ-SIG-001 the attacker’s under the region’s kid',
      'signature-invalid',
      () => ({ ...attacker, kid: issuer.kid }),
    ],
  ])('by a key that may not sign it: %s', async (_, code, signer) => {
    await expectAccepted(await present(await mint(UNLISTED, ed25519)), gate);
    await refuses(await present(await mint(UNLISTED, signer())), code);
  });

  it('REQ-KEY-008 with the suite of another algorithm', async () => {
    await refuses(changed(credential, 'proof.cryptosuite', 'eddsa-rdfc-2022'), 'algorithm-mismatch');
  });

  it('REQ-KEY-001 of nobody, or of the issuer URL in place of the DID', async () => {
    await refuses(await mint(UNLISTED, attacker, 'did:web:attacker.example'), 'issuer-unknown');
    await refuses(changed(credential, 'issuer', 'https://cn-bj.symbolon.test'), 'claims-malformed');
  });

  it('REQ-STA-008 that lives too long for one without a list', async () => {
    const day = await mint({ ...UNLISTED, expiresAt: addHours(ISSUED, 7) });
    await expectNotAccepted(await present(day), gate, 'status-required');
  });
});

describe('the presentation', () => {
  it('REQ-BND-001 left away', async () => {
    await refuses(credential, 'binding-missing');
  });

  it('REQ-BND-003 by another key, in the holder’s name', async () => {
    await refuses(
      await present(credential, { ...attacker, publicJwk: holder.publicJwk }),
      'binding-signature',
    );
  });

  it('REQ-BND-002 by another key, in its own name', async () => {
    const did = didKeyOf(attacker.publicJwk);
    const method = `${did}#${multikeyOf(attacker.publicJwk)}`;
    const named = changed(shown, 'holder', did);
    await refuses(named, 'binding-malformed');
    await refuses(changed(named, 'proof.verificationMethod', method), 'binding-malformed');
  });

  it.each<[string, string, Json | undefined]>([
    ['no proof', 'proof', undefined],
    ['the purpose of an issuer', 'proof.proofPurpose', 'assertionMethod'],
    ['no challenge', 'proof.challenge', undefined],
    ['more credentials than are shown together', 'verifiableCredential', Array(9).fill({})],
    ['no credential', 'verifiableCredential', []],
    ['another suite', 'proof.cryptosuite', 'eddsa-rdfc-2022'],
    ['a second type', 'type', ['VerifiablePresentation', 'StatusCredential']],
  ])('REQ-BND-002 with %s', async (_, path, value) => {
    await refuses(changed(shown, path, value), 'binding-malformed');
  });

  it('REQ-BND-002 with the issuer’s proof in place of the holder’s', async () => {
    await refuses(changed(shown, 'proof', objectAt(credential, 'proof')), 'binding-malformed');
  });

  it('REQ-SIG-002 with the holder’s proof in place of the issuer’s', async () => {
    await refuses(changed(shown, `${INSIDE}.proof`, objectAt(shown, 'proof')), 'proof-malformed');
  });

  it('REQ-BND-003 of another credential of the same holder', async () => {
    const other: Json = JSON.parse(await mint({ ...UNLISTED, assurance: 'high' }));
    await refuses(changed(shown, 'verifiableCredential', [other]), 'binding-signature');
  });

  it.each<[string, string, Json]>([
    ['the audience', 'proof.domain', 'urn:venue:elsewhere'],
    ['the nonce', 'proof.challenge', `w.${NOW + 1}`],
    ['the time', 'proof.created', '2026-09-07T08:20:01Z'],
  ])('REQ-BND-003 altered: %s', async (_, path, value) => {
    await refuses(changed(shown, path, value), 'binding-signature');
  });

  it.each<[string, number, string | undefined]>([
    ['REQ-BND-005 a minute old', 60, undefined],
    ['REQ-BND-005 a second more', 61, 'binding-stale'],
    ['REQ-BND-006 half a minute ahead', -30, undefined],
    ['REQ-BND-006 a second more', -31, 'binding-future'],
  ])('%s', async (_, age, code) => {
    const text = await present(credential, holder, addSeconds(NOW, -age));
    if (code === undefined) await expectAccepted(text, gate);
    else await refuses(text, code);
  });

  it('REQ-BND-007 made for someone else', async () => {
    await refuses(await present(credential, holder, NOW, 'urn:venue:elsewhere'), 'binding-audience');
  });

  it('REQ-BND-010 shown again at the same gate, with its JSON written otherwise', async () => {
    const scanner = createScanner(GATE);
    expect(summary(await scanner.scan(shown, trust, NOW)).outcome).toBe('accepted');
    const { proof, ...rest } = JSON.parse(shown);
    const otherwise = JSON.stringify({ proof, ...rest }, null, 1);
    expect(summary(await scanner.scan(otherwise, trust, NOW)).codes).toEqual(['replayed']);
  });

  it('REQ-DEC-014 with a name twice, one for each reader', async () => {
    await refuses(shown.replace('{', '{"holder":"did:key:x",'), 'json-duplicate-name');
  });
});

describe('the status of a JSON-LD credential that lives for a day', () => {
  const uriOf = (purpose: ListPurpose) => bitstringListOf(LIST, purpose);
  const shownFor = async (idx = 0, uri = LIST) =>
    present(await mint({ ...CLAIMS, statusEntry: { idx, uri } }));

  /** Entry 1 is revoked and entry 2 suspended. */
  async function list(purpose: ListPurpose, changes: Partial<BitstringListOrder> = {}): Promise<string> {
    const signer = changes.signer ?? fixture.regions['CN-BJ'].status;
    const entries = purpose === 'revocation' ? Uint8Array.of(0, 1) : Uint8Array.of(0, 0, 1);
    return issueBitstringList({
      did: DID,
      kid: signer.kid,
      uri: uriOf(purpose),
      purpose,
      encodedList: await encodeBitstring(entries),
      issuedAt: SIGNED_AT,
      expiresAt: addHours(SIGNED_AT, 96),
      ttlSeconds: 900,
      signer,
      ...changes,
    });
  }

  type Files = Partial<Record<string, string>>;

  /** The bundle with today's lists of Beijing; by id, others in their place. */
  async function bundleWith(files: Files = {}): Promise<Bytes> {
    const all: Files = { [LIST_ID]: await listToken(fixture) };
    for (const purpose of LIST_PURPOSES) all[bitstringListOf(LIST_ID, purpose)] = await list(purpose);
    const lists = Object.entries({ ...all, ...files }).flatMap(([id, text]) =>
      text === undefined ? [] : [[listPath('CN-BJ', id), text] as const],
    );
    return writeBundle(await collectBundle({ read: fixture.files, lists: new Map(lists) }));
  }

  async function gateWith(files: Files = {}, now = NOW): Promise<Gate> {
    return { ...gate, trust: (await openedFrom(fixture, { bundle: await bundleWith(files) })).trust, now };
  }

  const REVOCATION = `${LIST_ID}.revocation`;
  const SUSPENSION = `${LIST_ID}.suspension`;

  it.each<[string, number, string]>([
    ['REQ-STA-001 revoked', 1, 'status-revoked'],
    ['REQ-STA-002 suspended', 2, 'status-suspended'],
    ['REQ-STA-007 outside the list', LIMITS.bitstringEntries, 'status-index'],
  ])('%s', async (_, idx, code) => {
    const here = await gateWith();
    await expectAccepted(await shownFor(0), here);
    await expectNotAccepted(await shownFor(idx), here, code);
  });

  it('REQ-STA-006 the suspensions in place of the revocations, by name or by word', async () => {
    const suspensions = await list('suspension');
    const text = await shownFor(1);
    await expectNotAccepted(text, await gateWith(), 'status-revoked');
    for (const swapped of [suspensions, suspensions.replaceAll('.suspension', '.revocation')])
      await expectReferred(text, await gateWith({ [REVOCATION]: swapped }), 'status-list-malformed');
    // Every word of it changed: then it is not what was signed.
    const renamed = suspensions.replaceAll('suspension', 'revocation');
    await expectReferred(text, await gateWith({ [REVOCATION]: renamed }), 'signature-invalid');
  });

  it('REQ-STA-006 the lists swapped in the credential', async () => {
    const text = await mint({ ...CLAIMS, statusEntry: { idx: 1, uri: LIST } });
    const there = bitstringListOf(LIST, 'suspension');
    const moved = changed(
      changed(text, 'credentialStatus.0.statusListCredential', there),
      'credentialStatus.0.id',
      `${there}#1`,
    );
    await expectNotAuthentic(moved, await gateWith(), 'claims-malformed');
  });

  it('REQ-SIG-001 the index of another credential, in both entries', async () => {
    const text = await mint({ ...CLAIMS, statusEntry: { idx: 1, uri: LIST } });
    await expectNotAccepted(await present(text), await gateWith(), 'status-revoked');
    const moved = text.replaceAll('#1"', '#0"').replaceAll('"statusListIndex":"1"', '"statusListIndex":"0"');
    expect(moved).not.toBe(text);
    await expectNotAuthentic(await present(moved), await gateWith(), 'signature-invalid');
  });

  it('REQ-DEC-021 the entries left away: the proof does not hold', async () => {
    const text = await mint({ ...CLAIMS, statusEntry: { idx: 1, uri: LIST } });
    const bare = changed(text, 'credentialStatus', undefined);
    await expectNotAuthentic(await present(bare), await gateWith(), 'signature-invalid');
  });

  it('REQ-STA-004 a list held back: the status is unknown, and what the other says counts', async () => {
    for (const id of [REVOCATION, SUSPENSION])
      await expectReferred(await shownFor(), await gateWith({ [id]: undefined }), 'status-list-missing');
    const verdict = await gateWith({ [SUSPENSION]: undefined });
    await expectNotAccepted(await shownFor(1), verdict, 'status-list-missing', 'status-revoked');
  });

  it('REQ-STA-005 one that is past its end is not read', async () => {
    const expiresAt = addHours(NOW, 1);
    const here = await gateWith({ [REVOCATION]: await list('revocation', { expiresAt }) }, expiresAt);
    const credentialOf1 = await mint({ ...CLAIMS, statusEntry: { idx: 1, uri: LIST } });
    const later = await present(credentialOf1, holder, expiresAt);
    await expectReferred(later, here, 'status-list-expired');
    const before = addSeconds(expiresAt, -1);
    const earlier = await present(credentialOf1, holder, before);
    await expectNotAccepted(earlier, { ...here, now: before }, 'status-revoked');
  });

  it('REQ-STA-006 a list of another region, in place of this one or named by the credential', async () => {
    const { status } = fixture.regions['CN-GD'];
    const theirs = { signer: status, did: 'did:web:cn-gd.symbolon.test' };
    const named = { ...theirs, uri: uriOf('revocation').replace('cn-bj', 'cn-gd') };
    for (const order of [theirs, named, { signer: status }])
      await expectReferred(
        await shownFor(),
        await gateWith({ [REVOCATION]: await list('revocation', order) }),
        'key-unknown',
      );
    const elsewhere = await shownFor(0, LIST.replace('cn-bj', 'cn-gd'));
    await expectNotAccepted(elsewhere, await gateWith(), 'status-list-malformed');
  });

  it.each<[string, string, () => Partial<BitstringListOrder>]>([
    ['REQ-KEY-003 by the issuing key', 'key-use', () => ({ signer: issuer })],
    ['REQ-KEY-002 by the attacker', 'key-unknown', () => ({ signer: attacker })],
    [
      'REQ-SIG-001 by the attacker under the region’s kid',
      'signature-invalid',
      () => ({ signer: { ...attacker, kid: fixture.regions['CN-BJ'].status.kid } }),
    ],
    ['REQ-STA-006 of another hour', 'status-list-malformed', () => ({ uri: `${LIST}-1.revocation` })],
    ['REQ-TIM-005 of the future', 'clock', () => ({ issuedAt: addSeconds(NOW, 31) })],
    [
      'REQ-STA-006 that is a bomb',
      'status-list-malformed',
      () => ({
        encodedList: `u${gzipSync(new Uint8Array(256 * 1024 * 1024), { level: 9 }).toString('base64url')}`,
      }),
    ],
    [
      'REQ-STA-006 that is too short to hide anyone',
      'status-list-malformed',
      () => ({
        encodedList: `u${gzipSync(new Uint8Array(LIMITS.bitstringEntries / 8 - 1)).toString('base64url')}`,
      }),
    ],
  ])('a list %s', async (_, code, order) => {
    await expectAccepted(await shownFor(), await gateWith());
    const spoilt = await gateWith({ [REVOCATION]: await list('revocation', order()) });
    await expectReferred(await shownFor(), spoilt, code);
  });

  it('REQ-DEC-020 a token under the name of a Bitstring list, and the other way round', async () => {
    const token = await listToken(fixture);
    await expectReferred(await shownFor(), await gateWith({ [REVOCATION]: token }), 'status-list-malformed');
    const mixed = await gateWith({ [LIST_ID]: await list('revocation') });
    expect(mixed.trust.badLists.get(LIST)).toBe('status-list-malformed');
    await expectAccepted(await shownFor(), mixed);
  });

  it('REQ-STA-009 lists from before the revocation, beside everything else that is new', async () => {
    const issuedAt = addSeconds(SIGNED_AT, 60);
    const revoked = await encodeBitstring(Uint8Array.of(1));
    const after: Files = {
      [LIST_ID]: await listToken(fixture, { issuedAt }),
      [REVOCATION]: await list('revocation', { issuedAt, encodedList: revoked }),
      [SUSPENSION]: await list('suspension', { issuedAt }),
    };
    const text = await shownFor();
    const [old, recent] = [await bundleWith(), await bundleWith(after)];
    const first = await openedFrom(fixture, { bundle: old });
    await expectAccepted(text, { ...gate, trust: first.trust });
    // The newer lists need not have been read: the token list beside them was seen.
    const second = await openedFrom(fixture, { bundle: recent, state: first.state });
    const third = await openedFrom(fixture, { bundle: old, state: second.state });
    await expectReferred(text, { ...gate, trust: third.trust }, 'status-list-rollback');
    await expectNotAccepted(text, { ...gate, trust: second.trust }, 'status-revoked');
    // Nor does it need a memory, when only they are held back.
    const mixed = await gateWith({ [LIST_ID]: after[LIST_ID] });
    await expectReferred(text, mixed, 'status-list-rollback');
  });

  it('REQ-STA-009 a forged list of tomorrow shuts no later one out', async () => {
    const forged = await list('revocation', { signer: attacker, issuedAt: addSeconds(NOW, 20) });
    const first = await openedFrom(fixture, { bundle: await bundleWith({ [REVOCATION]: forged }) });
    await expectReferred(await shownFor(), { ...gate, trust: first.trust }, 'key-unknown');
    const second = await openedFrom(fixture, { bundle: await bundleWith(), state: first.state });
    await expectAccepted(await shownFor(), { ...gate, trust: second.trust });
  });

  it('REQ-STA-008 no entry at all', async () => {
    const { statusEntry: _, ...unlisted } = CLAIMS;
    await expectNotAccepted(await present(await mint(unlisted)), await gateWith(), 'status-required');
  });
});
