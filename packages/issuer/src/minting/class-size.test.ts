import { parseDataIntegrity } from '@symbolon/credential/data-integrity';
import { parseSdJwt } from '@symbolon/credential/sd-jwt/parse';
import { publicPart } from '@symbolon/keys/private-key';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { addHours, addSeconds, hourFloor, type Instant, parseInstant } from '@symbolon/protocol/instant';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Decision } from '../decisions/decision.ts';
import { entryAllocator } from '../lists/entry-allocator.ts';
import type { Publication } from '../publication.ts';
import { type MemoryStores, memoryStores } from '../testing/memory-stores.ts';
import { type SamplePublication, samplePublication } from '../testing/sample-publication.ts';
import { slotStart } from './class-size.ts';
import { mintBatch } from './mint-batch.ts';
import type { Format } from './validity.ts';

/** Slots of 12 hours begin at 00:00 and 12:00. */
const SLOT = parseInstant('2026-09-07T12:00:00Z');
const KEY = publicPart(insecurePrivateKeyFromSeed('ES256', 'holder'));
const random = insecureRandomFromSeed('class');
let sample: SamplePublication;
let stores: MemoryStores;

beforeEach(async () => {
  sample = await samplePublication();
  stores = memoryStores();
});

const publication = (smallestClass: number, more: Partial<Publication> = {}): Publication => ({
  ...sample.publication,
  federation: { ...sample.publication.federation, smallestClass },
  ...more,
});

/** What a verifier sees of the times. */
async function mint(
  person: number,
  now: Instant,
  by: Publication,
  more: Partial<Decision> = {},
  format: Format = 'dc+sd-jwt',
  signers = sample.signers.slice(),
) {
  const decision: Decision = {
    subject: `person ${person}`,
    scheme: 'health',
    sequence: 1,
    level: 'green',
    rule: 'tested@1',
    authority: 'cdc',
    evidence: 'laboratory',
    mode: 'automatic',
    decidedAt: now,
    ...more,
  };
  await stores.decisions.append(decision);
  const ports = {
    ...stores,
    entries: entryAllocator({ lists: stores.lists, random, listEntries: 4096 }),
    signers,
    random,
  };
  const order = { decision, format, holderKeys: [KEY] };
  const [text = ''] = await mintBatch(ports, by, order, now);
  const { claims, kid } = format === 'ldp_vc' ? parseDataIntegrity(text) : parseSdJwt(text);
  return { issuedAt: claims.issuedAt, expiresAt: claims.expiresAt, sampledAt: claims.sampledAt, kid };
}

const at = (hours: number, seconds = 1234) => addSeconds(addHours(SLOT, hours), seconds);
const SAMPLED = { sampledAt: at(-8) };

