import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { checkReceipt, parseReceipt } from '@symbolon/log/receipt';
import { fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { addSeconds } from '@symbolon/protocol/instant';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Decision } from '../decisions/decision.ts';
import { type MemoryStores, memoryStores } from '../testing/memory-stores.ts';
import { type SampleLog, sampleLog } from '../testing/sample-log.ts';
import { NOW, type SamplePublication, samplePublication } from '../testing/sample-publication.ts';
import { type RegionLog, regionLog } from './region-log.ts';
import { withoutLog } from './without-log.ts';

let sample: SamplePublication;
let stores: MemoryStores;
let log: SampleLog;

beforeEach(async () => {
  sample = await samplePublication();
  stores = memoryStores();
  log = await sampleLog(stores, sample.publication);
});

const decide = async (subject: string, level = 'green', sequence = 1): Promise<Decision> => {
  const decision: Decision = {
    subject,
    scheme: 'health',
    sequence,
    level,
    rule: level === 'red' ? 'positive@1' : 'tested@1',
    authority: 'cdc',
    evidence: 'laboratory',
    mode: 'automatic',
    decidedAt: addSeconds(NOW, 77),
  };
  await stores.decisions.append(decision);
  return decision;
};
const witnessesDown = () => {
  for (const name of log.witnesses.slice(1)) log.down.add(name);
};
/** The same number of bytes, and of whatever they are. */
const changed = (bytes: Uint8Array, text: string, by: string) =>
  new Uint8Array(Buffer.from(Buffer.from(bytes).toString('latin1').replace(text, by), 'latin1'));
/** As another process sees the log: nothing verified yet. */
const fresh = (more: Partial<SampleLog['trust']> = {}, read?: (path: string) => Promise<never>): RegionLog =>
  regionLog({
    decisions: stores.decisions,
    store: read === undefined ? log.stores.public : { read },
    trust: { ...log.trust, ...more },
    pause: async () => undefined,
    pauses: 0,
  });

describe('receipts', () => {
  it('REQ-LOG-022 prove the decision to whoever has the keys of log and witnesses', async () => {
    for (let i = 0; i < 300; i++) await decide(`someone ${i}`);
    const anna = await decide('anna', 'red');
    await log.round();
    for (let i = 300; i < 700; i++) await decide(`someone ${i}`);
    await log.round();
    const text = await fresh().receiptOf(anna);
    const checked = await checkReceipt(text, log.trust, true);
    expect(checked).toMatchObject({
      size: 707 + 1,
      leaf: { level: 'red', rule: 'positive@1', region: 'CN-BJ', at: NOW - (NOW % 3600) },
      opening: { evidence: 'laboratory', sequence: 1, decidedAt: addSeconds(NOW, 77) },
    });
    expect(checked.cosigned.size).toBe(3);
    expect(text).not.toContain('anna');
    expect(Buffer.from(JSON.stringify(checked)).toString()).not.toContain('anna');
  });

  it('REQ-LOG-022 of a favourable decision stand without witnesses, and have them when they have come', async () => {
    await log.round();
    witnessesDown();
    const anna = await decide('anna');
    await log.round();
    const text = await fresh().receiptOf(anna);
    await checkReceipt(text, log.trust, false);
    await expect(checkReceipt(text, log.trust, true)).rejects.toMatchObject({ code: 'witnesses-too-few' });
    log.down.clear();
    await log.round();
    await checkReceipt(await fresh().receiptOf(anna), log.trust, true);
  });

  it('REQ-ISS-037 there is none before the leaf is there', async () => {
    const anna = await decide('anna');
    await expect(fresh().receiptOf(anna)).rejects.toMatchObject({ code: 'decision-unlogged' });
    // The store says so, and the log does not.
    await log.round();
    const bea = await decide('bea');
    await stores.decisions.markLogged(
      bea,
      { origin: log.trust.origin, index: 5000, salt: 'A'.repeat(43) },
      false,
    );
    await expect(fresh().receiptOf(bea)).rejects.toMatchObject({ code: 'decision-unlogged' });
    expect(await fresh().isEffective(bea, false)).toBe(false);
  });

  it('REQ-LOG-013 none is handed out that is of another decision', async () => {
    const [anna, bea] = [await decide('anna'), await decide('bea')];
    await log.round();
    const cem = await decide('cem');
    const place = (await stores.decisions.find(anna))?.place ?? expect.unreachable();
    await stores.decisions.markLogged(cem, place, false);
    await expect(fresh().receiptOf(cem)).rejects.toMatchObject({ code: 'receipt-commitment' });
    await expect(fresh().receiptOf({ ...bea, evidence: 'none' })).rejects.toMatchObject({
      code: 'receipt-commitment',
    });
    const key = await decide('dan');
    await stores.decisions.markLogged(key, { ...place, index: 0 }, false);
    await expect(fresh().receiptOf(key)).rejects.toMatchObject({ code: 'receipt-commitment' });
  });

  it('REQ-LOG-011 none is handed out by a log that was rewritten', async () => {
    const anna = await decide('anna');
    await log.round();
    const entries = [...log.stores.public.files.keys()].filter((path) => path.startsWith('tile/entries'));
    for (const path of entries) {
      const bytes = log.stores.public.files.get(path) ?? expect.unreachable();
      log.stores.public.files.set(path, changed(bytes, 'tested@1', 'tasted@1'));
    }
    await expect(fresh().receiptOf(anna)).rejects.toMatchObject({ code: 'leaf-rewritten' });
    for (const path of entries) log.stores.public.files.delete(path);
    await expect(fresh().receiptOf(anna)).rejects.toMatchObject({ code: 'log-missing' });
  });

  it('of two decisions of one person do not tell that they are', async () => {
    const [first, second] = [await decide('anna'), await decide('anna', 'red', 2)];
    await log.round();
    const [a, b] = [await log.decisionLog.receiptOf(first), await log.decisionLog.receiptOf(second)].map(
      parseReceipt,
    );
    expect(a?.opening.subject).not.toBe(b?.opening.subject);
    expect(a?.leaf.commitment).not.toBe(b?.leaf.commitment);
  });
});

