import { parseDataIntegrity, verifyDataIntegrity } from '@symbolon/credential/data-integrity';
import { splitSdJwt } from '@symbolon/credential/sd-jwt/compact';
import { parseSdJwt } from '@symbolon/credential/sd-jwt/parse';
import { publicPart } from '@symbolon/keys/private-key';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { verifySignature } from '@symbolon/keys/signature';
import type { Signer } from '@symbolon/keys/signer';
import { SymbolonError } from '@symbolon/protocol/errors';
import { addHours, hourFloor } from '@symbolon/protocol/instant';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Decision } from '../decisions/decision.ts';
import { entryAllocator } from '../lists/entry-allocator.ts';
import { regionLog } from '../log/region-log.ts';
import { type MemoryStores, memoryStores } from '../testing/memory-stores.ts';
import { sampleLog } from '../testing/sample-log.ts';
import { NOW, type SamplePublication, samplePublication } from '../testing/sample-publication.ts';
import { type MintPorts, mintBatch } from './mint-batch.ts';
import type { Format } from './validity.ts';

const random = insecureRandomFromSeed('mint');
let sample: SamplePublication;
let stores: MemoryStores;
let ports: MintPorts;
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
const RED = { ...DECISION, sequence: 2, level: 'red', rule: 'positive@1' };

beforeEach(async () => {
  sample = await samplePublication();
  stores = memoryStores();
  ports = {
    ...stores,
    entries: entryAllocator({ lists: stores.lists, random, listEntries: 4096 }),
    signers: sample.signers,
    random,
  };
  await stores.decisions.append(DECISION);
});

const holderKeys = (count: number) =>
  Array.from({ length: count }, (_, i) => publicPart(insecurePrivateKeyFromSeed('ES256', `holder ${i}`)));
const mint = (count: number, format: Format = 'dc+sd-jwt', more: Partial<MintPorts> = {}) =>
  mintBatch(
    { ...ports, ...more },
    sample.publication,
    { decision: DECISION, format, holderKeys: holderKeys(count) },
    NOW,
  );
const flagged = async () => {
  const lists = await stores.lists.lists(NOW);
  return (await Promise.all(lists.map(({ uri }) => stores.lists.flagged(uri)))).flat();
};

