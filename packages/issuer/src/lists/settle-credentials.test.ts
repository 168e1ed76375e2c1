import { addHours, addSeconds } from '@symbolon/protocol/instant';
import { statusValueOf } from '@symbolon/status/status-value';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Decision } from '../decisions/decision.ts';
import type { MintRecord } from '../minting/mint-record.ts';
import { type MemoryStores, memoryStores } from '../testing/memory-stores.ts';
import { NOW, samplePublication } from '../testing/sample-publication.ts';
import { contestCredentials, endLivingCredentials } from './end-credentials.ts';
import { settleCredentials } from './settle-credentials.ts';

const URI = 'https://cn-bj.symbolon.test/lists/1';
const EXPIRES = addHours(NOW, 24);
const { scheme } = await samplePublication();
let stores: MemoryStores;

beforeEach(() => {
  stores = memoryStores();
});

const decide = async (
  sequence: number,
  level: string,
  rule: string,
  more: Partial<Decision> = {},
): Promise<Decision> => {
  const decision: Decision = {
    subject: 's',
    scheme: 'health',
    sequence,
    level,
    rule,
    authority: 'cdc',
    evidence: 'laboratory',
    mode: 'automatic',
    decidedAt: NOW,
    ...more,
  };
  await stores.decisions.append(decision);
  return decision;
};

const mint = (idx: number, { sequence, level, rule, sampledAt }: Decision, more: Partial<MintRecord> = {}) =>
  stores.mints.record(`mint ${idx}`, {
    subject: 's',
    scheme: 'health',
    decision: sequence,
    level,
    rule,
    authority: 'cdc',
    format: 'dc+sd-jwt',
    ...(sampledAt !== undefined && { sampledAt }),
    issuedAt: NOW,
    expiresAt: EXPIRES,
    credentials: 1,
    entries: [{ idx, uri: URI }],
    ...more,
  });

/** VALID 0, INVALID 1, SUSPENDED 2, CONTESTED 3. */
const values = async () =>
  Object.fromEntries(
    (await stores.lists.flagged(URI)).map(({ idx, ...flags }) => [idx, statusValueOf(flags)]),
  );

