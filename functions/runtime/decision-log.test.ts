import type { Decision } from '@symbolon/issuer/decision';
import { memoryStores } from '@symbolon/issuer/memory-stores';
import type { DecisionLog } from '@symbolon/issuer/ports';
import type { Publication } from '@symbolon/issuer/publication';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { SymbolonError } from '@symbolon/protocol/errors';
import { expect, it } from 'vitest';
import { issuerLog, issuerLogPlace } from '../testing/issuer-log.ts';
import { issuerPublication, NOW } from '../testing/issuer-publication.ts';
import { decisionLogOf } from './decision-log.ts';

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

/** A red decision in a real log, as a function sees it by this publication and these files. */
async function logged(
  seen: Partial<Publication>,
  read?: () => Promise<undefined>,
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
  });
  await log.awaitLeaf(red, true);
  expect(await log.receiptOf(red)).toBeUndefined();
});
