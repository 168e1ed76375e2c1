import { contexts } from '@digitalbazaar/credentials-context';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import { cryptosuite } from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import * as library from '@digitalbazaar/vc-bitstring-status-list';
import {
  issueBitstringList,
  parseBitstringList,
  verifyBitstringList,
} from '@symbolon/credential/bitstring-list';
import statusV1 from '@symbolon/credential/contexts/status-v1.json' with { type: 'json' };
import { issueDataIntegrity } from '@symbolon/credential/data-integrity';
import type { StatusClaims } from '@symbolon/credential/model';
import { multikeyOf } from '@symbolon/keys/multikey';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { createLocalSigner } from '@symbolon/keys/signer';
import { addHours, formatInstant, hourFloor, instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { bitstringListOf, LIST_PURPOSES, type ListPurpose } from '@symbolon/protocol/list-names';
import { decodeBitstring, encodeBitstring, isSetAt } from '@symbolon/status/bitstring';
import type { DocumentLoader } from 'jsonld-signatures';
import { describe, expect, it } from 'vitest';

/**
 * Both directions with Digital Bazaar's library for Bitstring Status Lists, used as any other party would use it: with a loader that serves the contexts,
 * the did document and the lists, and nothing of ours. It holds lists to the real clock, so these are of now.
 */
const NOW = instant(Math.floor(Date.now() / 1000));
const DID = 'did:web:status.by.example';
const LIST = 'https://status.by.example/lists/498861';
const V2 = 'https://www.w3.org/ns/credentials/v2';

/** Far apart, at both ends, and two in one byte. */
const REVOKED = [0, 9, 77_777, LIMITS.bitstringEntries - 1];
const SUSPENDED = [7, 9, 10, 131_000];
const SET: Record<ListPurpose, readonly number[]> = { revocation: REVOKED, suspension: SUSPENDED };

const keyOf = (seed: string) => insecurePrivateKeyFromSeed('ES256', seed);
const issuer = await createLocalSigner(keyOf('conformance issuer'));
const lister = await createLocalSigner(keyOf('conformance lister'));
const stranger = await createLocalSigner(keyOf('conformance stranger'));

function entriesOf(set: readonly number[]): Uint8Array {
  const entries = new Uint8Array(LIMITS.bitstringEntries);
  for (const index of set) entries[index] = 1;
  return entries;
}

async function listOf(purpose: ListPurpose, signer = lister): Promise<string> {
  return issueBitstringList({
    did: DID,
    kid: lister.kid,
    uri: bitstringListOf(LIST, purpose),
    purpose,
    encodedList: await encodeBitstring(entriesOf(SET[purpose])),
    issuedAt: NOW,
    expiresAt: addHours(NOW, 98),
    ttlSeconds: 300,
    signer,
  });
}

async function credentialOf(idx: number): Promise<object> {
  const issuedAt = hourFloor(NOW);
  const claims: StatusClaims = {
    scheme: 'health',
    major: 1,
    level: 'green',
    rule: 'clear@1',
    authority: 'cdc',
    assurance: 'standard',
    issuedAt,
    expiresAt: addHours(issuedAt, 24),
    statusEntry: { idx, uri: LIST },
    bearer: true,
    contested: false,
  };
  const random = insecureRandomFromSeed('conformance');
  return JSON.parse(await issueDataIntegrity({ did: DID, kid: issuer.kid, claims, signer: issuer, random }));
}

/** As the web would answer. */
function loaderOf(lists: Readonly<Record<string, string>>): DocumentLoader {
  const methods = [issuer, lister].map(({ kid, publicJwk }) => ({
    id: `${DID}#${kid}`,
    type: 'Multikey',
    controller: DID,
    publicKeyMultibase: multikeyOf(publicJwk),
  }));
  const context = ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'];
  const documents = new Map<string, object | undefined>([
    [V2, contexts.get(V2)],
    ['https://symbolon.example/contexts/status/v1', statusV1],
    [
      DID,
      {
        '@context': context,
        id: DID,
        verificationMethod: methods,
        assertionMethod: methods.map(({ id }) => id),
      },
    ],
    ...methods.map((method) => [method.id, { '@context': context[1], ...method }] as const),
    ...Object.entries(lists).map(([uri, text]) => [uri, JSON.parse(text)] as const),
  ]);
  return async (url) => {
    const document = documents.get(url);
    if (document === undefined) throw new Error(`not served: ${url}`);
    return { contextUrl: null, documentUrl: url, document };
  };
}

const published = Object.fromEntries(
  await Promise.all(
    LIST_PURPOSES.map(async (purpose) => [bitstringListOf(LIST, purpose), await listOf(purpose)] as const),
  ),
);
const suite = () => new DataIntegrityProof({ cryptosuite });
const checkWith = (documentLoader: DocumentLoader, credential: object) =>
  library.checkStatus({ credential, suite: suite(), documentLoader });

describe('REQ-STA-006 what is issued here, the library verifies', () => {
  it.each([...new Set([...REVOKED, ...SUSPENDED]), 1, 8, 65_536])('entry %i', async (idx) => {
    const credential = await credentialOf(idx);
    const result = await checkWith(loaderOf(published), credential);
    expect(result.error).toBeUndefined();
    expect(result.verified).toBe(true);
    const told = result.results?.map((one) => [one.credentialStatus.statusPurpose, one.status]);
    expect(told).toEqual([
      ['revocation', REVOKED.includes(idx)],
      ['suspension', SUSPENDED.includes(idx)],
    ]);
  });

  it('with the credential that points to it, as one call', async () => {
    const options = { suite: suite(), documentLoader: loaderOf(published), now: new Date(NOW * 1000) };
    const verified = await vc.verifyCredential({
      ...options,
      credential: await credentialOf(1),
      checkStatus: library.checkStatus,
    });
    expect(verified.error).toBeUndefined();
    expect(verified.verified).toBe(true);
  });

  it('REQ-SIG-001 and refuses one that another signed, or that was changed', async () => {
    const uri = bitstringListOf(LIST, 'revocation');
    const genuine = published[uri] ?? expect.unreachable();
    const changed = JSON.parse(genuine);
    changed.credentialSubject.encodedList = await encodeBitstring(new Uint8Array(LIMITS.bitstringEntries));
    for (const text of [await listOf('revocation', stranger), JSON.stringify(changed)]) {
      const credential = await credentialOf(0);
      expect((await checkWith(loaderOf({ ...published, [uri]: text }), credential)).verified).toBe(false);
      expect(
        await verifyBitstringList(parseBitstringList(text), lister.publicJwk),
        'as it is refused here',
      ).toBe(false);
    }
    expect(await verifyBitstringList(parseBitstringList(genuine), lister.publicJwk)).toBe(true);
  });

  it('REQ-STA-006 and refuses the list of the other purpose', async () => {
    const [revocation, suspension] = LIST_PURPOSES.map((purpose) => bitstringListOf(LIST, purpose));
    const swapped = { [revocation ?? '']: published[suspension ?? ''] ?? '', [suspension ?? '']: '{}' };
    const result = await checkWith(loaderOf(swapped), await credentialOf(0));
    expect(result.verified).toBe(false);
  });
});

describe('REQ-STA-006 what the library makes is read here', () => {
  it.each([131_072, 131_080, LIMITS.statusListEntries])('a list of %i entries', async (length) => {
    const list = await library.createList({ length });
    const set = [...REVOKED, length - 1];
    for (const index of set) list.setStatus(index, true);
    const read = await decodeBitstring(await list.encode());
    expect(read.size).toBe(length);
    const wrong = Array.from({ length }, (_, index) => index).filter(
      (index) => isSetAt(read, index) !== set.includes(index),
    );
    expect(wrong).toEqual([]);
  });

  it('and the other way round', async () => {
    const list = await library.decodeList({ encodedList: await encodeBitstring(entriesOf(SUSPENDED)) });
    expect(list.length).toBe(LIMITS.bitstringEntries);
    const found = Array.from({ length: list.length }, (_, i) => i).filter((i) => list.getStatus(i));
    expect(found).toEqual(SUSPENDED);
  });

  it('a credential that the library makes and signs', async () => {
    const list = await library.createList({ length: LIMITS.bitstringEntries });
    list.setStatus(4242, true);
    const uri = bitstringListOf(LIST, 'suspension');
    const made = await library.createCredential({ id: uri, list, statusPurpose: 'suspension' });
    // What the standard leaves open, and this protocol requires.
    const unsigned = {
      ...made,
      issuer: DID,
      validFrom: formatInstant(NOW),
      validUntil: formatInstant(addHours(NOW, 98)),
      credentialSubject: { ...made.credentialSubject, ttl: 300_000 },
    };
    const method = `${DID}#${lister.kid}`;
    const pair = await EcdsaMultikey.fromJwk({
      jwk: { ...keyOf('conformance lister'), key_ops: ['sign'] },
      secretKey: true,
      id: method,
      controller: DID,
    });
    const signed = await vc.issue({
      credential: unsigned,
      suite: new DataIntegrityProof({ signer: pair.signer(), cryptosuite, date: formatInstant(NOW) }),
      documentLoader: loaderOf({}),
    });
    const parsed = parseBitstringList(JSON.stringify(signed));
    expect(parsed).toMatchObject({ uri, purpose: 'suspension', kid: lister.kid, issuedAt: NOW });
    expect(await verifyBitstringList(parsed, lister.publicJwk)).toBe(true);
    expect(await verifyBitstringList(parsed, issuer.publicJwk)).toBe(false);
    const entries = await decodeBitstring(parsed.encodedList);
    expect([4241, 4242, 4243].map((index) => isSetAt(entries, index))).toEqual([false, true, false]);
  });
});
