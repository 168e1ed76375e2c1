import { parseSdJwt } from '@symbolon/credential/sd-jwt/parse';
import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { hourFloor } from '@symbolon/protocol/instant';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Decision } from '../decisions/decision.ts';
import { entryAllocator } from '../lists/entry-allocator.ts';
import type { Publication } from '../publication.ts';
import { type MemoryStores, memoryStores } from '../testing/memory-stores.ts';
import { NOW, samplePublication } from '../testing/sample-publication.ts';
import { type CardPorts, mintCard } from './mint-card.ts';

const BY = { kid: 'AAAAAAAAAAA', authority: 'cdc' };
const ASSET = 'urn:example:road:g7:117';
const random = insecureRandomFromSeed('cards');
let stores: MemoryStores;
let ports: CardPorts;
let publication: Publication;
const DECISION: Decision = {
  subject: 'person',
  scheme: 'health',
  sequence: 1,
  level: 'green',
  rule: 'tested@1',
  authority: 'cdc',
  evidence: 'laboratory',
  mode: 'automatic',
  decidedAt: NOW,
};
const LABEL = { ...DECISION, subject: 'asset' };

beforeEach(async () => {
  const sample = await samplePublication();
  publication = { ...sample.publication, schemes: { health: { ...sample.scheme, bearer: true } } };
  stores = memoryStores();
  ports = {
    ...stores,
    entries: entryAllocator({ lists: stores.lists, random, listEntries: 4096 }),
    signers: sample.signers,
    random,
  };
  const profile = { version: 1, absorbing: [], guardians: [] } as const;
  await stores.subjects.putProfile({ ...profile, subject: 'person', kind: 'person' });
  await stores.subjects.putProfile({ ...profile, subject: 'asset', kind: 'asset', asset: ASSET });
  await stores.decisions.append(DECISION);
  await stores.decisions.append(LABEL);
});

describe('a credential without a holder key', () => {
  it("of a person: initials can be disclosed; it is recorded as every mint, and in the person's record", async () => {
    const card = parseSdJwt(
      await mintCard(ports, publication, { decision: DECISION, by: BY, initials: 'L. W.' }, NOW),
    );
    expect(card.claims).toMatchObject({ bearer: true, level: 'green', issuedAt: hourFloor(NOW) });
    expect(card.claims.holderKey).toBeUndefined();
    expect(card.details).toEqual({ reason: 'Because of tested.', evidence: 'laboratory', initials: 'L. W.' });
    expect([...stores.mints.all.values()]).toMatchObject([
      { subject: 'person', credentials: 1, entries: [card.claims.statusEntry] },
    ]);
    expect(await stores.journal.list('person')).toMatchObject([
      { at: NOW, kind: 'card-printed', by: BY, about: 'health' },
    ]);
  });

  it('of an asset: its public name', async () => {
    const label = parseSdJwt(await mintCard(ports, publication, { decision: LABEL, by: BY }, NOW));
    expect(label.details).toEqual({ reason: 'Because of tested.', evidence: 'laboratory', asset: ASSET });
  });

  it('REQ-BND-012 only where the scheme allows it', async () => {
    const scheme = publication.schemes['health'];
    if (scheme === undefined) throw new Error('no scheme');
    const strict = { ...publication, schemes: { health: { ...scheme, bearer: false } } };
    const order = { decision: DECISION, by: BY, initials: 'L. W.' };
    await expect(mintCard(ports, strict, order, NOW)).rejects.toMatchObject({ code: 'bearer-not-allowed' });
    expect(stores.mints.all.size).toBe(0);
  });

  it('REQ-ISS-001 a person has initials, an asset has none; REQ-ISS-005 and nobody is made up', async () => {
    const refused = (decision: Decision, initials?: string) =>
      expect(
        mintCard(ports, publication, { decision, by: BY, ...(initials !== undefined && { initials }) }, NOW),
      ).rejects;
    await refused(DECISION).toMatchObject({ code: 'request-malformed', path: 'initials' });
    await refused(LABEL, 'L. W.').toMatchObject({ code: 'request-malformed', path: 'initials' });
    await refused({ ...DECISION, subject: 'nobody' }, 'L. W.').toMatchObject({ code: 'subject-unknown' });
    expect(stores.mints.all.size).toBe(0);
    expect(await stores.journal.list('person')).toEqual([]);
  });

  it('a card shows that the authority has let a contest pass', async () => {
    const order = { decision: DECISION, by: BY, initials: 'L. W.', contested: true };
    expect(parseSdJwt(await mintCard(ports, publication, order, NOW)).claims.contested).toBe(true);
  });
});
