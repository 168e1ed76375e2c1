import { parseDataIntegrity, verifyDataIntegrity } from '@symbolon/credential/data-integrity';
import { parseSdJwt } from '@symbolon/credential/sd-jwt/parse';
import { publicPart } from '@symbolon/keys/private-key';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { verifySignature } from '@symbolon/keys/signature';
import type { Signer } from '@symbolon/keys/signer';
import { addHours, hourFloor } from '@symbolon/protocol/instant';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Decision } from '../decisions/decision.ts';
import { ENTRY } from '../ports.ts';
import { type MemoryStores, memoryStores } from '../testing/memory-stores.ts';
import { NOW, type SamplePublication, samplePublication } from '../testing/sample-publication.ts';
import { mintBatch } from './mint-batch.ts';
import type { Format } from './validity.ts';

const random = insecureRandomFromSeed('mint');
let sample: SamplePublication;
let stores: MemoryStores;
const DECISION: Decision = {
  subject: 'subject-1',
  scheme: 'health',
  sequence: 1,
  level: 'green',
  rule: 'tested@1',
  authority: 'cdc',
  evidence: 'laboratory',
  mode: 'automatic',
  decidedAt: NOW,
  sampledAt: addHours(NOW, -5),
};

beforeEach(async () => {
  sample = await samplePublication();
  stores = memoryStores();
  await stores.decisions.append(DECISION);
});

const holderKeys = (count: number) =>
  Array.from({ length: count }, (_, i) => publicPart(insecurePrivateKeyFromSeed('ES256', `holder ${i}`)));
const mint = (count: number, format: Format = 'dc+sd-jwt', signers: readonly Signer[] = sample.signers) =>
  mintBatch(
    { ...stores, signers, random },
    sample.publication,
    { decision: DECISION, format, holderKeys: holderKeys(count), listEntries: 4096 },
    NOW,
  );

describe('minting a batch', () => {
  it('gives each key a credential of its own, equal in all that a class shares and different in all the rest', async () => {
    const parsed = (await mint(8)).map(parseSdJwt);
    const shared = parsed.map(({ claims: { holderKey: _, statusEntry: __, ...rest } }) => rest);
    expect(new Set(shared.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(shared[0]).toMatchObject({
      level: 'green',
      rule: 'tested@1',
      issuedAt: hourFloor(NOW),
      expiresAt: addHours(hourFloor(NOW), 24),
      sampledAt: hourFloor(addHours(NOW, -5)),
    });
    expect(new Set(parsed.map(({ claims }) => JSON.stringify(claims.holderKey))).size).toBe(8);
    expect(new Set(parsed.map(({ claims }) => claims.statusEntry?.idx)).size).toBe(8);
    for (const { issuerSigningInput, signature } of parsed) {
      expect(await verifySignature(sample.signers[1].publicJwk, issuerSigningInput, signature)).toBe(true);
    }
  });

  it('REQ-ISS-017 signs with the key of this epoch; without it with an older one, and then with the reserve', async () => {
    const [previous, current, reserve, next] = sample.signers;
    const signedBy = async (...signers: readonly Signer[]) =>
      parseSdJwt((await mint(1, 'dc+sd-jwt', signers))[0] ?? '').kid;
    expect(await signedBy(...sample.signers)).toBe(current.kid);
    expect(await signedBy(previous, reserve, next)).toBe(previous.kid);
    expect(await signedBy(reserve, next)).toBe(reserve.kid);
    await expect(mint(1, 'dc+sd-jwt', [next])).rejects.toMatchObject({ code: 'issuer-key-unavailable' });
  });

  it('a format without a status list gets at most the six hours for which none is needed', async () => {
    const [text = ''] = await mint(1, 'ldp_vc');
    const parsed = parseDataIntegrity(text);
    expect(parsed.claims.statusEntry).toBeUndefined();
    expect(parsed.claims.expiresAt).toBe(addHours(hourFloor(NOW), 6));
    expect(await verifyDataIntegrity(parsed, sample.signers[1].publicJwk)).toBe(true);
  });

  it('records the mint before anything is signed, so that it can always be ended', async () => {
    const signer = { ...sample.signers[1], sign: () => Promise.reject(new Error('signer is gone')) };
    await expect(mint(2, 'dc+sd-jwt', [signer])).rejects.toThrow('signer is gone');
    expect([...stores.mints.all.values()][0]?.entries).toHaveLength(2);
  });

  it('REQ-SIG-003 hands out nothing that a faulty signer signed', async () => {
    const signer = { ...sample.signers[1], sign: async () => new Uint8Array(64).fill(1) };
    await expect(mint(2, 'dc+sd-jwt', [signer])).rejects.toMatchObject({ code: 'minted-check-failed' });
    await expect(mint(1, 'ldp_vc', [signer])).rejects.toMatchObject({ code: 'minted-check-failed' });
    let signed = 0;
    const failsLater = {
      ...signer,
      sign: (data: Uint8Array) => (signed++ === 0 ? sample.signers[1] : signer).sign(data),
    };
    await expect(mint(2, 'dc+sd-jwt', [failsLater])).rejects.toMatchObject({ code: 'minted-check-failed' });
  });

  it('REQ-ISS-014 a decision that comes meanwhile stops the batch and ends its entries', async () => {
    const { record } = stores.mints;
    stores.mints.record = async (id, each) => {
      await record(id, each);
      await stores.decisions.append({ ...DECISION, sequence: 2, level: 'red', rule: 'positive@1' });
    };
    await expect(mint(2)).rejects.toMatchObject({ code: 'decision-conflict' });
    const [uri] = (await stores.lists.lists(NOW)).map((list) => list.uri);
    expect((await stores.lists.flagged(uri ?? '')).map(({ status }) => status)).toEqual([
      ENTRY.suspended,
      ENTRY.suspended,
    ]);
  });

  it('REQ-ISS-024 what is minted for a subject in an hour is bounded', async () => {
    const record = (id: string, credentials: number, hours: number) =>
      stores.mints.record(id, {
        subject: DECISION.subject,
        scheme: DECISION.scheme,
        decision: 1,
        level: 'green',
        expiresAt: addHours(hourFloor(NOW), hours),
        credentials,
        entries: [],
      });
    await record('hour before', 1024, 23);
    await record('this hour', 1023, 24);
    expect(await mint(1)).toHaveLength(1);
    await expect(mint(1)).rejects.toMatchObject({ code: 'too-many-minted', bound: 1024 });
  });

  it('REQ-ISS-016 stops when the lists of the hour are full', async () => {
    stores.lists.take = async () => false;
    await expect(mint(1)).rejects.toMatchObject({ code: 'status-list-full' });
  });

  it('REQ-ISS-012 is bounded', async () => {
    await expect(mint(33)).rejects.toMatchObject({ code: 'batch-too-large', bound: 32 });
  });
});
