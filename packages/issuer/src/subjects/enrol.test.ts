import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { addHours } from '@symbolon/protocol/instant';
import { describe, expect, it } from 'vitest';
import { memoryStores } from '../testing/memory-stores.ts';
import { NOW } from '../testing/sample-publication.ts';
import { Crash, crashingPorts } from '../testing/watched-ports.ts';
import { enrol, enrolAsset, subjectOfCode } from './enrol.ts';

const BY = { kid: 'operator-01', authority: 'cdc' };
const card = (value: string) => ({ kind: 'identity-card', value });
const passport = (value: string) => ({ kind: 'passport', value });
const permit = { kind: 'travel-permit', value: 'T0001' };
const testPorts = () => ({ ...memoryStores(), random: insecureRandomFromSeed('test') });
type Ports = ReturnType<typeof testPorts>;
const journalOf = async ({ journal }: Ports, subject: string) =>
  (await journal.list(subject))
    .filter(({ kind }) => kind !== 'code-given')
    .map(({ kind, about }) => `${kind} ${about}`)
    .toSorted();

describe('enrolling: several identifiers, one subject', () => {
  it('finds the same subject however the identifier is written, and gives each wallet its own code', async () => {
    const ports = testPorts();
    const first = await enrol(ports, [card('ab 12-34'), passport('P7777')], BY, NOW);
    const second = await enrol(ports, [card('AB1234')], BY, NOW);
    const third = await enrol(ports, [passport('p7777'), permit], BY, NOW);
    for (const spelling of ['ab\u201312\u201034', 'A\u200bB1\u00ad234', 'ＡＢ１２３４', ' a.b/12 34 ']) {
      expect((await enrol(ports, [card(spelling)], BY, NOW)).subject).toBe(first.subject);
    }
    expect(new Set([first, second, third].map(({ subject }) => subject)).size).toBe(1);
    expect(new Set([first, second, third].map(({ code }) => code)).size).toBe(3);
    expect(await subjectOfCode(ports, second.code, NOW)).toBe(first.subject);
    expect(await ports.subjects.profile(first.subject)).toMatchObject({ version: 1, kind: 'person' });
  });

  it('leaves an entry of each kind of identifier once: enrolled, or linked later', async () => {
    const ports = testPorts();
    const { subject } = await enrol(ports, [card('AB1234'), passport('P7777')], BY, NOW);
    expect(await journalOf(ports, subject)).toEqual(['enrolled identity-card', 'enrolled passport']);
    await enrol(ports, [card('AB1234')], BY, addHours(NOW, 1));
    await enrol(ports, [passport('P7777'), permit], { kid: 'operator-02', authority: 'community' }, NOW);
    expect(await journalOf(ports, subject)).toEqual([
      'enrolled identity-card',
      'enrolled passport',
      'linked travel-permit',
    ]);
    const linked = (await ports.journal.list(subject)).filter(({ kind }) => kind === 'linked');
    expect(linked.map(({ by }) => by?.authority)).toEqual(['community']);
  });

  it('every code that is given out leaves an entry of who did it, also for a person who is known', async () => {
    const ports = testPorts();
    const other = { kid: 'operator-02', authority: 'community' };
    const { subject } = await enrol(ports, [card('AB1234')], BY, NOW);
    await enrol(ports, [card('AB1234')], other, addHours(NOW, 1));
    const given = (await ports.journal.list(subject)).filter(({ kind }) => kind === 'code-given');
    expect(given).toMatchObject([
      { by: BY, at: NOW },
      { by: other, at: addHours(NOW, 1) },
    ]);
    const gone = { ...ports.journal, append: () => Promise.reject(new Error('gone')) };
    const codes: string[] = [];
    const enrolments = {
      ...ports.enrolments,
      put: async (hash: string) => {
        codes.push(hash);
      },
    };
    await expect(enrol({ ...ports, journal: gone, enrolments }, [card('AB1234')], BY, NOW)).rejects.toThrow();
    expect(codes).toEqual([]);
  });

  it('REQ-ISS-006 refuses identifiers of different subjects, and links nothing', async () => {
    const ports = testPorts();
    const { subject } = await enrol(ports, [card('1111')], BY, NOW);
    await enrol(ports, [passport('2222')], BY, NOW);
    await expect(enrol(ports, [card('1111'), passport('2222'), permit], BY, NOW)).rejects.toMatchObject({
      code: 'subject-conflict',
    });
    expect(await journalOf(ports, subject)).toEqual(['enrolled identity-card']);
    // The permit still belongs to nobody.
    expect((await enrol(ports, [permit], BY, NOW)).subject).not.toBe(subject);
  });

  it('two who enrol one person at once, in whatever order, get one subject', async () => {
    const ports = testPorts();
    const both = await Promise.all([
      enrol(ports, [card('1111'), passport('2222'), permit], BY, NOW),
      enrol(ports, [permit, passport('2222'), card('1111')], BY, NOW),
    ]);
    expect(both[0].subject).toBe(both[1].subject);
    expect(await journalOf(ports, both[0].subject)).toEqual([
      'enrolled identity-card',
      'enrolled passport',
      'enrolled travel-permit',
    ]);
  });

  it('REQ-ISS-003 a code ends after 30 days, and no other code opens anything', async () => {
    const ports = testPorts();
    const { code } = await enrol(ports, [card('1111')], BY, NOW);
    await expect(subjectOfCode(ports, code, addHours(NOW, 720))).rejects.toMatchObject({
      code: 'unauthenticated',
    });
    await expect(subjectOfCode(ports, `${code}x`, NOW)).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('REQ-ISS-001 refuses too many and too short identifiers, without repeating them', async () => {
    const ports = testPorts();
    for (const bad of [
      [],
      [card('12')],
      [card('AB١٢٣٤')],
      [card('\ud800ABCD')],
      [card('x'.repeat(33))],
      [{ kind: 'identity card', value: 'AB1234' }],
      Array.from({ length: 9 }, (_, i) => card(`000${i}`)),
    ]) {
      await expect(enrol(ports, bad, BY, NOW)).rejects.toMatchObject({ code: 'request-malformed' });
    }
  });

  it('finds an asset by its public name, exactly as it is written', async () => {
    const ports = testPorts();
    const road = await enrolAsset(ports, 'urn:road:g42:km-17', BY, NOW);
    expect(await enrolAsset(ports, 'urn:road:g42:km-17', BY, NOW)).toEqual(road);
    expect(await enrolAsset(ports, 'urn:road:g42:km-18', BY, NOW)).not.toEqual(road);
    expect(await ports.subjects.profile(road.subject)).toMatchObject({
      kind: 'asset',
      asset: 'urn:road:g42:km-17',
    });
    expect(await enrolAsset(ports, 'https://roads.example/G4/27', BY, NOW)).toHaveProperty('subject');
    for (const bad of [
      'km-17',
      'urn:road:a b',
      `urn:road:${'x'.repeat(300)}`,
      'URN:road:g42',
      'urn:Road:g42',
      'urn:road:%e4',
      'urn:road:\u00e4',
      'urn:road:<b>',
      'javascript:alert(1)',
      'http://roads.example/G4',
      'https://roads.example',
      'https://Roads.example/G4',
      'https://roads.example:443/G4',
      'https://roads.example@evil.example/G4',
      'https://user:word@roads.example/G4',
      'https://roads.example/a/../b',
      'https://roads.example/\u00e4',
      'https://roads.example/%c3',
      'https://roads.example/\u202e',
      'https://roads.example/\ud800',
    ])
      await expect(enrolAsset(ports, bad, BY, NOW)).rejects.toMatchObject({ code: 'request-malformed' });
  });
});

describe('enrolling: a crash at any call', () => {
  it.each(['before', 'after'] as const)('%s it had an effect, and the next run finishes', async (when) => {
    for (let at = 1; ; at++) {
      const ports = testPorts();
      const dying = crashingPorts(ports, at, when);
      const identifiers = [card('1111'), passport('2222')];
      await enrol(dying.ports, identifiers, BY, NOW).catch((error) => expect(error).toBeInstanceOf(Crash));
      const { subject, code } = await enrol(ports, identifiers, BY, NOW);
      expect(await subjectOfCode(ports, code, NOW)).toBe(subject);
      expect(await journalOf(ports, subject)).toEqual(['enrolled identity-card', 'enrolled passport']);
      expect(await ports.subjects.profile(subject)).toMatchObject({ version: 1 });
      if (dying.diedAt() === undefined) {
        expect(at).toBeGreaterThan(10);
        break;
      }
    }
  });
});
