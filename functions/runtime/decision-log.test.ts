import type { Decision } from '@symbolon/issuer/decision';
import { memoryStores } from '@symbolon/issuer/memory-stores';
import type { DecisionLog } from '@symbolon/issuer/ports';
import type { Publication } from '@symbolon/issuer/publication';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { SymbolonError } from '@symbolon/protocol/errors';
import { describe, expect, it } from 'vitest';
import { issuerLog, issuerLogPlace } from '../testing/issuer-log.ts';
import { issuerPublication, NOW } from '../testing/issuer-publication.ts';
import { decisionLogOf } from './decision-log.ts';
import type { Pause } from './pause.ts';

const publication = await issuerPublication();
const red: Decision = {
  subject: 'anna',
  scheme: 'health',
  sequence: 1,
  level: 'red',
  rule: 'positive@1',
  authority: 'cdc',
  evidence: 'laboratory',
  mode: 'automatic',
  decidedAt: NOW,
};

/** As long as it takes. */
const forEver = () => new Promise<never>(() => {});

/** A red decision in a real log, as a function sees it by this publication and these files. */
async function logged(
  seen: Partial<Publication>,
  read?: () => Promise<undefined>,
  timer: Pause = forEver,
): Promise<{ readonly log: DecisionLog; readonly settle: () => Promise<void> }> {
  const stores = memoryStores();
  await stores.decisions.append(red);
  const { files, round } = await issuerLog({
    stores,
    publication: async () => publication,
    now: () => NOW,
    random: insecureRandomFromSeed('decision log'),
    log: () => undefined,
  });
  expect(await round()).toMatchObject({ settled: 0 });
  const log = decisionLogOf({
    decisions: stores.decisions,
    read: read ?? ((path) => files.read(path)),
    publication: async () => ({ ...publication, ...seen }),
    clock: () => NOW,
    pause: async () => undefined,
    timer,
  });
  return { log, settle: () => stores.decisions.markEffective(red) };
}

const place = await issuerLogPlace();
const gone = () => Promise.reject(new SymbolonError('storage-failed'));

it.each<[string, Partial<Publication>, (() => Promise<undefined>)?]>([
  ['the registry cannot tell of now', { log: 'unknown' }],
  ['does not answer', { log: place }, gone],
  ['is signed by nobody whom the registry names', { log: { ...place, keys: [] } }],
])('REQ-ISS-037 a log that %s takes no effect away, and gives none', async (_, seen, read) => {
  const { log, settle } = await logged(seen, read);
  const unlogged = { code: 'decision-unlogged' };
  await expect(log.isEffective(red, true)).rejects.toMatchObject(unlogged);
  await expect(log.awaitLeaf(red, true)).rejects.toMatchObject(unlogged);
  await settle();
  expect(await log.isEffective(red, true)).toBe(true);
  // A credential waits for a leaf that somebody can be shown.
  await expect(log.awaitLeaf(red, true)).rejects.toMatchObject(unlogged);
  await expect(log.receiptOf(red)).rejects.toMatchObject(unlogged);
});

it('REQ-REG-019 a region without a log mints on while nobody can tell of the region above it', async () => {
  const log = decisionLogOf({
    decisions: { find: gone, queueAgain: gone },
    read: undefined,
    publication: async () => ({ ...publication, log: 'unknown' }),
    clock: () => NOW,
    pause: async () => undefined,
    timer: forEver,
  });
  await log.awaitLeaf(red, true);
  expect(await log.receiptOf(red)).toBeUndefined();
});

describe('REQ-ISS-037 a log that is slow keeps nobody waiting for longer than a function may run', () => {
  /** Over when a test says so. */
  function patience() {
    const begun: number[] = [];
    let end = () => {};
    const over = new Promise<void>((resolve) => {
      end = resolve;
    });
    const timer: Pause = (milliseconds) => {
      begun.push(milliseconds);
      return over;
    };
    return { begun, end: () => end(), timer };
  }
  /** When nothing goes on but what waits. */
  const idle = () => new Promise((resolve) => setImmediate(resolve));
  /** Less than `issuer-api` has, which mints after that. */
  const MOST_MS = 15_000;

  it('though a read of it does not end', async () => {
    const { begun, end, timer } = patience();
    let reads = 0;
    const hangs = () => {
      reads++;
      return forEver();
    };
    const { log } = await logged({ log: place }, hangs, timer);
    const [leaf, receipt] = [log.awaitLeaf(red, true), log.receiptOf(red)];
    end();
    const unlogged = { code: 'decision-unlogged' };
    await expect(leaf).rejects.toMatchObject(unlogged);
    await expect(receipt).rejects.toMatchObject(unlogged);
    expect(reads).toBe(2);
    expect(begun).toHaveLength(2);
    expect(begun.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(MOST_MS);
  });

  it('and nothing more is read once it is over', async () => {
    const { end, timer } = patience();
    const answers: (() => void)[] = [];
    const slow = () => new Promise<undefined>((resolve) => answers.push(() => resolve(undefined)));
    const { log } = await logged({ log: place }, slow, timer);
    const leaf = log.awaitLeaf(red, true);
    await idle();
    expect(answers).toHaveLength(1);
    answers[0]?.();
    await idle();
    expect(answers).toHaveLength(2);
    end();
    await expect(leaf).rejects.toMatchObject({ code: 'decision-unlogged' });
    answers[1]?.();
    await idle();
    expect(answers).toHaveLength(2);
  });

  it('a log that answers in time is read as ever', async () => {
    const { begun, timer } = patience();
    const { log, settle } = await logged({ log: place }, undefined, timer);
    await log.awaitLeaf(red, true);
    await settle();
    expect(await log.receiptOf(red)).toContain('c2sp.org/tlog-proof@v1');
    expect(begun).toHaveLength(2);
  });
});