describe('minting a batch', () => {
  it('gives each key a credential of its own, equal in all that a class shares and different in all the rest', async () => {
    const minted = await mint(8);
    const parsed = minted.map(parseSdJwt);
    const shared = parsed.map(({ claims: { holderKey: _, statusEntry: __, ...rest } }) => rest);
    expect(new Set(shared.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(shared[0]).toMatchObject({
      level: 'green',
      rule: 'tested@1',
      issuedAt: hourFloor(NOW),
      expiresAt: addHours(hourFloor(NOW), 24),
      sampledAt: hourFloor(addHours(NOW, -5)),
      contested: false,
      bearer: false,
    });
    expect(parsed.map(({ claims }) => claims.holderKey)).toEqual(holderKeys(8));
    expect(new Set(parsed.map(({ claims }) => claims.statusEntry?.idx)).size).toBe(8);
    expect(new Set(minted.flatMap((text) => splitSdJwt(text).disclosures)).size).toBe(8 * 3);
    for (const { issuerSigningInput, signature } of parsed) {
      expect(await verifySignature(sample.signers[1].publicJwk, issuerSigningInput, signature)).toBe(true);
    }
  });

  it('in JSON-LD too, for the same time and with an entry of the same lists', async () => {
    const minted = await mint(2, 'ldp_vc');
    for (const text of minted) {
      const parsed = parseDataIntegrity(text);
      expect(parsed.claims.statusEntry?.uri).toMatch(/^https:\/\/cn-bj\.symbolon\.test\/lists\/[0-9]+$/);
      expect(parsed.claims.expiresAt).toBe(addHours(hourFloor(NOW), 24));
      expect(await verifyDataIntegrity(parsed, sample.signers[1].publicJwk)).toBe(true);
    }
    const [record] = stores.mints.all.values();
    expect(record?.entries).toEqual(minted.map((text) => parseDataIntegrity(text).claims.statusEntry));
  });

  it.each(['dc+sd-jwt', 'ldp_vc'] as const)(
    '%s of a scheme without a list: six hours, and no entry',
    async (format) => {
      const scheme = { ...sample.scheme, statusList: false };
      const publication = { ...sample.publication, schemes: { health: scheme } };
      const order = { decision: DECISION, format, holderKeys: holderKeys(1) };
      const [text = ''] = await mintBatch(ports, publication, order, NOW);
      const { claims } = format === 'ldp_vc' ? parseDataIntegrity(text) : parseSdJwt(text);
      expect(claims.statusEntry).toBeUndefined();
      expect(claims.expiresAt).toBe(addHours(hourFloor(NOW), 6));
      expect([...stores.mints.all.values()][0]).toMatchObject({ credentials: 1, entries: [] });
    },
  );

  it('shows that the authority has let a contest pass, where the caller says so', async () => {
    const order = { decision: DECISION, holderKeys: holderKeys(1), contested: true };
    for (const format of ['dc+sd-jwt', 'ldp_vc'] as const) {
      const [text = ''] = await mintBatch(ports, sample.publication, { ...order, format }, NOW);
      const { claims } = format === 'ldp_vc' ? parseDataIntegrity(text) : parseSdJwt(text);
      expect(claims.contested).toBe(true);
    }
  });

  it('REQ-TIM-006 a sample that its source dates ahead is none of the future', async () => {
    const ahead = { ...DECISION, sampledAt: addHours(NOW, 1) };
    const order = { decision: ahead, format: 'dc+sd-jwt', holderKeys: holderKeys(1) } as const;
    const [text = ''] = await mintBatch(ports, sample.publication, order, NOW);
    expect(parseSdJwt(text).claims.sampledAt).toBe(hourFloor(NOW));
  });

  it('REQ-RUL-002 mints nothing by a rule that is not in force', async () => {
    const [ruleSet] = Object.values(sample.publication.ruleSets);
    const ended = ruleSet?.rules.map((rule) => ({ ...rule, sunset: hourFloor(NOW) })) ?? [];
    const publication = {
      ...sample.publication,
      ruleSets: { health: { region: 'CN-BJ', scheme: 'health', rules: ended } },
    };
    const order = { decision: DECISION, format: 'dc+sd-jwt', holderKeys: holderKeys(1) } as const;
    await expect(mintBatch(ports, publication, order, NOW)).rejects.toMatchObject({
      code: 'rule-not-in-force',
    });
    expect(stores.mints.all.size).toBe(0);
  });

  it('REQ-ISS-017 signs with the key of this epoch; without it with an older one, and then with the reserve', async () => {
    const [previous, current, reserve, next] = sample.signers;
    const signedBy = async (...signers: readonly Signer[]) =>
      parseSdJwt((await mint(1, 'dc+sd-jwt', { signers }))[0] ?? '').kid;
    expect(await signedBy(...sample.signers)).toBe(current.kid);
    expect(await signedBy(previous, reserve, next)).toBe(previous.kid);
    expect(await signedBy(reserve, next)).toBe(reserve.kid);
    await expect(mint(1, 'dc+sd-jwt', { signers: [next] })).rejects.toMatchObject({
      code: 'issuer-key-unavailable',
    });
  });
});

describe('the order of minting', () => {
  it('REQ-ISS-037 waits for the leaf before anything is taken, recorded or signed', async () => {
    const { trust, stores: files } = await sampleLog(stores, sample.publication);
    const decisionLog = regionLog({
      decisions: stores.decisions,
      store: files.public,
      trust,
      pause: async () => undefined,
      pauses: 2,
    });
    await expect(mint(2, 'dc+sd-jwt', { decisionLog })).rejects.toMatchObject({ code: 'decision-unlogged' });
    expect(stores.mints.all.size).toBe(0);
    expect(await stores.lists.lists(NOW)).toEqual([]);
  });

  it('records the mint before anything is signed, so that it can always be ended', async () => {
    const signer = { ...sample.signers[1], sign: () => Promise.reject(new Error('signer is gone')) };
    await expect(mint(2, 'dc+sd-jwt', { signers: [signer] })).rejects.toThrow('signer is gone');
    expect([...stores.mints.all.values()]).toMatchObject([
      { level: 'green', rule: 'tested@1', authority: 'cdc', issuedAt: hourFloor(NOW), credentials: 2 },
    ]);
    const { sampledAt } = DECISION;
    expect([...stores.mints.all.values()]).toMatchObject([{ sampledAt, format: 'dc+sd-jwt' }]);
    expect([...stores.mints.all.values()][0]?.entries).toHaveLength(2);
  });

  it('REQ-ISS-014 a decision that comes meanwhile stops the batch and ends its entries', async () => {
    const { record } = stores.mints;
    const signer = { ...sample.signers[1], sign: () => Promise.reject(new Error('nothing may be signed')) };
    stores.mints.record = async (id, each) => {
      await record(id, each);
      await stores.decisions.append(RED);
    };
    await expect(mint(2, 'dc+sd-jwt', { signers: [signer] })).rejects.toMatchObject({
      code: 'decision-conflict',
    });
    expect((await flagged()).map(({ suspended }) => suspended)).toEqual([true, true]);
  });

  it('REQ-ISS-032 a subject that is merged away meanwhile gets nothing, and its entries end', async () => {
    const profile = { subject: 'subject-1', kind: 'person', absorbing: [], guardians: [] } as const;
    await stores.subjects.putProfile({ ...profile, version: 1 });
    const { record } = stores.mints;
    stores.mints.record = async (id, each) => {
      await record(id, each);
      await stores.subjects.putProfile({ ...profile, version: 2, mergedInto: 'subject-2' });
    };
    await expect(mint(2)).rejects.toMatchObject({ code: 'subject-merged' });
    expect((await flagged()).map(({ suspended }) => suspended)).toEqual([true, true]);
  });

  it('REQ-ISS-018 nothing is handed out that could not be recorded', async () => {
    stores.mints.record = () => Promise.reject(new SymbolonError('storage-failed'));
    await expect(mint(1)).rejects.toMatchObject({ code: 'storage-failed' });
  });
});

describe('REQ-SIG-003 what was minted is checked', () => {
  const bad = (): Signer => ({ ...sample.signers[1], sign: async () => new Uint8Array(64).fill(1) });

  it('a faulty signer is found, in either format', async () => {
    await expect(mint(2, 'dc+sd-jwt', { signers: [bad()] })).rejects.toMatchObject({
      code: 'minted-check-failed',
    });
    await expect(mint(1, 'ldp_vc', { signers: [bad()] })).rejects.toMatchObject({
      code: 'minted-check-failed',
    });
  });

  it.each(['dc+sd-jwt', 'ldp_vc'] as const)(
    'all of a %s batch that another machine signed, one at random of the others',
    async (format) => {
      const failsOnceAt = (at: number, remote: { remote?: true }): Signer => {
        let signed = 0;
        return {
          ...sample.signers[1],
          ...remote,
          sign: (data) => (signed++ === at ? bad() : sample.signers[1]).sign(data),
        };
      };
      for (const at of [0, 1, 2, 3]) {
        const remote = { signers: [failsOnceAt(at, { remote: true })] };
        await expect(mint(4, format, remote)).rejects.toMatchObject({ code: 'minted-check-failed' });
      }
      const found: boolean[] = [];
      for (let batch = 0; batch < (format === 'ldp_vc' ? 12 : 40); batch++) {
        const signers = [failsOnceAt(batch % 4, {})];
        found.push(
          await mint(4, format, { signers }).then(
            () => false,
            () => true,
          ),
        );
      }
      expect(new Set(found)).toEqual(new Set([true, false]));
    },
  );
});

describe('bounds of a batch', () => {
  const record = (id: string, credentials: number, hours: number) =>
    stores.mints.record(id, {
      subject: DECISION.subject,
      scheme: DECISION.scheme,
      decision: 1,
      level: 'green',
      rule: 'tested@1',
      authority: 'cdc',
      format: 'dc+sd-jwt',
      issuedAt: addHours(hourFloor(NOW), hours - 24),
      expiresAt: addHours(hourFloor(NOW), hours),
      credentials,
      entries: [],
    });

  it('REQ-ISS-024 what is minted for a subject in an hour', async () => {
    await record('hour before', 1024, 23);
    await record('this hour', 1023, 24);
    expect(await mint(1)).toHaveLength(1);
    await expect(mint(1)).rejects.toMatchObject({ code: 'too-many-minted', bound: 1024 });
  });

  it('REQ-ISS-016 the lists of the hour are full', async () => {
    stores.lists.lease = async () => undefined;
    await expect(mint(1)).rejects.toMatchObject({ code: 'status-list-full' });
    expect(stores.mints.all.size).toBe(0);
  });

  it('REQ-ISS-012 32 credentials', async () => {
    expect(await mint(32)).toHaveLength(32);
    await expect(mint(33)).rejects.toMatchObject({ code: 'batch-too-large', bound: 32 });
  });

  it('REQ-ISS-011 no key twice, however it is written', async () => {
    const [key] = holderKeys(1);
    if (key === undefined) throw new Error('no key');
    const order = { decision: DECISION, format: 'dc+sd-jwt', holderKeys: [key, { ...key }] } as const;
    await expect(mintBatch(ports, sample.publication, order, NOW)).rejects.toMatchObject({
      code: 'possession-duplicate',
    });
  });

  it('REQ-ISS-013 no format that is not offered', async () => {
    const format = JSON.parse('"mso_mdoc"');
    await expect(mint(1, format)).rejects.toMatchObject({ code: 'format-unsupported' });
    expect(stores.mints.all.size).toBe(0);
  });
});
