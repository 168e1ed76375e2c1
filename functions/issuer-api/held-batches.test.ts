import { describe, expect, it } from 'vitest';
import { operatorRef } from '../testing/issuer-people.ts';
import { issuerSuite } from '../testing/issuer-suite.ts';
import { askFor, claimsOf } from '../testing/wallet-requests.ts';

const suite = issuerSuite();

/** A federation that lets a source turn so few adverse in an hour. */
function bounded(adversePerHour: number): void {
  const { world } = suite;
  const federation = { ...world.publication.federation, intake: { adversePerHour } };
  world.publication = { ...world.publication, federation };
}

async function levelOf(code: string, key: string): Promise<string | undefined> {
  const { world, desk } = suite;
  return claimsOf(await askFor(world, desk, code, [key])).level;
}

const positives = (subjects: readonly string[]) =>
  subjects.map((subject, i) => suite.desk.pcr(`f${i}`, subject, 'positive'));

describe('a batch that would turn more people adverse than the federation allows', () => {
  it('waits with nothing stored, is listed without anyone in it, and is let in by a second operator', async () => {
    const { world, desk } = suite;
    bounded(1);
    const [one, two] = [await desk.enrolled('P-4001'), await desk.enrolled('P-4002')];
    const sent = await desk.report('held-1', positives([one.subject, two.subject]));
    expect([sent.status, sent.body]).toEqual([
      202,
      {
        state: 'held',
        source: 'lab',
        id: 'held-1',
        digest: expect.any(String),
        facts: 2,
        adverse: 2,
      },
    ]);
    expect(world.record.lines).toContainEqual({
      event: 'facts.held',
      fields: { scheme: 'health', source: 'lab', adverse: 2 },
    });
    expect(await levelOf(one.code, 'waiting')).toBe('green');
    expect((await world.dump()).filter((item) => item.includes('FACT#'))).toEqual([]);

    const { body, text } = await desk.as('approver', '/facts/held');
    const { digest } = sent.body;
    expect(body['held']).toEqual([
      expect.objectContaining({
        source: 'lab',
        id: 'held-1',
        digest,
        adverse: 2,
        submittedBy: await operatorRef('clerk'),
      }),
    ]);
    for (const { subject } of [one, two]) expect(text).not.toContain(subject);

    const claims = {
      source: 'lab',
      batch: 'held-1',
      digest,
      verdict: 'admit',
      reason: 'An outbreak in the market.',
    };
    const approval = await desk.signed('approver', 'intakeApproval', claims);
    const settled = await desk.as('approver', '/facts/settle', { approval });
    expect([settled.status, settled.body]).toEqual([
      200,
      { source: 'lab', id: 'held-1', state: 'done', added: 2, held: [] },
    ]);
    expect(await levelOf(one.code, 'admitted')).toBe('red');
    expect((await desk.as('approver', '/facts/held')).body).toEqual({ held: [] });
  });

  it('is refused by a second operator, and stays so', async () => {
    const { world, desk } = suite;
    bounded(0);
    const { subject, code } = await desk.enrolled('P-4003');
    const batch = await desk.batch('lab', 'held-2', positives([subject]));
    const { digest } = (await desk.as('clerk', '/facts', { batch })).body;
    const claims = {
      source: 'lab',
      batch: 'held-2',
      digest,
      verdict: 'refuse',
      reason: 'The tests were mixed up.',
    };
    const approval = await desk.signed('approver', 'intakeApproval', claims);
    const settled = await desk.as('approver', '/facts/settle', { approval });
    expect(settled.body).toEqual({ source: 'lab', id: 'held-2', state: 'refused', added: 0, held: [] });
    expect((await desk.as('clerk', '/facts', { batch })).body['code']).toBe('batch-conflict');
    expect(await levelOf(code, 'refused')).toBe('green');
    expect(world.record.lines.map(({ event }) => event)).toContain('facts.settled');
  });
});
