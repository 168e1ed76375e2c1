import { SymbolonError } from '@symbolon/protocol/errors';
import { beforeEach, describe, expect, it } from 'vitest';
import { drainQueue, standInLog } from './decision-log.ts';
import { type SampleDesk, sampleDesk } from './testing/sample-desk.ts';

let desk: SampleDesk;
const ref = (subject: string) => ({ subject, scheme: 'health', sequence: 1 });

beforeEach(async () => {
  desk = await sampleDesk();
  for (const each of ['anna', 'bea', 'cem']) {
    await desk.person(each);
    await desk.tested(each, 'negative');
    await desk.evaluate(each);
  }
});

describe("the log's queue", () => {
  it('REQ-ISS-037 the stand-in marks a decision, so that its credentials may be minted', async () => {
    const { decisions } = desk.stores;
    const { decision } = await desk.evaluate('anna');
    expect(await decisions.isLogged(decision)).toBe(false);
    await standInLog(decisions).awaitLeaf(decision);
    expect(await decisions.isLogged(decision)).toBe(true);
    expect((await decisions.pending(9)).map(({ subject }) => subject)).toEqual(['bea', 'cem']);
  });

  it('drains what nobody has waited for, so many at a time', async () => {
    expect(await drainQueue(desk.stores, 2)).toBe(2);
    expect(await drainQueue(desk.stores, 9)).toBe(1);
    expect(await drainQueue(desk.stores, 9)).toBe(0);
    expect(
      await Promise.all(['anna', 'bea', 'cem'].map((each) => desk.stores.decisions.isLogged(ref(each)))),
    ).toEqual([true, true, true]);
  });

  it('the queue is a hint: what is no decision is passed by, and what is logged is taken out', async () => {
    const { decisions } = desk.stores;
    await decisions.markLogged(ref('anna'));
    const marked: string[] = [];
    const hinting = {
      ...decisions,
      pending: async () => [ref('nobody'), ref('anna'), ref('bea')],
      markLogged: async (each: ReturnType<typeof ref>) => {
        marked.push(each.subject);
        await decisions.markLogged(each);
      },
    };
    expect(await drainQueue({ decisions: hinting }, 9)).toBe(1);
    expect(marked).toEqual(['anna', 'bea']);
  });

  it('REQ-ISS-037 what the log has not taken by then stays in the queue; another failure is told', async () => {
    const { decisions } = desk.stores;
    const slow = {
      awaitLeaf: async (decision: { subject: string }) => {
        if (decision.subject === 'bea') throw new SymbolonError('decision-unlogged');
        await decisions.markLogged(ref(decision.subject));
      },
    };
    expect(await drainQueue(desk.stores, 9, slow)).toBe(2);
    expect(await decisions.pending(9)).toEqual([ref('bea')]);
    const broken = {
      awaitLeaf: async () => {
        throw new Error('the log is gone');
      },
    };
    await expect(drainQueue(desk.stores, 9, broken)).rejects.toThrow('the log is gone');
  });
});
