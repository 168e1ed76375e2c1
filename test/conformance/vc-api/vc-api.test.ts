import { X509Certificate } from 'node:crypto';
import { issue, signPresentation, verifyCredential } from '@digitalbazaar/vc';
import { decodeList } from '@digitalbazaar/vc-bitstring-status-list';
import { formatInstant } from '@symbolon/protocol/instant';
import type { JsonObject } from '@symbolon/protocol/strict-json';
import { describe, expect, it } from 'vitest';
import { call, problemOf } from './client.ts';
import { CREDENTIALS_V2 } from './contexts.ts';
import { LIBRARY_SUITES, libraryLoader, libraryParty } from './library-party.ts';
import { BSL, EDDSA, NOW, NOW_TEXT, P256, unsigned, useServer } from './testing.ts';

/** The server that W3C's suites are pointed at, with Digital Bazaar's library as the other side. */
const { server, issue: post, issued, verify, verifyPresentation } = useServer();
const now = new Date(NOW * 1000);
const byLibrary = (credential: object) =>
  verifyCredential({
    credential,
    suite: LIBRARY_SUITES,
    documentLoader: libraryLoader,
    now,
    checkStatus: async () => ({ verified: true }),
  });

describe.each([
  ['eddsa', EDDSA, 'eddsa-rdfc-2022'],
  ['p256', P256, 'ecdsa-rdfc-2019'],
  ['bsl', BSL, 'ecdsa-rdfc-2019'],
] as const)('the issuer %s', (name, did, cryptosuite) => {
  it('tells its did:key', async () => {
    expect(await call(server(), 'GET', `/issuers/${name}`)).toEqual({ status: 200, body: { id: did } });
  });

  it('issues what the server and the library verify, and neither when it is changed', async () => {
    const reply = await post(name, unsigned(did, { validFrom: '2026-11-21T20:00:00.5+02:00' }));
    expect(reply.status).toBe(201);
    const credential = await issued(name, unsigned(did));
    expect(credential['proof']).toMatchObject({
      type: 'DataIntegrityProof',
      cryptosuite,
      created: formatInstant(NOW),
      verificationMethod: `${did}#${did.slice('did:key:'.length)}`,
      proofPurpose: 'assertionMethod',
    });
    expect(await verify(credential)).toEqual({ status: 200, body: { verified: true } });
    expect((await byLibrary(credential)).error).toBeUndefined();
    const forged = { ...credential, credentialSubject: { id: 'did:example:other' } };
    expect((await byLibrary(forged)).verified).toBe(false);
    const refused = await verify(forged);
    expect(refused.status).toBe(400);
    expect(refused.body['verified']).toBe(false);
    expect(problemOf(refused)[0]).toBe('PROOF_VERIFICATION_ERROR');
  });
});

it('data model 1.1 is issued, with the context of the proof, and verified, too', async () => {
  const v1 = unsigned(P256, {
    '@context': ['https://www.w3.org/2018/credentials/v1'],
    issuanceDate: NOW_TEXT,
  });
  const credential = await issued('p256', v1);
  expect(credential['@context']).toEqual([
    'https://www.w3.org/2018/credentials/v1',
    'https://w3id.org/security/data-integrity/v2',
  ]);
  expect((await verify(credential)).status).toBe(200);
});

describe.each(['EdDSA', 'ES256'] as const)('with the library as holder and issuer, %s', async (alg) => {
  const party = await libraryParty(alg, 'vc-api library');
  const suite = () => party.suite(NOW_TEXT);
  const credential = await issue({
    credential: unsigned(party.did),
    suite: suite(),
    documentLoader: libraryLoader,
  });
  const show = (more: object = {}) =>
    signPresentation({
      presentation: {
        '@context': [CREDENTIALS_V2],
        type: ['VerifiablePresentation'],
        holder: party.did,
        verifiableCredential: [credential],
        ...more,
      },
      suite: suite(),
      documentLoader: libraryLoader,
      challenge: 'c-1',
      domain: 'gate.example',
    }) as Promise<JsonObject>;

  it('verifies its credential', async () => {
    expect((await verify(credential as JsonObject)).status).toBe(200);
  });

  it('verifies its presentation for this challenge and domain only', async () => {
    const shown = await show();
    const options = { challenge: 'c-1', domain: 'gate.example' };
    expect(await verifyPresentation(shown, options)).toEqual({ status: 200, body: { verified: true } });
    expect((await verifyPresentation(shown, { challenge: 'c-1' })).status).toBe(200);
    const other = await verifyPresentation(shown, { ...options, challenge: 'c-2' });
    expect([other.status, problemOf(other)[0]]).toEqual([400, 'INVALID_CHALLENGE_ERROR']);
    const elsewhere = await verifyPresentation(shown, { ...options, domain: 'other.example' });
    expect([elsewhere.status, problemOf(elsewhere)[0]]).toEqual([400, 'INVALID_DOMAIN_ERROR']);
    expect((await verifyPresentation(shown, {})).status).toBe(400);
  });

  it('a holder is the one who signed, and every credential is looked at', async () => {
    const options = { challenge: 'c-1', domain: 'gate.example' };
    const { holder: _, ...anonymous } = await show({ holder: undefined });
    expect((await verifyPresentation(anonymous, options)).status).toBe(200);
    const another = await verifyPresentation(await show({ holder: EDDSA }), options);
    expect([another.status, problemOf(another)[1]]).toEqual([400, 'The holder did not sign']);
    const forged = { ...(credential as JsonObject), credentialSubject: { id: 'did:example:other' } };
    const mixed = await verifyPresentation(
      await show({ verifiableCredential: [credential, forged] }),
      options,
    );
    expect([mixed.status, problemOf(mixed)[0]]).toEqual([400, 'PROOF_VERIFICATION_ERROR']);
  });
});

