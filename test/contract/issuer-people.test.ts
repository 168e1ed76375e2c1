import type { BatchRecord } from '@symbolon/issuer/batch-record';
import type { SealedFact } from '@symbolon/issuer/fact-record';
import type { JournalEntry } from '@symbolon/issuer/journal-entry';
import type { SubjectProfile } from '@symbolon/issuer/profile';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADAPTERS, at, LATER, NOW, type Started, together } from './issuer-adapters.ts';

const OPERATOR = { kid: 'operator-01', authority: 'cdc' };

const profile = (subject: string, version = 1): SubjectProfile => ({
  subject,
  version,
  kind: 'person',
  absorbing: [],
  guardians: [],
});

const fact = (id: string, change: Partial<SealedFact> = {}): SealedFact => ({
  id,
  source: 'registry-office',
  scheme: 'health',
  receivedAt: NOW,
  expiresAt: LATER,
  sealed: 'sealed',
  ...change,
});

const batch = (id: string, change: Partial<BatchRecord> = {}): BatchRecord => ({
  source: 'telecom',
  id,
  digest: 'digest',
  state: 'taken',
  scheme: 'health',
  facts: 3,
  adverse: 0,
  receivedAt: NOW,
  submittedBy: OPERATOR,
  ...change,
});

describe.each(ADAPTERS)("the issuer's stores of people in %s", (_, start) => {
  let started: Started;
  beforeAll(async () => {
    started = await start();
  });
  afterAll(() => started.stop());
  const stores = () => started.stores;

  it('a blind index has one owner, whoever comes first', async () => {
    const owners = await together(50, (i) => stores().subjects.claim('index', `s${i}`));
    expect(new Set(owners).size).toBe(1);
    expect(await stores().subjects.find('index')).toBe(owners[0]);
    expect(await stores().subjects.find('other')).toBeUndefined();
  });

  it('REQ-ISS-005 a subject is there once its profile was stored, with everything in it', async () => {
    const { subjects } = stores();
    expect(await subjects.profile('p1')).toBeUndefined();
    expect(await subjects.putProfile(profile('p1'))).toBe(true);
    expect(await subjects.profile('p1')).toEqual(profile('p1'));
    const full: SubjectProfile = {
      ...profile('p1', 2),
      kind: 'asset',
      asset: 'https://roads.example/g4/km-17',
      mergedInto: 'p2',
      absorbing: ['p3', 'p4'],
      guardians: [{ subject: 'p5', until: LATER }],
    };
    expect(await subjects.putProfile(full)).toBe(true);
    expect(await subjects.profile('p1')).toEqual(full);
  });

  it('a profile moves by one version at a time: of 50 writers at once one stores it', async () => {
    const { subjects } = stores();
    for (const version of [1, 2, 3]) {
      const stored = await together(50, (i) =>
        subjects.putProfile({ ...profile('cas', version), absorbing: [`other-${i}`] }),
      );
      expect(stored.filter(Boolean)).toHaveLength(1);
      expect((await subjects.profile('cas'))?.absorbing).toEqual([`other-${stored.indexOf(true)}`]);
    }
    expect(await subjects.putProfile(profile('cas', 3))).toBe(false);
    expect(await subjects.putProfile(profile('cas', 5))).toBe(false);
    expect(await subjects.putProfile(profile('never', 2))).toBe(false);
    expect(await subjects.profile('never')).toBeUndefined();
  });

  it.each([1, 7, 500])(
    'everyone is listed once, in pages of %i that go on where the last one ended',
    async (limit) => {
      const { subjects } = stores();
      const everyone = Array.from({ length: 60 }, (_each, i) => `listed-${limit}-${i}`);
      await together(everyone.length, (i) => subjects.putProfile(profile(everyone[i] ?? '')));
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const page = await subjects.page(after, limit);
        expect(page.subjects.length).toBeLessThanOrEqual(limit);
        if (page.next !== undefined) expect(page.subjects).toHaveLength(limit);
        expect((page.next ?? '').length).toBeLessThan(256);
        // The same page again: the order does not change.
        if (limit === 7) expect(await subjects.page(after, limit)).toEqual(page);
        seen.push(...page.subjects);
        after = page.next;
      } while (after !== undefined);
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen.filter((each) => each.startsWith(`listed-${limit}-`)).toSorted()).toEqual(
        everyone.toSorted(),
      );
    },
  );

  it('a record has each entry once, oldest first, and the first one stands', async () => {
    const { journal } = stores();
    const entry = (id: string, change: Partial<JournalEntry> = {}): JournalEntry => ({
      id,
      at: NOW,
      kind: 'enrolled',
      ...change,
    });
    const read = entry('b', {
      at: at(5),
      kind: 'facts-read',
      by: OPERATOR,
      approvedBy: 'second',
      reason: 'asked',
      about: 'health',
    });
    await journal.append('s1', read);
    await journal.append('s1', entry('c'));
    await journal.append('s1', { ...read, at: at(1), reason: 'another' });
    await journal.append('s2', entry('d'));
    expect(await journal.list('s1')).toEqual([entry('c'), read]);
    expect(await journal.list('s3')).toEqual([]);
  });

  it('an enrolment code ends by its time, whether or not it was tidied up', async () => {
    const { enrolments } = stores();
    await enrolments.put('hash', 's1', LATER);
    expect(await enrolments.find('hash', NOW)).toBe('s1');
    expect(await enrolments.find('hash', LATER)).toBeUndefined();
  });

  it('every code of a subject ends together, and later ones live', async () => {
    const { enrolments } = stores();
    await enrolments.put('one', 's7', LATER);
    await enrolments.put('two', 's7', LATER);
    await together(50, () => enrolments.endAll('s7'));
    for (const hash of ['one', 'two']) expect(await enrolments.find(hash, NOW)).toBeUndefined();
    await enrolments.put('three', 's7', LATER);
    expect(await enrolments.find('three', NOW)).toBe('s7');
    await enrolments.endAll('s7');
    expect(await enrolments.find('three', NOW)).toBeUndefined();
  });

  it('REQ-ISS-009 a nonce is used up by exactly one caller', async () => {
    const { nonces } = stores();
    await nonces.put('nonce', LATER);
    const used = await together(50, () => nonces.consume('nonce', NOW));
    expect(used.filter(Boolean)).toHaveLength(1);
    await nonces.put('old', NOW);
    expect(await nonces.consume('old', NOW)).toBe(false);
    expect(await nonces.consume('never', NOW)).toBe(false);
  });

  it('REQ-ISS-023 a fact is stored once under its scheme, source and id, and is not rewritten', async () => {
    const { facts } = stores();
    const added = await together(50, (i) => facts.add('s1', fact('f1', { sealed: `sealed-${i}` })));
    expect(added.filter(Boolean)).toHaveLength(1);
    const first = fact('f1', { sealed: `sealed-${added.indexOf(true)}` });
    const others = [fact('f1', { source: 'hospital' }), fact('f2')];
    for (const other of others) expect(await facts.add('s1', other)).toBe(true);
    expect(await facts.add('s1', fact('f1', { scheme: 'test' }))).toBe(true);
    expect(await facts.add('s2', fact('f1'))).toBe(true);
    const listed = await facts.list('s1', 'health', NOW);
    expect(listed).toHaveLength(3);
    expect(listed).toEqual(expect.arrayContaining([first, ...others]));
  });

  it('a fact is taken back once: the first time stands, and it stays readable', async () => {
    const { facts } = stores();
    const [one, two] = [fact('r1'), fact('r2')];
    for (const each of [one, two]) await facts.add('taken-back', each);
    expect(await facts.retract('taken-back', one, at(1))).toBe(true);
    const again = await together(50, (i) => facts.retract('taken-back', one, at(2 + i)));
    expect(again).toEqual(Array.from({ length: 50 }, () => true));
    expect(await facts.retract('taken-back', fact('r3'), at(1))).toBe(false);
    expect(await facts.retract('taken-back', { ...one, source: 'hospital' }, at(1))).toBe(false);
    const listed = await facts.list('taken-back', 'health', NOW);
    expect(listed.toSorted((a, b) => a.id.localeCompare(b.id))).toEqual([
      { ...one, retractedAt: at(1) },
      two,
    ]);
    // What was not there has not come into being.
    expect(await facts.add('taken-back', fact('r3'))).toBe(true);
  });

  it('REQ-ISS-023 a fact that was taken back is not stored anew', async () => {
    const { facts } = stores();
    await facts.add('anew', fact('f1'));
    await facts.retract('anew', fact('f1'), at(1));
    expect(await facts.add('anew', fact('f1'))).toBe(false);
    expect(await facts.list('anew', 'health', NOW)).toEqual([fact('f1', { retractedAt: at(1) })]);
  });

  it('facts are listed to the end, and end by their expiry', async () => {
    const { facts } = stores();
    // 150 facts of 9 kB are more than one page of 1 MB.
    const sealed = 'x'.repeat(9_000);
    await together(150, (i) => facts.add('many', fact(`many-${i}`, { sealed })));
    await facts.add('many', fact('ended', { expiresAt: NOW }));
    expect(await facts.list('many', 'health', NOW)).toHaveLength(150);
    expect(await facts.list('many', 'health', LATER)).toEqual([]);
  });

  it('REQ-ISS-036 a batch begins once: everyone gets the one that is there', async () => {
    const { batches } = stores();
    const begun = await together(50, (i) => batches.begin(batch('b1', { digest: `digest-${i}` })));
    expect(new Set(begun.map(({ digest }) => digest)).size).toBe(1);
    expect(await batches.find('telecom', 'b1')).toEqual(begun[0]);
    expect(await batches.find('hospital', 'b1')).toBeUndefined();
  });

  it('a batch moves by its state: of 50 at once one moves it, and what is held is listed, oldest first', async () => {
    const { batches } = stores();
    const held = batch('h1', { state: 'held', adverse: 80, sealed: 'sealed', receivedAt: at(9) });
    const older = batch('h2', { state: 'held', adverse: 70, sealed: 'sealed', receivedAt: at(3) });
    await batches.begin(held);
    await batches.begin(batch('h2', { receivedAt: at(3) }));
    expect(await batches.move(older, 'held')).toBe(false);
    expect(await batches.move(older, 'taken')).toBe(true);
    expect(await batches.held()).toEqual([older, held]);
    const done = batch('h1', {
      state: 'done',
      adverse: 80,
      added: 3,
      settledBy: { kid: 'operator-02', authority: 'cdc' },
    });
    const moved = await together(50, () => batches.move(done, 'held'));
    expect(moved.filter(Boolean)).toHaveLength(1);
    expect(await batches.find('telecom', 'h1')).toEqual(done);
    expect(await batches.held()).toEqual([older]);
    expect(await batches.move(batch('none'), 'taken')).toBe(false);
    expect(await batches.find('telecom', 'none')).toBeUndefined();
  });
});
