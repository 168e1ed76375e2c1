import { addHours } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { beforeEach, describe, expect, it } from 'vitest';
import { type SampleFact, signBatch } from '../testing/sample-batch.ts';
import { NOW } from '../testing/sample-publication.ts';
import {
  enrolled,
  levelsOf,
  passport,
  pcr,
  report,
  type SampleRegion,
  sampleRegion,
  storedFacts,
} from '../testing/sample-region.ts';
import { watchedPorts } from '../testing/watched-ports.ts';
import { takeInBatch } from './intake.ts';

let region: SampleRegion;
let ann: string;
let bob: string;

beforeEach(async () => {
  region = await sampleRegion();
  ann = await enrolled(region, 'P0001');
  bob = await enrolled(region, 'P0002');
});

const lab = (id: string, ...facts: SampleFact[]) => report(region, region.sources.lab, id, facts);
const send = (token: string, by = region.operators.clerk, now = NOW) =>
  takeInBatch(region.ports, region.publication, token, by.ref, now);
const stay = (id: string, subject: string, risk: string): SampleFact => ({
  id,
  subject,
  type: 'stay',
  at: NOW,
  fields: { risk },
});
const nothingIsStored = async () => {
  expect(await storedFacts(region, ann)).toEqual([]);
  expect(await levelsOf(region, ann)).toEqual([]);
};

describe('intake: facts come in signed batches', () => {
  it('stores facts about people by id or identifier, and decides about each of them at once', async () => {
    const byPassport = { ...pcr('f2', '', 'positive'), identifier: passport('p-0002') };
    const { subject: _, ...named } = byPassport;
    expect(await lab('b1', pcr('f1', ann, 'negative'), named)).toMatchObject({
      state: 'done',
      facts: 2,
      added: 2,
      subjects: 2,
      adverse: 1,
      bursts: [],
    });
    expect(await storedFacts(region, ann)).toEqual(['lab f1 negative']);
    expect(await storedFacts(region, bob)).toEqual(['lab f2 positive']);
    expect(await levelsOf(region, ann)).toEqual(['green']);
    expect(await levelsOf(region, bob)).toEqual(['red']);
  });

  it('a correction takes a fact back and brings another: the level follows at once', async () => {
    await lab('b1', pcr('f1', ann, 'positive'));
    await report(
      region,
      region.sources.lab,
      'b2',
      [pcr('f2', ann, 'negative')],
      [{ id: 'f1', subject: ann }],
    );
    expect(await levelsOf(region, ann)).toEqual(['red', 'green']);
    expect(await storedFacts(region, ann)).toEqual(['-lab f1 positive', 'lab f2 negative']);
  });

  it('REQ-ISS-036 the same batch again changes nothing and is answered alike; another one under its id is refused', async () => {
    const token = await signBatch(region.sources.lab, 'b1', [pcr('f1', ann, 'negative')], NOW);
    const first = await send(token);
    expect(await send(token)).toEqual(first);
    expect(await send(token, region.operators.neighbour, addHours(NOW, 100))).toEqual(first);
    await expect(lab('b1', pcr('f2', ann, 'positive'))).rejects.toMatchObject({ code: 'batch-conflict' });
    expect(await storedFacts(region, ann)).toEqual(['lab f1 negative']);
    // Another source names its batches and its facts as it likes.
    await report(region, region.sources.tracing, 'b1', [pcr('f1', ann, 'positive')]);
    expect(await storedFacts(region, ann)).toEqual(['lab f1 negative', 'tracing f1 positive']);
  });

  it('REQ-ISS-036 of two contents under one id at once one is taken', async () => {
    const both = await Promise.allSettled([
      lab('b1', pcr('f1', ann, 'negative')),
      lab('b1', pcr('f2', ann, 'positive')),
    ]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await storedFacts(region, ann)).toHaveLength(1);
  });

  it('REQ-ISS-027 refuses a source, a key, a scheme or a type that is not registered', async () => {
    const { lab: laboratory, tracing } = region.sources;
    const facts = [pcr('f1', ann, 'negative')];
    const refused = { code: 'source-unknown' };
    const stranger = { name: 'stranger', signer: laboratory.signer };
    await expect(report(region, stranger, 'b1', facts)).rejects.toMatchObject(refused);
    const impostor = { name: 'lab', signer: tracing.signer };
    await expect(report(region, impostor, 'b1', facts)).rejects.toMatchObject(refused);
    const unregistered = [...facts, stay('f2', ann, 'high')];
    await expect(report(region, laboratory, 'b1', unregistered)).rejects.toMatchObject({
      ...refused,
      path: 'facts.1.type',
    });
    const { sources: _, ...without } = region.publication.region;
    const publication = { ...region.publication, region: without };
    const token = await signBatch(laboratory, 'b1', facts, NOW);
    const { clerk } = region.operators;
    await expect(takeInBatch(region.ports, publication, token, clerk.ref, NOW)).rejects.toMatchObject(
      refused,
    );
    // An operator's own signature is none of a source.
    const own = { name: 'lab', signer: clerk.signer };
    await expect(report(region, own, 'b1', facts)).rejects.toMatchObject(refused);
    await nothingIsStored();
  });

  it('REQ-ISS-029 takes a batch only from an operator with the role for it', async () => {
    const token = await signBatch(region.sources.lab, 'b1', [pcr('f1', ann, 'negative')], NOW);
    const { approver, auditor, clerk } = region.operators;
    for (const by of [approver, auditor, { ...clerk, ref: { ...clerk.ref, authority: 'community' } }])
      await expect(send(token, by)).rejects.toMatchObject({ code: 'operator-unknown' });
    await nothingIsStored();
  });

  it.each([
    ['no line', { facts: [] }],
    [
      'too many lines',
      { facts: Array.from({ length: LIMITS.batchFacts + 1 }, (_, i) => pcr(`f${i}`, 'x', 'negative')) },
    ],
    ['nobody', { facts: [{ id: 'f1', type: 'pcr', at: NOW, fields: { result: 'negative' } }] }],
    ['two at once', { facts: [{ ...pcr('f1', 'x', 'negative'), identifier: passport('P0001') }] }],
    ['an id that no source may choose', { facts: [pcr('f1~x', 'x', 'negative')] }],
    ['no id', { facts: [pcr('', 'x', 'negative')] }],
    ['a word more', { facts: [{ ...pcr('f1', 'x', 'negative'), note: 'x' }] }],
    ['a list of lists', { facts: [[]] }],
    ['another region', { aud: 'https://cn-sh.symbolon.test' }],
    ['the day before yesterday', { iat: NOW - LIMITS.statementAgeSeconds - 1 }],
  ])('REQ-ISS-028 refuses a batch about or of %s', async (_, claims) => {
    const facts = [pcr('f1', ann, 'negative')];
    const token = await signBatch(region.sources.lab, 'b1', facts, NOW, [], claims);
    await expect(send(token)).rejects.toMatchObject({ code: 'statement-invalid' });
    await nothingIsStored();
  });
});

