import { addHours } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { beforeEach, describe, expect, it } from 'vitest';
import { type MemoryStores, memoryStores } from '../testing/memory-stores.ts';
import { NOW } from '../testing/sample-publication.ts';
import { appointGuardian, dismissGuardian, mayAskFor } from './guardians.ts';

const BY = { kid: 'operator-01', authority: 'cdc' };
let stores: MemoryStores;

async function put(subject: string, kind: 'person' | 'asset' = 'person'): Promise<void> {
  await stores.subjects.putProfile({ subject, version: 1, kind, absorbing: [], guardians: [] });
}
const appoint = (guardian: string, hours = 24, dependant = 'child') =>
  appointGuardian(stores, { dependant, guardian, until: addHours(NOW, hours) }, BY, 'Their mother.', NOW);
const asks = (guardian: string, now = NOW) => mayAskFor(stores.subjects, guardian, 'child', now);

beforeEach(async () => {
  stores = memoryStores();
  for (const subject of ['child', 'mother', 'stranger']) await put(subject);
});

describe('guardians: whose wallet may ask for a dependant', () => {
  it('REQ-ISS-004 may ask until the end, and nobody else may', async () => {
    await appoint('mother');
    expect((await asks('mother')).subject).toBe('child');
    await expect(asks('stranger')).rejects.toMatchObject({ code: 'forbidden' });
    await expect(asks('mother', addHours(NOW, 24))).rejects.toMatchObject({ code: 'forbidden' });
    await expect(mayAskFor(stores.subjects, 'mother', 'nobody', NOW)).rejects.toMatchObject({
      code: 'forbidden',
    });
    // Not the other way round.
    await expect(mayAskFor(stores.subjects, 'child', 'mother', NOW)).rejects.toMatchObject({
      code: 'forbidden',
    });
  });

  it('ends with a dismissal, begins anew with an appointment, and leaves an entry of each', async () => {
    await appoint('mother');
    await appoint('mother');
    await dismissGuardian(stores, { dependant: 'child', guardian: 'mother' }, BY, 'She moved away.', NOW);
    await expect(asks('mother')).rejects.toMatchObject({ code: 'forbidden' });
    await appoint('mother');
    expect((await asks('mother')).subject).toBe('child');
    const journal = await stores.journal.list('child');
    expect(journal.map(({ kind }) => kind)).toEqual(['guardian-added', 'guardian-removed', 'guardian-added']);
    expect(journal[1]).toMatchObject({ by: BY, reason: 'She moved away.', at: NOW });
  });

  it('nobody gets the right when the entry could not be written', async () => {
    stores = { ...stores, journal: { ...stores.journal, append: () => Promise.reject(new Error('gone')) } };
    await expect(appoint('mother')).rejects.toThrow('gone');
    await expect(asks('mother')).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('follows both through merges', async () => {
    await appoint('mother');
    await put('mother-2');
    await put('child-2');
    const merge = async (from: string, into: string) => {
      const profile = await stores.subjects.profile(from);
      const next = (profile?.version ?? 0) + 1;
      if (profile !== undefined)
        await stores.subjects.putProfile({ ...profile, version: next, mergedInto: into });
    };
    await merge('mother', 'mother-2');
    expect((await asks('mother-2')).subject).toBe('child');
    await merge('child', 'child-2');
    await expect(asks('mother-2')).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('REQ-ISS-004 ends, and changes its end, by whichever id of one who was merged since', async () => {
    for (const by of ['mother', 'mother-2', 'shorten']) {
      stores = memoryStores();
      for (const subject of ['child', 'mother', 'mother-2']) await put(subject);
      await appoint('mother', 9000);
      const mother = (await stores.subjects.profile('mother')) ?? expect.fail('there is one');
      await stores.subjects.putProfile({ ...mother, version: 2, mergedInto: 'mother-2' });
      expect((await asks('mother-2', addHours(NOW, 2))).subject).toBe('child');
      if (by === 'shorten') await appoint('mother-2', 1);
      else await dismissGuardian(stores, { dependant: 'child', guardian: by }, BY, 'A court order.', NOW);
      await expect(asks('mother-2', addHours(NOW, 2))).rejects.toMatchObject({ code: 'forbidden' });
    }
  });

  it('REQ-ISS-001 refuses an end that has passed, oneself, a thing, no reason, and too many', async () => {
    await put('road', 'asset');
    const malformed = { code: 'request-malformed' };
    await expect(appoint('mother', 0)).rejects.toMatchObject({ ...malformed, path: 'until' });
    await expect(appoint('child')).rejects.toMatchObject({ ...malformed, path: 'guardian' });
    await expect(appoint('road')).rejects.toMatchObject({ ...malformed, path: 'guardian' });
    const wordless = { dependant: 'child', guardian: 'mother', until: addHours(NOW, 1) };
    await expect(appointGuardian(stores, wordless, BY, '  ', NOW)).rejects.toMatchObject(malformed);
    await expect(appoint('nobody')).rejects.toMatchObject({ code: 'subject-unknown' });
    for (let i = 0; i < LIMITS.guardians; i++) {
      await put(`aunt-${i}`);
      await appoint(`aunt-${i}`);
    }
    await expect(appoint('mother')).rejects.toMatchObject({ ...malformed, bound: LIMITS.guardians });
  });
});