describe('settling what was minted by the current decision', () => {
  it('suspends other levels, leaves other rules of the level alone; the decision that comes back restores, and never what was revoked', async () => {
    const green = await decide(1, 'green', 'tested@1');
    await mint(1, green);
    await mint(2, green);
    const red = await decide(2, 'red', 'positive@1');
    expect(await settleCredentials(stores, scheme, red, NOW)).toEqual({
      suspended: 2,
      restored: 0,
      unlistedUntil: undefined,
    });
    await mint(3, red);
    expect(await values()).toEqual({ 1: 2, 2: 2 });
    await stores.lists.flag({ idx: 2, uri: URI }, 'revoke', EXPIRES);
    const otherRule = await decide(3, 'green', 'cleared@1');
    expect(await settleCredentials(stores, scheme, otherRule, NOW)).toMatchObject({
      suspended: 1,
      restored: 0,
    });
    expect(await values()).toEqual({ 1: 2, 2: 1, 3: 2 });
    const again = await decide(4, 'green', 'tested@1');
    expect(await settleCredentials(stores, scheme, again, NOW)).toMatchObject({ suspended: 1, restored: 2 });
    expect(await values()).toEqual({ 1: 0, 2: 1, 3: 2 });
    const after = await values();
    await settleCredentials(stores, scheme, again, NOW);
    expect(await values()).toEqual(after);
  });

  it('REQ-TIM-006 suspends what says a sample that does not count any more: also of the same level and rule', async () => {
    const sampled = (hours: number) => ({ sampledAt: addHours(NOW, -hours) });
    const early = await decide(1, 'green', 'tested@1', sampled(60));
    await mint(1, early);
    const late = await decide(2, 'green', 'tested@1', sampled(1));
    await mint(2, late);
    await mint(3, await decide(3, 'green', 'cleared@1', sampled(1)));
    await settleCredentials(stores, scheme, late, NOW);
    // An older sample understates how fresh a status is: it stays.
    expect(await values()).toEqual({});
    const takenBack = await decide(4, 'green', 'tested@1', sampled(60));
    expect(await settleCredentials(stores, scheme, takenBack, NOW)).toMatchObject({
      suspended: 2,
      restored: 1,
    });
    expect(await values()).toEqual({ 2: 2, 3: 2 });
    const noSample = await decide(5, 'green', 'no-risk@1');
    expect(await settleCredentials(stores, scheme, noSample, NOW)).toMatchObject({
      suspended: 3,
      restored: 0,
    });
    expect(await values()).toEqual({ 1: 2, 2: 2, 3: 2 });
  });

  it('REQ-TIM-006 a level that comes back by another sample restores nothing of a sample that was taken back, nor of an older one', async () => {
    const sampled = (hours: number) => ({ sampledAt: addHours(NOW, -hours) });
    await mint(1, await decide(1, 'green', 'tested@1', sampled(60)));
    await mint(2, await decide(2, 'green', 'tested@1', sampled(1)));
    await settleCredentials(stores, scheme, await decide(3, 'red', 'positive@1', sampled(1)), NOW);
    expect(await values()).toEqual({ 1: 2, 2: 2 });
    await settleCredentials(stores, scheme, await decide(4, 'green', 'tested@1', sampled(30)), NOW);
    expect(await values()).toEqual({ 1: 2, 2: 2 });
    const again = await decide(5, 'green', 'tested@1', sampled(60));
    expect(await settleCredentials(stores, scheme, again, NOW)).toMatchObject({ suspended: 1, restored: 1 });
    expect(await values()).toEqual({ 1: 0, 2: 2 });
  });

  it('REQ-ISS-008 a decision that says there is no status any more suspends all, its own level, rule and sample among it', async () => {
    const sampledAt = addHours(NOW, -1);
    const green = await decide(1, 'green', 'tested@1', { sampledAt });
    await mint(1, green);
    await mint(2, green, { entries: [], expiresAt: addHours(NOW, 2) });
    const ended = await decide(2, 'green', 'tested@1', { sampledAt, mode: 'ended' });
    expect(await settleCredentials(stores, scheme, ended, NOW)).toEqual({
      suspended: 1,
      restored: 0,
      unlistedUntil: addHours(NOW, 2),
    });
    expect(await values()).toEqual({ 1: 2 });
    await settleCredentials(stores, scheme, await decide(3, 'green', 'tested@1', { sampledAt }), NOW);
    expect(await values()).toEqual({ 1: 0 });
  });

  it('writes nothing where all agrees already', async () => {
    const green = await decide(1, 'green', 'tested@1');
    await mint(1, green);
    await settleCredentials(stores, scheme, green, NOW);
    expect(await stores.lists.flagged(URI)).toEqual([]);
  });

  it('restores what was suspended while no rule held', async () => {
    const green = await decide(1, 'green', 'tested@1');
    await mint(1, green);
    await endLivingCredentials(stores, 's', 'health', NOW, 'suspend');
    expect(await values()).toEqual({ 1: 2 });
    await settleCredentials(stores, scheme, green, NOW);
    expect(await values()).toEqual({ 1: 0 });
  });

  it('says how long credentials without a status entry go on', async () => {
    const green = await decide(1, 'green', 'tested@1');
    await mint(1, green, { entries: [], expiresAt: addHours(NOW, 2) });
    await mint(2, green, { entries: [], expiresAt: addHours(NOW, 5) });
    await mint(3, green, { entries: [], expiresAt: NOW });
    const red = await decide(2, 'red', 'positive@1');
    expect(await settleCredentials(stores, scheme, red, NOW)).toEqual({
      suspended: 0,
      restored: 0,
      unlistedUntil: addHours(NOW, 5),
    });
  });

  it.each(['before', 'after'] as const)(
    'a crash %s any write of it is made good by the next run',
    async (moment) => {
      const green = await decide(1, 'green', 'tested@1');
      const red = await decide(2, 'red', 'positive@1');
      for (const idx of [1, 2, 3]) await mint(idx, green);
      for (const idx of [4, 5]) await mint(idx, red);
      await endLivingCredentials(stores, 's', 'health', NOW, 'suspend');
      const { flag } = stores.lists;
      for (let broken = 0; broken < 5; broken++) {
        for (const idx of [1, 2, 3]) await stores.lists.flag({ idx, uri: URI }, 'restore', EXPIRES);
        for (const idx of [4, 5]) await stores.lists.flag({ idx, uri: URI }, 'suspend', EXPIRES);
        let calls = 0;
        stores.lists.flag = async (...change) => {
          if (calls++ !== broken) return flag(...change);
          if (moment === 'after') await flag(...change);
          throw new Error('storage is gone');
        };
        await expect(settleCredentials(stores, scheme, red, NOW)).rejects.toThrow('storage is gone');
        stores.lists.flag = flag;
        await settleCredentials(stores, scheme, red, NOW);
        expect(await values()).toEqual({ 1: 2, 2: 2, 3: 2, 4: 0, 5: 0 });
      }
    },
  );

  it('of two at once the newest decision has the last word, whichever is slower', async () => {
    const green = await decide(1, 'green', 'tested@1');
    await mint(1, green);
    const again = await decide(2, 'green', 'tested@1');
    await stores.lists.flag({ idx: 1, uri: URI }, 'suspend', EXPIRES);
    // While the older one writes, a newer decision is appended and settled.
    const { flag } = stores.lists;
    let overtaken = false;
    stores.lists.flag = async (...change) => {
      if (!overtaken) {
        overtaken = true;
        await settleCredentials(stores, scheme, await decide(3, 'red', 'positive@1'), NOW);
      }
      await flag(...change);
    };
    await settleCredentials(stores, scheme, again, NOW);
    expect(await values()).toEqual({ 1: 2 });
  });

  it('REQ-ISS-014 decisions that do not come to rest are told', async () => {
    const first = await decide(1, 'green', 'tested@1');
    let sequence = 1;
    const restless = {
      ...stores,
      decisions: { ...stores.decisions, newest: async () => decide(++sequence, 'green', 'tested@1') },
    };
    await expect(settleCredentials(restless, scheme, first, NOW)).rejects.toMatchObject({
      code: 'decision-conflict',
    });
  });
});

describe('ending and contesting', () => {
  it('contests the living credentials of a scheme, and settles them: their history stays, their status does not', async () => {
    const green = await decide(1, 'green', 'tested@1');
    await mint(1, green);
    await mint(2, green, { scheme: 'travel' });
    await mint(3, green, { expiresAt: NOW });
    expect(await contestCredentials(stores, 's', 'health', NOW, 'contest')).toMatchObject({ entries: 1 });
    expect(await values()).toEqual({ 1: 3 });
    await contestCredentials(stores, 's', 'health', addSeconds(NOW, 1), 'settle');
    expect(await values()).toEqual({ 1: 0 });
  });

  it('revokes everything that lives, of every scheme or of the mints that are asked for', async () => {
    const green = await decide(1, 'green', 'tested@1');
    for (const idx of [1, 2, 3]) await mint(idx, green, { scheme: idx === 3 ? 'travel' : 'health' });
    await endLivingCredentials(stores, 's', undefined, NOW, 'revoke', ({ id }) => id !== 'mint 1');
    expect(await values()).toEqual({ 2: 1, 3: 1 });
  });
});