describe('REQ-ISS-037 what is not proven has no effect', () => {
  it.each<[string, () => Promise<void> | void, Partial<SampleLog['trust']>, string | undefined]>([
    ['a place in another log', () => undefined, { origin: 'log.symbolon.test/other' }, undefined],
    ['a note by a key that is not the log’s', () => undefined, { keys: [] }, 'log-signature'],
    ['fewer witnesses than are asked for', () => undefined, { threshold: 4 }, undefined],
    [
      'a note that was changed',
      () => {
        for (const path of ['witnessed', 'checkpoint']) {
          const note = fromUtf8(log.stores.public.files.get(path) ?? expect.unreachable());
          log.stores.public.files.set(path, utf8(note.replace(/\n\d+\n/, '\n9999\n')));
        }
      },
      {},
      'log-signature',
    ],
    ['no note at all', () => log.stores.public.files.clear(), {}, undefined],
  ])('%s', async (_, spoil, trust, code) => {
    const anna = await decide('anna', 'red');
    await log.round();
    expect(await fresh().isEffective(anna, true)).toBe(true);
    await spoil();
    const [effect, leaf] = [fresh(trust).isEffective(anna, true), fresh(trust).awaitLeaf(anna, true)];
    if (code === undefined) expect(await effect).toBe(false);
    else await expect(effect).rejects.toMatchObject({ code });
    await expect(leaf).rejects.toMatchObject({ code: code ?? 'decision-unlogged' });
  });

  it('a log that does not answer is not one that says no', async () => {
    const anna = await decide('anna', 'red');
    await log.round();
    const gone = () => Promise.reject(new SymbolonError('storage-failed'));
    await expect(fresh({}, gone).isEffective(anna, true)).rejects.toMatchObject({ code: 'storage-failed' });
    await expect(fresh({}, gone).awaitLeaf(anna, true)).rejects.toMatchObject({ code: 'storage-failed' });
    await expect(fresh({}, gone).receiptOf(anna)).rejects.toMatchObject({ code: 'storage-failed' });
    // What is no failure of the log is told.
    const broken = () => Promise.reject(new TypeError('a mistake'));
    await expect(fresh({}, broken).isEffective(anna, true)).rejects.toThrow(TypeError);
  });

  it('a checkpoint that was verified is not read again for what it has', async () => {
    const [anna, bea] = [await decide('anna', 'red'), await decide('bea', 'red')];
    await log.round();
    const paths: string[] = [];
    const own = regionLog({
      decisions: stores.decisions,
      store: {
        read: async (path) => {
          paths.push(path);
          return log.stores.public.read(path);
        },
      },
      trust: log.trust,
      pause: async () => undefined,
      pauses: 0,
    });
    for (const each of [anna, bea, anna]) expect(await own.isEffective(each, true)).toBe(true);
    expect(paths).toEqual(['witnessed']);
    const cem = await decide('cem', 'red');
    expect(await own.isEffective(cem, true)).toBe(false);
    await log.round();
    expect(await own.isEffective(cem, true)).toBe(true);
    expect(paths).toEqual(['witnessed', 'witnessed']);
  });

  it('where more witnesses are asked for than there were, a receipt is proven by the log alone', async () => {
    const anna = await decide('anna');
    await log.round();
    const text = await fresh({ threshold: 4 }).receiptOf(anna);
    await checkReceipt(text, log.trust, false);
  });
});

it('REQ-ISS-037 whoever waits for a leaf takes it out of another log once: that log may be the newer one', async () => {
  const anna = await decide('anna');
  const other = await sampleLog(
    stores,
    sample.publication,
    insecureRandomFromSeed('other'),
    'log.symbolon.test/other',
  );
  await other.round();
  let sizes: number[] = [];
  // This process has not heard of the other log, and its sequencer has.
  const stale = regionLog({
    decisions: stores.decisions,
    store: log.stores.public,
    trust: log.trust,
    pause: async () => {
      sizes.push((await other.round()).size);
    },
    pauses: 32,
  });
  await expect(stale.awaitLeaf(anna, false)).rejects.toMatchObject({ code: 'decision-unlogged' });
  expect(new Set(sizes).size).toBe(1);
  // Whoever asks is served, each time.
  sizes = [];
  await expect(stale.awaitLeaf(anna, false)).rejects.toMatchObject({ code: 'decision-unlogged' });
  expect(new Set(sizes).size).toBe(1);
  await stores.decisions.queueAgain(anna, other.trust.origin);
  await log.round();
  await stale.awaitLeaf(anna, false);
});

describe('a federation without a log', () => {
  it('everything takes effect at once, there is no receipt, and nothing is said to be logged', async () => {
    const anna = await decide('anna', 'red');
    const none = withoutLog();
    await none.awaitLeaf(anna, true);
    expect(await none.isEffective(anna, true)).toBe(true);
    expect(await none.receiptOf(anna)).toBeUndefined();
    expect(await stores.decisions.pending(9)).toHaveLength(1);
    expect((await stores.decisions.find(anna))?.place).toBeUndefined();
    // When the region begins a log, it gets its leaf.
    await log.round();
    await log.decisionLog.awaitLeaf(anna, true);
  });
});
