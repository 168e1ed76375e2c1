import type { Publication } from '@symbolon/issuer/publication';
import { addHours, parseInstant } from '@symbolon/protocol/instant';
import type { Rule } from '@symbolon/protocol/schemas/rule-set';
import { describe, expect, it } from 'vitest';
import { scheduledFunction } from '../runtime/scheduled-function.ts';
import { issuerSuite } from '../testing/issuer-suite.ts';
import { keepDecisions } from './handler.ts';

const suite = issuerSuite();
const keep = () => keepDecisions(suite.world.api, suite.world.now);
const lastLine = () => suite.world.record.lines.at(-1);
/** Until nothing is due: one scheme is worked on in a run. */
async function keepAll(): Promise<void> {
  for (const _ of Object.keys(suite.world.publication.schemes)) await keep();
}

function ruled(change: (rules: readonly Rule[]) => readonly Rule[]): Publication {
  const { publication } = suite.world;
  const { health } = publication.ruleSets;
  if (health === undefined) throw new TypeError('no rules');
  const ruleSets = { ...publication.ruleSets, health: { ...health, rules: [...change(health.rules)] } };
  return { ...publication, ruleSets };
}

const levelOf = async (subject: string) => (await suite.world.api.decisions.newest(subject, 'health'))?.level;
const waiting = async () => (await suite.world.api.decisions.pending(1000)).length;

describe('the upkeep of decisions', () => {
  it('leaves the log to its sequencer; when nothing is due it changes nothing', async () => {
    const { world, desk } = suite;
    const { subject } = await desk.enrolled('P-1101');
    await desk.report('u1', [desk.pcr('f1', subject, 'negative')]);
    expect(await waiting()).toBe(1);
    await keepAll();
    expect(await waiting()).toBeGreaterThan(0);
    const stored = await world.dump();
    await keep();
    expect(lastLine()).toEqual({
      event: 'decisions.kept',
      fields: { lapsed: 0, proposals: 0, decided: 0, continued: 0, visited: 0, changed: 0, requeued: 0 },
    });
    expect(await world.dump()).toEqual(stored);
  });

  it('a new version of a rule reaches everyone affected, and a rule that is dropped takes its level with it', async () => {
    const { world, desk } = suite;
    const [ill, well] = [(await desk.enrolled('P-1102')).subject, (await desk.enrolled('P-1103')).subject];
    await desk.report('u2', [desk.pcr('f1', ill, 'positive'), desk.pcr('f1', well, 'negative')]);
    await keepAll();
    expect([await levelOf(ill), await levelOf(well)]).toEqual(['red', 'green']);
    world.publication = ruled(([first, ...others]) =>
      first === undefined ? [] : [{ ...first, version: 2, level: 'amber' }, ...others],
    );
    await keep();
    expect([await levelOf(ill), await levelOf(well)]).toEqual(['amber', 'green']);
    expect((await world.api.decisions.newest(ill, 'health'))?.rule).toBe('positive-test-7d@2');
    world.publication = ruled(([, ...others]) => others);
    await keep();
    expect([await levelOf(ill), await levelOf(well)]).toEqual(['green', 'green']);
    await world.decisionLog.round();
    expect(await waiting()).toBe(0);
  });

  it('a new list of places reaches those who stayed there', async () => {
    const { world, desk } = suite;
    const { subject } = await desk.enrolled('P-1104');
    const { region, placeLists } = world.publication;
    const { lab } = region.sources ?? {};
    if (lab === undefined) throw new TypeError('no source');
    const sources = { ...region.sources, lab: { ...lab, facts: { health: ['stay'] } } };
    const stay = {
      id: 's1',
      subject,
      type: 'stay',
      at: addHours(world.now, -24),
      fields: { place: 'CN-SH.test-station' },
    };
    world.publication = { ...world.publication, region: { ...region, sources } };
    expect((await desk.report('u3', [stay])).status).toBe(200);
    await keepAll();
    expect(await levelOf(subject)).toBe('green');
    const { health } = placeLists;
    if (health === undefined) throw new TypeError('no places');
    const at = parseInstant('2026-09-07T08:00:00Z');
    const entry = {
      type: 'riskArea',
      place: 'CN-SH.test-station',
      at,
      fields: { place: 'CN-SH.test-station', risk: 'high' },
    };
    world.publication = {
      ...world.publication,
      placeLists: { ...placeLists, health: { ...health, entries: [...health.entries, entry] } },
    };
    await keep();
    expect(await levelOf(subject)).toBe('red');
    world.publication = { ...world.publication, placeLists };
    await keep();
    expect(await levelOf(subject)).toBe('green');
  });

  it('time alone changes a level: a rule that comes into force reaches everyone', async () => {
    const { world, desk } = suite;
    const { subject } = await desk.enrolled('P-1105');
    await desk.report('u4', [desk.pcr('f1', subject, 'positive')]);
    const from = addHours(parseInstant('2026-09-07T08:00:00Z'), 24);
    world.publication = ruled(([first, ...others]) =>
      first === undefined ? [] : [{ ...first, version: 3, level: 'amber', from }, first, ...others],
    );
    await keepAll();
    expect(await levelOf(subject)).toBe('red');
    world.now = from;
    await keep();
    expect(await levelOf(subject)).toBe('amber');
  });
});