describe('intake: every check comes before the first write', () => {
  it('REQ-ISS-005 one unknown subject refuses the whole batch, and the place is told', async () => {
    const unknown = { code: 'subject-unknown', path: 'facts.1.subject' };
    await expect(
      lab('b1', pcr('f1', ann, 'negative'), pcr('f2', 'nobody', 'negative')),
    ).rejects.toMatchObject(unknown);
    const { subject: _, ...rest } = pcr('f2', '', 'negative');
    const stranger = { ...rest, identifier: passport('P9999') };
    const error = await lab('b1', pcr('f1', ann, 'negative'), stranger).catch((caught) => caught);
    expect(error).toMatchObject(unknown);
    expect(String(error)).not.toContain('9999');
    await nothingIsStored();
    // The id of the batch is not used up.
    expect(await lab('b1', pcr('f1', ann, 'negative'))).toMatchObject({ state: 'done' });
  });

  it('REQ-ISS-007 one fact outside its type, in the future or about a place refuses the whole batch', async () => {
    const good = pcr('f1', ann, 'negative');
    const bad = async (fact: SampleFact, path: string) => {
      const batch = report(region, region.sources.tracing, 'b1', [good, fact]);
      await expect(batch).rejects.toMatchObject({ code: 'fact-malformed', path });
    };
    await bad(pcr('f2', ann, 'unclear'), 'facts.1.fields.result');
    await bad({ ...pcr('f2', ann, 'negative'), fields: {} }, 'facts.1.fields.result');
    const more = { ...good, id: 'f2', fields: { result: 'negative', deposit: 'bank' } };
    await bad(more, 'facts.1.fields.?');
    await bad({ ...good, id: 'f2', at: (NOW + LIMITS.factAheadSeconds + 1) as typeof NOW }, 'facts.1.at');
    await nothingIsStored();
    const { region: published } = region.publication;
    const tracing = published.sources?.['tracing'];
    if (tracing === undefined) throw new Error('the sample has such a source');
    const sources = { tracing: { ...tracing, facts: { health: ['riskArea'] } } };
    const publication = { ...region.publication, region: { ...published, sources } };
    const area = { id: 'f3', subject: ann, type: 'riskArea', at: NOW, fields: { place: 'x', risk: 'high' } };
    const batch = report({ ...region, publication }, region.sources.tracing, 'b1', [area]);
    await expect(batch).rejects.toMatchObject({ code: 'fact-malformed', path: 'facts.0.type' });
    await nothingIsStored();
  });

  it('REQ-ISS-023 a stored fact is never rewritten: another one under its id refuses the whole batch', async () => {
    await lab('b1', pcr('f1', ann, 'negative'));
    await expect(lab('b2', pcr('f2', bob, 'negative'), pcr('f1', ann, 'positive'))).rejects.toMatchObject({
      code: 'fact-conflict',
      path: 'facts.1.id',
    });
    expect(await storedFacts(region, bob)).toEqual([]);
    await expect(lab('b3', pcr('f3', ann, 'negative'), pcr('f3', ann, 'positive'))).rejects.toMatchObject({
      code: 'fact-conflict',
    });
    // The same once more is none; of another subject it is another one.
    expect(await lab('b4', pcr('f1', ann, 'negative'), pcr('f1', bob, 'positive'))).toMatchObject({
      added: 1,
    });
    expect(await levelsOf(region, ann)).toEqual(['green']);
  });

  it('REQ-ISS-035 a source takes back only what it reported itself', async () => {
    await report(region, region.sources.tracing, 'b1', [pcr('f1', ann, 'positive')]);
    const takeBack = (id: string, subject: string) =>
      report(region, region.sources.lab, 'b2', [pcr('f9', bob, 'negative')], [{ id, subject }]);
    for (const [id, subject] of [
      ['f1', ann],
      ['f2', ann],
      ['f9', bob],
    ] as const)
      await expect(takeBack(id, subject)).rejects.toMatchObject({
        code: id === 'f9' ? 'fact-conflict' : 'fact-unknown',
        path: 'retracts.0.id',
      });
    expect(await storedFacts(region, ann)).toEqual(['tracing f1 positive']);
    expect(await storedFacts(region, bob)).toEqual([]);
    expect(await levelsOf(region, ann)).toEqual(['red']);
  });

  it('a fact that has expired is not stored', async () => {
    expect(await lab('b1', pcr('f1', ann, 'positive', 240), pcr('f2', ann, 'negative'))).toMatchObject({
      facts: 2,
      added: 1,
    });
    expect(await storedFacts(region, ann)).toEqual(['lab f2 negative']);
  });
});

