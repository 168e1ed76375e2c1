import { sha256, sha256Hex } from '@symbolon/keys/digest';
import { encodeBase64url } from '@symbolon/protocol/base64url';
import { utf8 } from '@symbolon/protocol/bytes';
import { addHours } from '@symbolon/protocol/instant';
import { beforeEach, describe, expect, it } from 'vitest';
import { mergeSubjects } from '../subjects/merge.ts';
import { keyedSecrets } from '../testing/keyed-secrets.ts';
import { signBatch } from '../testing/sample-batch.ts';
import { NOW, samplePublication } from '../testing/sample-publication.ts';
import {
  enrolled,
  passport,
  pcr,
  report,
  type SampleRegion,
  sampleRegion,
} from '../testing/sample-region.ts';
import { watchedPorts } from '../testing/watched-ports.ts';
import { ownRecord } from './own-record.ts';
import { readFacts } from './read-facts.ts';

let region: SampleRegion;
let ann: string;

beforeEach(async () => {
  region = await sampleRegion();
  ann = await enrolled(region, 'P0001');
  await report(region, region.sources.lab, 'b1', [pcr('f1', ann, 'positive')]);
  await report(region, region.sources.lab, 'b2', [pcr('f2', ann, 'negative')], [{ id: 'f1', subject: ann }]);
});

const WANTED = { scheme: 'health', reason: 'A complaint about this result.' };
const read = (wanted: object = {}, by = region.operators.auditor, ports = region.ports) =>
  readFacts(ports, region.publication, { subject: ann, ...WANTED, ...wanted }, by.ref, NOW);

describe('reading: nobody reads without an entry', () => {
  it('an operator reads after the entry is written, and the subject sees who, when, why and of what', async () => {
    const calls: string[] = [];
    const ports = watchedPorts(region.ports, (name, _, call) => {
      calls.push(name);
      return call();
    });
    const facts = await read({}, region.operators.auditor, ports);
    expect(facts.map(({ id, fields }) => [id, fields])).toEqual([
      ['f1', { result: 'positive' }],
      ['f2', { result: 'negative' }],
    ]);
    const entry = calls.indexOf('journal.append');
    expect(entry).toBeGreaterThanOrEqual(0);
    for (const call of ['facts.list', 'sealer.open']) expect(calls.indexOf(call)).toBeGreaterThan(entry);
    await read();
    const { journal } = await ownRecord(region.ports, region.publication, ann, NOW);
    const readings = journal.filter(({ kind }) => kind === 'facts-read');
    const expected = { at: NOW, by: region.operators.auditor.ref, reason: WANTED.reason, about: 'health' };
    expect(readings).toMatchObject([expected, expected]);
  });

  it('opens nothing when the entry cannot be written', async () => {
    const calls: string[] = [];
    const ports = watchedPorts(region.ports, (name, _, call) => {
      calls.push(name);
      return name === 'journal.append' ? Promise.reject(new Error('the journal is gone')) : call();
    });
    await expect(read({}, region.operators.auditor, ports)).rejects.toThrow('the journal is gone');
    expect(calls).toContain('journal.append');
    expect(calls.filter((name) => name.startsWith('facts.') || name.startsWith('sealer.'))).toEqual([]);
  });

  it('REQ-ISS-029 takes the role for it, a reason, and a living subject', async () => {
    await expect(read({}, region.operators.clerk)).rejects.toMatchObject({ code: 'operator-unknown' });
    await expect(read({ reason: ' ' })).rejects.toMatchObject({ code: 'request-malformed', path: 'reason' });
    await expect(read({ reason: 'x'.repeat(1025) })).rejects.toMatchObject({ bound: 1024 });
    await expect(read({ scheme: 'travel' })).rejects.toMatchObject({ code: 'scheme-unknown' });
    await expect(read({ subject: 'nobody' })).rejects.toMatchObject({ code: 'subject-unknown' });
    const into = await enrolled(region, 'P0002');
    const { clerk } = region.operators;
    await mergeSubjects(region.ports, region.publication, { from: ann, into }, clerk.ref, 'One person.', NOW);
    await expect(read()).rejects.toMatchObject({ code: 'subject-merged' });
    const { journal } = await ownRecord(region.ports, region.publication, ann, NOW);
    expect(journal.filter(({ kind }) => kind === 'facts-read')).toEqual([]);
  });
});

