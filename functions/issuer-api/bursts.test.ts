import { addHours, formatInstant } from '@symbolon/protocol/instant';
import { describe, expect, it } from 'vitest';
import { keepDecisions } from '../decisions-upkeep/handler.ts';
import { release } from '../testing/issuer-desk.ts';
import { overseerSigner } from '../testing/issuer-people.ts';
import { issuerSuite } from '../testing/issuer-suite.ts';
import { askFor, claimsOf } from '../testing/wallet-requests.ts';

const suite = issuerSuite();
const RULE = 'positive-test-7d@1';

/** A federation that lets a rule or an office turn so few adverse in an hour. */
function bounded(perHour: number): void {
  const { world } = suite;
  const burst = { perHour, perDay: 500, perWeek: 1500 };
  const federation = { ...world.publication.federation, burst };
  world.publication = { ...world.publication, federation };
}

async function levelOf(code: string, key: string): Promise<string | undefined> {
  const { world, desk } = suite;
  return claimsOf(await askFor(world, desk, code, [key])).level;
}

const positives = (subjects: readonly string[]) =>
  subjects.map((subject, i) => suite.desk.pcr(`f${i}`, subject, 'positive'));

describe('more adverse decisions than the federation allows', () => {
  it('are held: the level stays, an alarm is told by which cause, and two overseers release it for good', async () => {
    const { world, desk } = suite;
    bounded(1);
    const people = [await desk.enrolled('P-4004'), await desk.enrolled('P-4005')];
    for (const [i, { subject, code }] of people.entries()) {
      expect(await levelOf(code, `first ${i}`)).toBe('green');
      const { body } = await desk.report(`burst-${i}`, positives([subject]));
      const isHeld = [expect.stringMatching(/^health\/rule:positive-test-7d@1\/\d+$/)];
      expect(body['held']).toEqual(i === 0 ? [] : isHeld);
      // Told by the request that began it, and not only by the next one.
      expect(world.record.lines.filter(({ event }) => event === 'burst.held')).toHaveLength(i);
    }
    const levels = async (key: string) =>
      Promise.all(people.map(({ code }, i) => levelOf(code, `${key} ${i}`)));
    expect(await levels('held')).toEqual(['red', 'green']);
    const { body } = await desk.call('/bursts', {});
    const [burst] = body['held'] as { id: string }[];
    expect(body['held']).toEqual([
      {
        id: expect.stringMatching(/^health\/rule:positive-test-7d@1\/\d+$/),
        scheme: 'health',
        cause: `rule:${RULE}`,
        heldAt: formatInstant(world.now),
        lapsesAt: formatInstant(addHours(world.now, 24)),
      },
    ]);
    const id = String(burst?.id);
    expect(world.record.lines).toContainEqual({
      event: 'burst.held',
      fields: { burst: id, scheme: 'health', cause: `rule:${RULE}` },
    });
    world.record.lines.length = 0;
    await keepDecisions(world.api, world.now);
    expect(world.record.lines.map(({ event }) => event)).toEqual(['burst.held', 'decisions.kept']);

    const releases = await Promise.all(
      (['one', 'two'] as const).map(async (name) =>
        release(await overseerSigner(name), world.now, id, [RULE]),
      ),
    );
    const released = await desk.call('/bursts/release', { releases });
    expect([released.status, released.body]).toEqual([200, { id, state: 'released', rules: [RULE] }]);
    await keepDecisions(world.api, world.now);
    expect(world.record.lines.at(-1)).toMatchObject({ event: 'decisions.kept', fields: { continued: 1 } });
    expect(await levels('released')).toEqual(['red', 'red']);
    expect((await desk.call('/bursts', {})).body).toEqual({ held: [] });

    const third = await desk.enrolled('P-4006');
    await desk.report('burst-3', positives([third.subject]));
    expect(await levelOf(third.code, 'never again')).toBe('red');
  });

  it('lapse when nobody releases them in a day, and stay without effect until there is a newer fact', async () => {
    const { world, desk } = suite;
    const declared = (id: string, subject: string) => ({
      id,
      subject,
      type: 'declaration',
      at: world.now,
      fields: { fever: true, cough: false },
    });
    const declare = async (jti: string, subject: string) =>
      desk.as('clerk', '/facts', { batch: await desk.batch('residents', jti, [declared(jti, subject)]) });
    bounded(0);
    const { subject, code } = await desk.enrolled('P-4007');
    expect(await levelOf(code, 'well')).toBe('green');
    await declare('d1', subject);
    expect(await levelOf(code, 'held')).toBe('green');

    world.now = addHours(world.now, 24);
    await keepDecisions(world.api, world.now);
    expect(world.record.lines).toContainEqual({
      event: 'burst.lapsed',
      fields: { burst: expect.stringContaining('health/rule:symptoms-2d@1/') },
    });
    bounded(100);
    expect(await levelOf(code, 'lapsed')).toBe('green');
    world.now = addHours(world.now, 30);
    await declare('d2', subject);
    expect(await levelOf(code, 'newer')).toBe('amber');
  });

  it('a decision by hand is held like any other, and is carried out when it is released', async () => {
    const { world, desk } = suite;
    bounded(0);
    const { subject, code } = await desk.enrolled('P-4008');
    const rule = 'close-contact-7d@1';
    const claims = {
      jti: 'p1',
      subject,
      scheme: 'health',
      rule,
      until: addHours(world.now, 48),
      statement: 'Shared a flat with a case.',
    };
    const proposal = await desk.signed('clerk', 'proposal', claims);
    const { id } = (await desk.as('clerk', '/proposals', { proposal })).body;
    const approval = await desk.signed('approver', 'approval', {
      proposal: id,
      verdict: 'approve',
      reason: 'Seen.',
    });
    const settled = await desk.as('approver', '/proposals/settle', { approval });
    const held = String(settled.body['held']);
    expect(settled.body).toEqual({ state: 'approved', level: null, sequence: null, held, waitsUntil: null });
    expect(world.record.lines.map(({ event }) => event)).toContain('burst.held');
    expect(await levelOf(code, 'by hand')).toBe('green');
    const releases = await Promise.all(
      (['one', 'two'] as const).map(async (name) =>
        release(await overseerSigner(name), world.now, held, [rule]),
      ),
    );
    expect((await desk.call('/bursts/release', { releases })).status).toBe(200);
    await keepDecisions(world.api, world.now);
    expect(await levelOf(code, 'carried out')).toBe('red');
  });
});