describe('the issuer bsl and its list', () => {
  const entryOf = (credential: JsonObject) => credential['credentialStatus'] as JsonObject;
  const listOf = async (entry: JsonObject) => {
    const path = String(entry['statusListCredential']).slice(server().url.length);
    return (await call(server(), 'GET', path)).body;
  };
  const bitOf = async (entry: JsonObject) => {
    const { encodedList } = (await listOf(entry))['credentialSubject'] as { readonly encodedList: string };
    return (await decodeList({ encodedList })).getStatus(Number(entry['statusListIndex']));
  };

  it('adds an entry of its own to each credential, beside one that it has', async () => {
    const [one, two] = [await issued('bsl', unsigned(BSL)), await issued('bsl', unsigned(BSL))];
    const { url } = server();
    expect(entryOf(one)).toEqual({
      id: `${url}/issuers/bsl/lists/1#${entryOf(one)['statusListIndex']}`,
      type: 'BitstringStatusListEntry',
      statusPurpose: 'revocation',
      statusListIndex: expect.stringMatching(/^\d+$/),
      statusListCredential: `${url}/issuers/bsl/lists/1`,
    });
    expect(entryOf(one)['statusListIndex']).not.toBe(entryOf(two)['statusListIndex']);
    const own = { id: 'urn:example:status', type: 'https://example.org/#Status' };
    const both = await issued('bsl', unsigned(BSL, { credentialStatus: own }));
    expect(both['credentialStatus']).toEqual([own, expect.objectContaining({ statusPurpose: 'revocation' })]);
  });

  it('serves the list as a credential that the library verifies and reads, also after a revocation', async () => {
    const credential = await issued('bsl', unsigned(BSL));
    const entry = entryOf(credential);
    const list = await listOf(entry);
    expect(list).toMatchObject({ id: entry['statusListCredential'], issuer: BSL });
    expect((await byLibrary(list)).error).toBeUndefined();
    expect([await bitOf(entry), (await verify(credential)).status]).toEqual([false, 200]);
    const other = await issued('bsl', unsigned(BSL));
    server().revoke(Number(entry['statusListIndex']));
    expect([await bitOf(entry), await bitOf(entryOf(other))]).toEqual([true, false]);
    const refused = await verify(credential);
    expect([refused.status, ...problemOf(refused)]).toEqual([
      400,
      'STATUS_VERIFICATION_ERROR',
      'The credential is revoked',
    ]);
    expect((await verify(credential, { checks: ['proof'] })).status).toBe(200);
    expect((await verify(credential, { checks: ['proof', 'credentialStatus'] })).status).toBe(400);
    expect((await verify(other)).status).toBe(200);
  });

  it.each<[string, JsonObject, string]>([
    ['of another list', { statusListCredential: 'https://lists.example/1' }, 'STATUS_RETRIEVAL_ERROR'],
    ['for another purpose', { statusPurpose: 'suspension' }, 'STATUS_VERIFICATION_ERROR'],
    ['outside the list', { statusListIndex: '131072' }, 'RANGE_ERROR'],
  ])('a status %s is not read as a good one', async (_, change, problem) => {
    const entry = { ...entryOf(await issued('bsl', unsigned(BSL))), ...change };
    // Beside it is one that is good.
    const credential = await issued('bsl', unsigned(BSL, { credentialStatus: entry }));
    const refused = await verify(credential);
    expect([refused.status, problemOf(refused)[0]]).toEqual([400, problem]);
    expect((await verify(credential, { checks: ['proof'] })).status).toBe(200);
  });

  it('a status of another kind is not read as a good one', async () => {
    const entry = { id: 'urn:example:status', type: 'https://example.org/#Status' };
    const credential = await issued('p256', unsigned(P256, { credentialStatus: entry }));
    expect(problemOf(await verify(credential))[0]).toBe('STATUS_RETRIEVAL_ERROR');
    expect((await verify(credential, { checks: ['proof'] })).status).toBe(200);
  });
});

describe('HTTPS on this machine', () => {
  it('has a certificate for its loopback names, signed by itself', () => {
    const certificate = new X509Certificate(server().cert);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkIssued(certificate)).toBe(true);
    expect(certificate.checkHost('localhost')).toBe('localhost');
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(certificate.checkHost('w3.org')).toBeUndefined();
    expect(Date.parse(certificate.validFrom)).toBeLessThan(Date.parse(certificate.validTo));
    expect(new URL(server().url).hostname).toBe('127.0.0.1');
  });

  it.each<[string, string, string, string | undefined, number]>([
    ['another path', 'GET', '/', undefined, 404],
    ['an issuer that there is not', 'GET', '/issuers/toString', undefined, 404],
    ['another method', 'GET', '/credentials/verify', undefined, 405],
    ['no JSON', 'POST', '/credentials/verify', '{', 400],
    ['a name twice', 'POST', '/credentials/verify', '{"options":{},"options":{}}', 400],
    ['an array', 'POST', '/credentials/verify', '[]', 400],
    ['nothing to verify', 'POST', '/credentials/verify', '{}', 400],
    ['nothing to issue', 'POST', '/issuers/p256/credentials/issue', '{}', 400],
    ['too much', 'POST', '/credentials/verify', `"${'x'.repeat(1024 * 1024)}"`, 413],
  ])('%s is refused', async (_, method, path, body, status) => {
    const bytes = body === undefined ? undefined : new TextEncoder().encode(body);
    expect((await call(server(), method, path, bytes)).status).toBe(status);
  });

  it('a request that is not UTF-8 is refused', async () => {
    const body = Uint8Array.of(0x7b, 0xff, 0x7d);
    expect((await call(server(), 'POST', '/credentials/verify', body)).status).toBe(400);
  });
});