describe('a class that is too small shares its times with half a validity', () => {
  const coarse = { issuedAt: SLOT, expiresAt: addHours(SLOT, 24) };

  it('the hour before decides: so many came then, so everyone of this hour has the hour', async () => {
    const by = publication(3);
    for (const person of [1, 2, 3, 4]) expect(await mint(person, at(5), by)).toMatchObject(coarse);
    const fine = { issuedAt: addHours(SLOT, 6), expiresAt: addHours(SLOT, 30) };
    for (const person of [5, 6]) expect(await mint(person, at(6), by)).toMatchObject(fine);
    expect(await mint(7, at(7), by)).toMatchObject(coarse);
    expect(await mint(8, at(8), by)).toMatchObject(coarse);
  });

  it('those who come again every hour are counted in each', async () => {
    const by = publication(2);
    for (const [hours, issuedAt] of [
      [5, SLOT],
      [6, addHours(SLOT, 6)],
      [7, addHours(SLOT, 7)],
    ] as const) {
      for (const person of [1, 2]) expect(await mint(person, at(hours), by)).toMatchObject({ issuedAt });
    }
  });

  it('one person who asks again and again does not make a class large', async () => {
    const by = publication(2);
    for (let again = 0; again < 5; again++) {
      expect(await mint(1, at(5, again), by)).toMatchObject(coarse);
      expect(await mint(1, at(6, again), by)).toMatchObject(coarse);
    }
    await mint(2, at(6), by);
    expect(await mint(3, at(7), by)).toMatchObject(coarse);
    await mint(4, at(7), by);
    expect(await mint(5, at(8), by)).toMatchObject({ issuedAt: addHours(SLOT, 8) });
  });

  it.each<{ what: string; others: Partial<Decision>; format?: Format }>([
    { what: 'level and rule', others: { ...SAMPLED, level: 'red', rule: 'positive@1' } },
    { what: 'authority', others: { ...SAMPLED, authority: 'community' } },
    { what: "the sample's hour", others: { sampledAt: at(-7) } },
    { what: 'that there is no sample', others: {} },
    { what: 'format', others: SAMPLED, format: 'ldp_vc' },
  ])('classes are told apart by $what', async ({ others, format }) => {
    const by = publication(2);
    await mint(1, at(5), by, SAMPLED);
    await mint(2, at(5), by, others, format);
    await mint(3, at(5), by, others, format);
    expect(await mint(4, at(6), by, SAMPLED)).toMatchObject(coarse);
    expect(await mint(5, at(6), by, others, format)).toMatchObject({
      issuedAt: addHours(SLOT, 6),
    });
  });

  it('samples of one hour are one class, whatever their minute; one that is dated ahead is of this hour', async () => {
    const by = publication(2);
    await mint(1, at(5), by, { sampledAt: at(-8, 0) });
    await mint(2, at(5), by, { sampledAt: at(-8, 3599) });
    const fine = { issuedAt: addHours(SLOT, 6) };
    expect(await mint(3, at(6), by, { sampledAt: at(-8, 60) })).toMatchObject(fine);
    await mint(4, at(5, 3500), by, { sampledAt: at(5, 3000) });
    await mint(5, at(5, 3500), by, { sampledAt: at(6, 100) });
    expect(await mint(6, at(6), by, { sampledAt: at(5, 1) })).toMatchObject(fine);
  });

  it('REQ-TIM-006, REQ-RUL-002 it never begins before the sample, nor before the rule is in force', async () => {
    const by = publication(9);
    const sampled = await mint(1, at(5), by, { sampledAt: at(3) });
    expect(sampled).toMatchObject({ issuedAt: addHours(SLOT, 3), sampledAt: addHours(SLOT, 3) });
    expect(await mint(2, at(5), by, { sampledAt: at(-3) })).toMatchObject({ issuedAt: SLOT });
    const ruleSet = by.ruleSets['health'];
    const rules = ruleSet?.rules.map((rule) => ({ ...rule, from: addHours(SLOT, 4) })) ?? [];
    const younger = publication(9, { ruleSets: { health: { region: 'CN-BJ', scheme: 'health', rules } } });
    expect(await mint(3, at(5), younger)).toMatchObject({ issuedAt: addHours(SLOT, 4) });
  });

  it('REQ-ISS-017 the key that signs is valid at that time, and still is', async () => {
    const [, current, , next] = sample.signers;
    // The last epoch's key ends within the slot, and its successor has begun within it.
    const keys = sample.publication.keys.map((key) => {
      if (key.kid === current.kid) return { ...key, notAfter: addHours(SLOT, 3) };
      return key.kid === next.kid ? { ...key, notBefore: addHours(SLOT, 2) } : key;
    });
    const by = publication(9, { keys });
    const minted = await mint(1, at(5), by, {}, 'dc+sd-jwt', [current, next]);
    expect(minted).toMatchObject({ kid: next.kid, issuedAt: addHours(SLOT, 2) });
    await expect(mint(2, at(5), by, {}, 'dc+sd-jwt', [current])).rejects.toMatchObject({
      code: 'issuer-key-unavailable',
    });
  });

  it('at least half of the validity is left, whatever it is', () => {
    for (const validity of [1, 2, 3, 6, 24, 72]) {
      for (let hour = 0; hour < 200; hour++) {
        const now = addHours(SLOT, hour);
        const slot = slotStart(now, validity);
        expect(slot).toBe(hourFloor(slot));
        expect(now - slot).toBeGreaterThanOrEqual(0);
        expect((now - slot) / 3600).toBeLessThan(Math.max(1, Math.min(12, validity / 2)));
      }
    }
  });

  it('REQ-ISS-008 what has ended is minted by nobody, as if it were', async () => {
    await expect(mint(1, at(5), publication(1), { mode: 'ended' })).rejects.toMatchObject({
      code: 'no-decision',
    });
    expect(stores.mints.all.size).toBe(0);
  });

  it('a crash after the record and before the count leaves the class small', async () => {
    const { add } = stores.tallies;
    stores.tallies.add = () => Promise.reject(new Error('storage is gone'));
    await expect(mint(1, at(5), publication(2))).rejects.toThrow('storage is gone');
    stores.tallies.add = add;
    await mint(2, at(5), publication(2));
    expect(await mint(3, at(6), publication(2))).toMatchObject(coarse);
  });
});
