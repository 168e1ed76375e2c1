import { addHours } from '@symbolon/protocol/instant';
import { beforeEach, describe, expect, it } from 'vitest';
import { type IncomingFact, takeInFacts } from '../facts/intake.ts';
import { ENTRY } from '../ports.ts';
import { rulesOf } from '../publication.ts';
import { type MemoryStores, memoryStores } from '../testing/memory-stores.ts';
import { NOW, type SamplePublication, samplePublication } from '../testing/sample-publication.ts';
import { decideSubject } from './decide.ts';

const SUBJECT = 'subject-1';
let sample: SamplePublication;
let stores: MemoryStores;

beforeEach(async () => {
  sample = await samplePublication();
  stores = memoryStores();
});

const pcr = (id: string, result: string, hoursAgo: number): IncomingFact => ({
  id,
  type: 'pcr',
  at: addHours(NOW, -hoursAgo),
  fields: { result },
});
const report = (...facts: IncomingFact[]) => takeInFacts(stores, sample.scheme, SUBJECT, facts, NOW);
const decide = (now = NOW) =>
  decideSubject(stores, sample.scheme, rulesOf(sample.publication, sample.scheme), SUBJECT, now);

describe('deciding: published rules over facts, and nothing else', () => {
  it('REQ-ISS-008 decides nothing when no rule matches', async () => {
    await expect(decide()).rejects.toMatchObject({ code: 'no-decision' });
    expect(stores.decisions.all).toEqual([]);
  });

  it('appends a decision that names rule, authority, evidence and the age of the sample', async () => {
    await report(pcr('f1', 'negative', 5), { id: 'f2', type: 'stay', at: NOW, fields: { risk: 'low' } });
    expect(await decide()).toEqual({
      subject: SUBJECT,
      scheme: 'health',
      sequence: 1,
      level: 'green',
      rule: 'tested@1',
      authority: 'cdc',
      evidence: 'laboratory',
      mode: 'automatic',
      decidedAt: NOW,
      // Of the test, not of the newer stay.
      sampledAt: addHours(NOW, -5),
    });
  });

  it('when no rule holds any more, what was minted before is suspended', async () => {
    await report(pcr('f1', 'negative', 5));
    await decide();
    const entry = { idx: 3, uri: 'https://cn-bj.symbolon.test/lists/2' };
    const expiresAt = addHours(NOW, 100);
    await stores.lists.take(entry, expiresAt);
    const minted = {
      subject: SUBJECT,
      scheme: 'health',
      decision: 1,
      level: 'green',
      expiresAt,
      credentials: 1,
      entries: [entry],
    };
    await stores.mints.record('m1', minted);
    await expect(decide(addHours(NOW, 70))).rejects.toMatchObject({ code: 'no-decision' });
    expect(await stores.lists.flagged(entry.uri)).toEqual([{ idx: 3, status: ENTRY.suspended }]);
  });

  it('run again, it appends nothing', async () => {
    await report(pcr('f1', 'negative', 5));
    const first = await decide();
    expect(await decide(addHours(NOW, 1))).toEqual(first);
    expect(stores.decisions.all).toHaveLength(1);
  });

  it('a changed level suspends what was minted before, also when the crash came between the two', async () => {
    await report(pcr('f1', 'negative', 5));
    await decide();
    const entry = { idx: 7, uri: 'https://cn-bj.symbolon.test/lists/1' };
    await stores.lists.take(entry, addHours(NOW, 24));
    const mint = {
      subject: SUBJECT,
      scheme: 'health',
      decision: 1,
      level: 'green',
      expiresAt: addHours(NOW, 24),
      credentials: 1,
      entries: [entry],
    };
    await stores.mints.record('m1', mint);
    await report(pcr('f2', 'positive', 1));

    const { tighten } = stores.lists;
    let crashed = false;
    stores.lists.tighten = async () => {
      crashed = true;
      throw new Error('storage is gone');
    };
    await expect(decide()).rejects.toThrow('storage is gone');
    expect(crashed).toBe(true);
    stores.lists.tighten = tighten;
    expect(await decide()).toMatchObject({ sequence: 2, level: 'red' });
    expect(await stores.lists.flagged(entry.uri)).toEqual([{ idx: 7, status: ENTRY.suspended }]);
  });

  it('two at once agree on one sequence', async () => {
    await report(pcr('f1', 'negative', 5));
    await Promise.all([decide(), decide(), decide()]);
    expect(stores.decisions.all.map(({ sequence }) => sequence)).toEqual([1]);
  });
});

describe('facts: only what the scheme declares', () => {
  it('REQ-ISS-007 stores nothing of a batch that has a bad fact', async () => {
    const bad = { id: 'f2', type: 'bankDeposit', at: NOW, fields: { amount: 1 } };
    await expect(report(pcr('f1', 'negative', 5), bad)).rejects.toMatchObject({ code: 'fact-malformed' });
    await expect(decide()).rejects.toMatchObject({ code: 'no-decision' });
  });

  it('REQ-ISS-023 is idempotent by fact id, and never rewrites a fact', async () => {
    expect(await report(pcr('f1', 'negative', 5))).toBe(1);
    expect(await report(pcr('f1', 'negative', 5))).toBe(0);
    await expect(report(pcr('f1', 'positive', 1))).rejects.toMatchObject({ code: 'fact-conflict' });
    const twice = [pcr('same', 'negative', 2), pcr('same', 'positive', 2)];
    await expect(report(...twice)).rejects.toMatchObject({ code: 'fact-conflict' });
    const both = await Promise.allSettled([
      report(pcr('race', 'negative', 3)),
      report(pcr('race', 'positive', 3)),
    ]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await decide()).toMatchObject({ level: expect.stringMatching(/green|red/) });
  });

  it('no number of harmless facts keeps an adverse one out', async () => {
    for (let batch = 0; batch < 3; batch++) {
      const many = Array.from({ length: 200 }, (_, i) => pcr(`harmless-${batch}-${i}`, 'negative', 1));
      expect(await report(...many)).toBe(200);
    }
    const stays = Array.from({ length: 200 }, (_, i) => ({
      id: `s${i}`,
      type: 'stay',
      at: NOW,
      fields: { risk: `kind ${i}` },
    }));
    await report(...stays);
    expect(await decide()).toMatchObject({ level: 'green' });
    const future = Array.from({ length: 200 }, (_, i) => pcr(`future-${i}`, 'positive', -24));
    await expect(report(...future)).rejects.toMatchObject({ code: 'fact-malformed', path: 'at' });
    expect(await report(pcr('adverse', 'positive', 100))).toBe(1);
    expect(await decide()).toMatchObject({ level: 'red' });
  });
});