describe('intake: what the rules read', () => {
  it('no number of harmless facts keeps an adverse one out', async () => {
    for (let batch = 0; batch < 3; batch++) {
      const many = Array.from({ length: 200 }, (_, i) => pcr(`harmless-${batch}-${i}`, ann, 'negative'));
      expect(await lab(`b${batch}`, ...many)).toMatchObject({ added: 200 });
    }
    const stays = Array.from({ length: 200 }, (_, i) => stay(`s${i}`, ann, `kind ${i}`));
    await report(region, region.sources.tracing, 'stays', stays);
    expect(await levelsOf(region, ann)).toEqual(['green']);
    await lab('adverse', pcr('adverse', ann, 'positive', 100));
    expect((await levelsOf(region, ann)).at(-1)).toBe('red');
  });

  it('reads what is stored of a subject twice a batch, however many facts it has about it', async () => {
    const calls = new Map<string, number>();
    const ports = watchedPorts(region.ports, (name, _, call) => {
      calls.set(name, (calls.get(name) ?? 0) + 1);
      return call();
    });
    const facts = Array.from({ length: 100 }, (_, i) => pcr(`f${i}`, i % 2 === 0 ? ann : bob, 'negative'));
    await report({ ...region, ports }, region.sources.lab, 'b1', facts);
    expect(calls.get('facts.add')).toBe(100);
    expect(calls.get('facts.list')).toBe(4);
    expect(calls.get('subjects.profile')).toBeLessThan(20);
  });
});