describe('what stops in the middle', () => {
  it('is gone on with by the next run; two runs at once decide nothing twice', async () => {
    const { world, desk } = suite;
    const people = [];
    for (const number of ['P-1106', 'P-1107', 'P-1108']) people.push((await desk.enrolled(number)).subject);
    await desk.report(
      'u5',
      people.map((subject) => desk.pcr('f1', subject, 'positive')),
    );
    await keepAll();
    const whole = world.api;
    let left = 1;
    world.api = {
      ...whole,
      decisions: {
        ...whole.decisions,
        append: (decision) =>
          left-- > 0 ? whole.decisions.append(decision) : Promise.reject(new Error('the network is gone')),
      },
    };
    world.publication = ruled(([first, ...others]) =>
      first === undefined ? [] : [{ ...first, version: 4, level: 'amber' }, ...others],
    );
    await expect(keep()).rejects.toThrow('the network is gone');
    world.api = whole;
    await Promise.all([keep(), keep()]);
    await keepAll();
    for (const subject of people) {
      const all = await world.api.decisions.all(subject, 'health');
      expect(all.map(({ level }) => level)).toEqual(['red', 'amber']);
    }
    await world.decisionLog.round();
    expect(await waiting()).toBe(0);
  });

  it('REQ-RUL-008 rules that do not compile decide nothing, are told to whoever watches, and keep nothing from the log', async () => {
    const { world, desk } = suite;
    const { subject } = await desk.enrolled('P-1109');
    await desk.report('u6', [desk.pcr('f1', subject, 'negative')]);
    world.publication = ruled(([first, ...others]) =>
      first === undefined ? [] : [{ ...first, when: 'deposits.exists(d, d.amount > 0)' }, ...others],
    );
    const decided = async () => (await world.dump()).filter((item) => item.includes('DECISION#')).length;
    const before = await decided();
    const handler = scheduledFunction(world.api.log, async () => world.api, keepDecisions);
    // The handler that AWS calls: what is thrown is counted, tried again, and seen by an alarm.
    await expect(handler({}, {} as never)).rejects.toMatchObject({ code: 'expression-malformed' });
    expect(lastLine()).toMatchObject({ event: 'schedule.failed', fields: { code: 'expression-malformed' } });
    // The log knows a rule by what it says: whether it compiles is no matter there.
    await world.decisionLog.round();
    expect(await waiting()).toBe(0);
    expect(await decided()).toBe(before);
  });
});

describe('what waits in a log that the region has left', () => {
  it('REQ-ISS-037 is queued for the log that it has now, by itself, and turns adverse when witnesses of that have seen it', async () => {
    const { world, desk } = suite;
    const { subject } = await desk.enrolled('P-1120');
    await desk.report('u9', [desk.pcr('f1', subject, 'negative')]);
    await world.decisionLog.round();
    const { witnessesOf } = world.decisionLog.sequence;
    for (const { name } of witnessesOf(undefined)) world.decisionLog.down.add(name);
    await desk.report('u10', [desk.pcr('f2', subject, 'positive', 0)]);
    await world.decisionLog.round();
    await keepAll();
    const there = async () => (await world.api.decisions.unwitnessed(1000)).map((ref) => ref.subject);
    expect(await there()).toContain(subject);
    const { log } = world.publication;
    if (log === undefined || log === 'unknown') throw new TypeError('no log');
    world.publication = { ...world.publication, log: { ...log, origin: 'cn-bj.symbolon.test/next' } };
    await keep();
    expect(lastLine()).toMatchObject({ event: 'decisions.kept', fields: { requeued: 1 } });
    expect(await there()).not.toContain(subject);
    const pending = await world.api.decisions.pending(1000);
    expect(pending.map((ref) => ref.subject)).toContain(subject);
    await keep();
    expect(lastLine()).toMatchObject({ event: 'decisions.kept', fields: { requeued: 0 } });
    world.decisionLog.down.clear();
  });
});

describe('what the burst guard holds', () => {
  it('is told in every run while it is held, however it began, and once when it lapses', async () => {
    const { world, desk } = suite;
    const { subject } = await desk.enrolled('P-1110');
    await desk.report('u7', [desk.pcr('f1', subject, 'negative')]);
    const symptom = {
      id: 'd1',
      subject,
      type: 'declaration',
      at: world.now,
      fields: { fever: true, cough: true },
    };
    await desk.as('clerk', '/facts', { batch: await desk.batch('residents', 'u8', [symptom]) });
    expect(await levelOf(subject)).toBe('amber');
    // A stricter rule, and a federation that allows none of it: nobody asks for anything, the upkeep finds it.
    const { federation } = world.publication;
    const burst = { perHour: 0, perDay: 0, perWeek: 0 };
    world.publication = {
      ...ruled((rules) =>
        rules.map((rule) => (rule.id === 'symptoms-2d' ? { ...rule, version: 2, level: 'red' } : rule)),
      ),
      federation: { ...federation, burst },
    };
    await keep();
    const held = {
      event: 'burst.held',
      fields: {
        burst: expect.stringMatching(/^health\/rule:symptoms-2d@2\/\d+$/),
        scheme: 'health',
        cause: 'rule:symptoms-2d@2',
      },
    };
    expect(world.record.lines).toContainEqual(held);
    // The rule that is held has no effect, and the one before it is gone: those after it decide.
    expect(await levelOf(subject)).toBe('green');
    world.record.lines.length = 0;
    await keep();
    expect(world.record.lines).toContainEqual(held);
    world.now = addHours(world.now, 24);
    world.record.lines.length = 0;
    await keep();
    await keep();
    // Others were held by their own rules as well: each is told once.
    const lapsed = world.record.lines
      .filter(({ event }) => event === 'burst.lapsed')
      .map(({ fields }) => fields);
    expect(lapsed.filter((each) => JSON.stringify(each).includes('symptoms-2d@2'))).toHaveLength(1);
    expect(world.record.lines.map(({ event }) => event)).not.toContain('burst.held');
  });
});
