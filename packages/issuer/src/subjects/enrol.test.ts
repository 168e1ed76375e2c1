import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { addHours } from '@symbolon/protocol/instant';
import { describe, expect, it } from 'vitest';
import { memoryStores } from '../testing/memory-stores.ts';
import { NOW } from '../testing/sample-publication.ts';
import { enrol, subjectOfCode } from './enrol.ts';

const card = (value: string) => ({ kind: 'identity-card', value });
const passport = (value: string) => ({ kind: 'passport', value });

describe('enrolling: several identifiers, one subject', () => {
  it('finds the same subject however the identifier is written, and gives each wallet its own code', async () => {
    const ports = { ...memoryStores(), random: insecureRandomFromSeed('test') };
    const first = await enrol(ports, [card('ab 12-34'), passport('P7777')], NOW);
    const second = await enrol(ports, [card('AB1234')], NOW);
    const third = await enrol(ports, [passport('p7777'), { kind: 'travel-permit', value: 'T0001' }], NOW);
    for (const spelling of ['ab\u201312\u201034', 'A\u200bB1\u00ad234', 'ＡＢ１２３４', ' a.b/12 34 ']) {
      expect((await enrol(ports, [card(spelling)], NOW)).subject).toBe(first.subject);
    }
    expect(new Set([first, second, third].map(({ subject }) => subject)).size).toBe(1);
    expect(new Set([first, second, third].map(({ code }) => code)).size).toBe(3);
    expect(await subjectOfCode(ports.enrolments, second.code, NOW)).toBe(first.subject);
  });

  it('REQ-ISS-006 refuses identifiers of different subjects, and links nothing', async () => {
    const ports = { ...memoryStores(), random: insecureRandomFromSeed('test') };
    await enrol(ports, [card('1111')], NOW);
    await enrol(ports, [passport('2222')], NOW);
    await expect(enrol(ports, [card('1111'), passport('2222')], NOW)).rejects.toMatchObject({
      code: 'subject-conflict',
    });
  });

  it('REQ-ISS-003 a code ends after 30 days, and no other code opens anything', async () => {
    const ports = { ...memoryStores(), random: insecureRandomFromSeed('test') };
    const { code } = await enrol(ports, [card('1111')], NOW);
    await expect(subjectOfCode(ports.enrolments, code, addHours(NOW, 721))).rejects.toMatchObject({
      code: 'unauthenticated',
    });
    await expect(subjectOfCode(ports.enrolments, `${code}x`, NOW)).rejects.toMatchObject({
      code: 'unauthenticated',
    });
  });

  it('REQ-ISS-001 refuses too many and too short identifiers, without repeating them', async () => {
    const ports = { ...memoryStores(), random: insecureRandomFromSeed('test') };
    for (const bad of [
      [],
      [card('12')],
      [card('AB١٢٣٤')],
      [card('\ud800ABCD')],
      [card('x'.repeat(33))],
      Array.from({ length: 9 }, (_, i) => card(`000${i}`)),
    ]) {
      await expect(enrol(ports, bad, NOW)).rejects.toMatchObject({ code: 'request-malformed' });
    }
  });
});