describe('the own record: what a subject sees of itself', () => {
  it('shows facts with their sources and ends, and every decision', async () => {
    const record = await ownRecord(region.ports, region.publication, ann, NOW);
    const at = addHours(NOW, -1);
    const common = { scheme: 'health', type: 'pcr', source: 'lab', at, receivedAt: NOW };
    expect(record).toMatchObject({
      subject: ann,
      facts: [
        { ...common, id: 'f1', expiresAt: addHours(at, 240), retractedAt: NOW },
        { ...common, id: 'f2', sourceNames: { en: 'words' }, fields: { result: 'negative' } },
      ],
      decisions: [{ level: 'red' }, { level: 'green' }],
    });
    expect(record.facts[1]).not.toHaveProperty('retractedAt');
    const later = await ownRecord(region.ports, region.publication, ann, addHours(at, 240));
    expect(later.facts).toEqual([]);
  });

  it('shows what was decided about the one that was merged into it', async () => {
    const into = await enrolled(region, 'P0002');
    const { clerk } = region.operators;
    await read();
    await mergeSubjects(region.ports, region.publication, { from: ann, into }, clerk.ref, 'One person.', NOW);
    const record = await ownRecord(region.ports, region.publication, ann, NOW);
    expect(record.subject).toBe(into);
    expect(record.decisions.map(({ subject, level }) => [subject, level])).toEqual([
      [ann, 'red'],
      [ann, 'green'],
      [into, 'green'],
    ]);
    expect(record.journal.map(({ kind }) => kind).toSorted()).toEqual([
      'code-given',
      'code-given',
      'enrolled',
      'enrolled',
      'facts-read',
      'merged',
    ]);
  });
});

describe('what the stores are given', () => {
  it('holds no identifier and no content of a fact, nor a hash that anyone can make', async () => {
    const { publication } = await samplePublication();
    const federation = { ...publication.federation, intake: { adversePerHour: 1 } };
    const kept = await sampleRegion({ federation }, await keyedSecrets('kept'));
    const written: string[] = [];
    const ports = watchedPorts(kept.ports, (name, args, call) => {
      if (!/^(blindIndexer|sealer)\./.test(name)) written.push(JSON.stringify(args));
      return call();
    });
    const seen = { ...kept, ports };
    const numbers = ['KX 4411-7', 'KX 4411-8'];
    for (const number of numbers) await enrolled(seen, number);
    const facts = numbers.map((number, i) => {
      const { subject: _, ...rest } = pcr(`f${i}`, '', 'positive');
      return { ...rest, identifier: passport(number) };
    });
    const batch = (id: string, some: typeof facts) => report(seen, seen.sources.lab, id, some);
    expect(await batch('one', facts.slice(0, 1))).toMatchObject({ state: 'done', added: 1 });
    expect(await batch('bulk', facts.slice(1))).toMatchObject({ state: 'held' });
    const all = written.join('\n');
    expect(all).toContain('"sealed"');
    for (const number of numbers) {
      const plain = number.replace(/[ -]/g, '');
      for (const text of [number, plain, plain.toLowerCase(), `passport ${plain}`]) {
        expect(all).not.toContain(text);
        expect(all).not.toContain(encodeBase64url(utf8(text)).slice(0, -1));
        expect(all).not.toContain(sha256Hex(text));
        expect(all).not.toContain(encodeBase64url(sha256(utf8(text))));
      }
    }
    // Neither the content of a fact nor the text of the batch that waits.
    expect(all).not.toContain('result');
    const [, payload] = (await signBatch(seen.sources.lab, 'bulk', facts.slice(1), NOW)).split('.');
    expect(all).not.toContain(payload);
  });

  it('a fact that is moved to another subject does not open', async () => {
    const kept = await sampleRegion({}, await keyedSecrets('moved'));
    const [one, other] = [await enrolled(kept, 'P0001'), await enrolled(kept, 'P0002')];
    await report(kept, kept.sources.lab, 'b1', [pcr('f1', one, 'positive')]);
    const [fact] = await kept.ports.facts.list(one, 'health', NOW);
    await kept.ports.facts.add(other, fact ?? expect.fail('there is one'));
    await expect(ownRecord(kept.ports, kept.publication, other, NOW)).rejects.toThrow();
    expect((await ownRecord(kept.ports, kept.publication, one, NOW)).facts).toHaveLength(1);
  });
});
