import { addHours } from '@symbolon/protocol/instant';
import { beforeEach, describe, expect, it } from 'vitest';
import { mergeSubjects } from '../subjects/merge.ts';
import { NOW } from '../testing/sample-publication.ts';
import { runRules } from './evaluate.ts';
import { crashTable } from './testing/failing-ports.ts';
import { type SampleDesk, sampleDesk, suspended } from './testing/sample-desk.ts';

let desk: SampleDesk;
beforeEach(async () => {
  desk = await sampleDesk();
  await desk.person('anna');
});

describe('evaluating: published rules over facts, and nothing else', () => {
  it('REQ-ISS-008 decides nothing when no rule matches', async () => {
    await expect(desk.evaluate('anna')).rejects.toMatchObject({ code: 'no-decision' });
    expect(desk.stores.decisions.everything).toEqual([]);
  });

  it('REQ-ISS-008 a thing has no status of a scheme for people', async () => {
    const road = { subject: 'road', version: 1, kind: 'asset', asset: 'urn:road:1' } as const;
    await desk.stores.subjects.putProfile({ ...road, absorbing: [], guardians: [] });
    await desk.tested('road', 'negative');
    await expect(desk.evaluate('road')).rejects.toMatchObject({ code: 'no-decision' });
  });

  it('appends a decision that names rule, authority, evidence and the age of the sample', async () => {
    await desk.tested('anna', 'negative', addHours(NOW, -5));
    expect(await desk.evaluate('anna')).toEqual({
      decision: {
        subject: 'anna',
        scheme: 'health',
        sequence: 1,
        level: 'green',
        rule: 'tested@1',
        authority: 'cdc',
        evidence: 'laboratory',
        mode: 'automatic',
        decidedAt: NOW,
        sampledAt: addHours(NOW, -5),
      },
    });
  });

  it('run again, it appends nothing', async () => {
    await desk.tested('anna', 'negative');
    const first = await desk.evaluate('anna');
    expect(await desk.evaluate('anna', addHours(NOW, 1))).toEqual(first);
    expect(desk.stores.decisions.everything).toHaveLength(1);
  });

  it('REQ-ISS-008 when no rule holds any more, the status ends once, as a decision, and what was minted before is suspended', async () => {
    await desk.tested('anna', 'negative', addHours(NOW, -71));
    const { decision } = await desk.evaluate('anna');
    await desk.minted(decision, 3);
    for (const hours of [2, 3])
      await expect(desk.evaluate('anna', addHours(NOW, hours))).rejects.toMatchObject({
        code: 'no-decision',
      });
    expect(await suspended(desk.stores)).toEqual([3]);
    const { sampledAt: _, ...what } = decision;
    const ended = { ...what, sequence: 2, mode: 'ended', decidedAt: addHours(NOW, 2) };
    expect(await desk.stores.decisions.all('anna', 'health')).toEqual([decision, ended]);
    await desk.tested('anna', 'negative', addHours(NOW, 3));
    expect((await desk.evaluate('anna', addHours(NOW, 3))).decision).toMatchObject({
      sequence: 3,
      level: 'green',
      mode: 'automatic',
    });
  });

  it('REQ-ISS-008 what was suspended at the end is restored when the same holds again', async () => {
    await desk.tested('anna', 'negative', addHours(NOW, -5));
    await desk.minted((await desk.evaluate('anna')).decision, 3);
    const without = desk.ruled((rules) => rules.filter(({ id }) => id !== 'tested'));
    await expect(desk.evaluate('anna', NOW, without)).rejects.toMatchObject({ code: 'no-decision' });
    expect(await suspended(desk.stores)).toEqual([3]);
    await desk.evaluate('anna');
    expect(await suspended(desk.stores)).toEqual([]);
  });

  it('REQ-ISS-008 REQ-ISS-014 a slow run that found no rule takes nothing from the decision that came meanwhile', async () => {
    await desk.tested('anna', 'negative', addHours(NOW, -5), 'first');
    await desk.minted((await desk.evaluate('anna')).decision, 3);
    const name = { scheme: 'health', source: 'lab', id: 'first' };
    await desk.stores.facts.retract('anna', name, NOW);
    const { living } = desk.stores.mints;
    let slow = true;
    const late: typeof living = async (...asked) => {
      if (slow) {
        slow = false;
        await desk.tested('anna', 'negative', addHours(NOW, -5), 'again');
        await desk.evaluate('anna');
      }
      return living(...asked);
    };
    const stores = { ...desk.stores, mints: { ...desk.stores.mints, living: late } };
    await runRules(stores, desk.publication, desk.scheme, 'anna', NOW);
    expect(await desk.stores.decisions.newest('anna', 'health')).toMatchObject({
      sequence: 3,
      level: 'green',
    });
    expect(await suspended(desk.stores)).toEqual([]);
  });

  it('REQ-ISS-014 two that find no rule at once end it once', async () => {
    await desk.tested('anna', 'negative', addHours(NOW, -71));
    await desk.evaluate('anna');
    const later = addHours(NOW, 2);
    const run = () => runRules(desk.stores, desk.publication, desk.scheme, 'anna', later);
    for (const { decision } of await Promise.all([run(), run(), run()])) expect(decision).toBeUndefined();
    expect(desk.stores.decisions.everything.map(({ mode }) => mode)).toEqual(['automatic', 'ended']);
  });

  it('a changed level suspends what was minted before, and a corrected fact restores it', async () => {
    await desk.tested('anna', 'negative', addHours(NOW, -5));
    await desk.minted((await desk.evaluate('anna')).decision, 7);
    await desk.tested('anna', 'positive', NOW, 'mistaken');
    expect((await desk.evaluate('anna')).decision).toMatchObject({ sequence: 2, level: 'red' });
    expect(await suspended(desk.stores)).toEqual([7]);
    await desk.stores.facts.retract('anna', { scheme: 'health', source: 'lab', id: 'mistaken' }, NOW);
    expect((await desk.evaluate('anna')).decision).toMatchObject({ sequence: 3, level: 'green' });
    expect(await suspended(desk.stores)).toEqual([]);
  });

  it('REQ-ISS-014 many at once agree on one sequence', async () => {
    await desk.tested('anna', 'negative');
    const all = await Promise.all(Array.from({ length: 5 }, () => desk.evaluate('anna')));
    expect(new Set(all.map(({ decision }) => decision.sequence))).toEqual(new Set([1]));
    expect(desk.stores.decisions.everything).toHaveLength(1);
  });

  it('REQ-ISS-014 an evaluation that is always overtaken is refused, and appends nothing', async () => {
    await desk.tested('anna', 'negative');
    const stores = { ...desk.stores, decisions: { ...desk.stores.decisions, append: async () => false } };
    await expect(runRules(stores, desk.publication, desk.scheme, 'anna', NOW)).rejects.toMatchObject({
      code: 'decision-conflict',
    });
    expect(desk.stores.decisions.everything).toEqual([]);
  });

  it('REQ-ISS-005 REQ-ISS-032 decides nothing of a subject that is unknown or merged away', async () => {
    await expect(desk.evaluate('nobody')).rejects.toMatchObject({ code: 'subject-unknown' });
    await desk.person('bea');
    await desk.tested('bea', 'positive');
    const { ref } = desk.operators.clerk;
    await mergeSubjects(desk.stores, desk.publication, { from: 'bea', into: 'anna' }, ref, 'one person', NOW);
    await expect(desk.evaluate('bea')).rejects.toMatchObject({ code: 'subject-merged' });
    expect((await desk.evaluate('anna')).decision).toMatchObject({ level: 'red', mode: 'automatic' });
  });

  it('REQ-ISS-032 a merge that began and was not finished is finished first', async () => {
    await desk.person('bea');
    await desk.tested('bea', 'positive');
    await desk.evaluate('bea');
    await desk.tested('anna', 'negative');
    await desk.evaluate('anna');
    const anna = { subject: 'anna', version: 2, kind: 'person', absorbing: ['bea'], guardians: [] } as const;
    await desk.stores.subjects.putProfile(anna);
    expect((await desk.evaluate('anna')).decision).toMatchObject({ level: 'red' });
    expect((await desk.stores.subjects.profile('bea'))?.mergedInto).toBe('anna');
    expect((await desk.stores.subjects.profile('anna'))?.absorbing).toEqual([]);
  });

  it('REQ-ISS-032 a merge that begins while the rules run is seen after the append', async () => {
    await desk.person('bea');
    await desk.tested('bea', 'positive');
    await desk.tested('anna', 'negative');
    const { append } = desk.stores.decisions;
    let begun = false;
    const interrupted: typeof append = async (decision) => {
      if (!begun) {
        begun = true;
        const anna = {
          subject: 'anna',
          version: 2,
          kind: 'person',
          absorbing: ['bea'],
          guardians: [],
        } as const;
        await desk.stores.subjects.putProfile(anna);
      }
      return append(decision);
    };
    const stores = { ...desk.stores, decisions: { ...desk.stores.decisions, append: interrupted } };
    const { decision } = await runRules(stores, desk.publication, desk.scheme, 'anna', NOW);
    expect(decision).toMatchObject({ level: 'red' });
  });

  it('REQ-RUL-009 a rule that fails decides nothing, and takes nothing away', async () => {
    const failing = desk.ruled((rules) =>
      rules.map((rule) =>
        rule.id === 'positive' ? { ...rule, when: 'size(pcr) * 9007199254740991 * 2000 < 0' } : rule,
      ),
    );
    await desk.tested('anna', 'negative');
    const { decision } = await desk.evaluate('anna');
    await desk.minted(decision, 1);
    const outcome = desk.evaluate('anna', NOW, failing);
    await expect(outcome).rejects.toMatchObject({ code: 'expression-failed' });
    expect(await suspended(desk.stores)).toEqual([]);
  });
});

describe('crash table of a status that ends', () => {
  it('REQ-ISS-008 whatever call fails, before or after it took effect, running again ends it once', async () => {
    const setUp = async () => {
      desk = await sampleDesk();
      await desk.person('anna');
      await desk.tested('anna', 'negative', addHours(NOW, -71));
      await desk.minted((await desk.evaluate('anna')).decision, 7);
      return desk.stores;
    };
    const { publication, scheme } = desk;
    const { expected, outcomes } = await crashTable(setUp, async (stores, attempt) => {
      const later = addHours(NOW, 2);
      const { decision } = await attempt((ports) => runRules(ports, publication, scheme, 'anna', later));
      return {
        decision,
        all: (await stores.decisions.all('anna', 'health')).map(({ mode }) => mode),
        suspended: await suspended(stores),
      };
    });
    expect(expected).toEqual({ decision: undefined, all: ['automatic', 'ended'], suspended: [7] });
    expect(outcomes.length).toBeGreaterThan(15);
    for (const outcome of outcomes) expect(outcome).toEqual(expected);
  });
});

describe('crash table of evaluate', () => {
  it('REQ-ISS-014 whatever call fails, before or after it took effect, running again comes to the same end', async () => {
    const setUp = async () => {
      desk = await sampleDesk();
      await desk.person('anna');
      await desk.person('bea');
      await desk.tested('anna', 'negative', addHours(NOW, -5));
      await desk.minted((await desk.evaluate('anna')).decision, 7);
      await desk.tested('bea', 'positive');
      const anna = {
        subject: 'anna',
        version: 2,
        kind: 'person',
        absorbing: ['bea'],
        guardians: [],
      } as const;
      await desk.stores.subjects.putProfile(anna);
      return desk.stores;
    };
    const { publication, scheme } = desk;
    const { expected, outcomes } = await crashTable(setUp, async (stores, attempt) => {
      const { decision } = await attempt((ports) => runRules(ports, publication, scheme, 'anna', NOW));
      return {
        decision,
        all: (await stores.decisions.all('anna', 'health')).map(({ level }) => level),
        bea: (await stores.subjects.profile('bea'))?.mergedInto,
        suspended: await suspended(stores),
      };
    });
    expect(expected).toMatchObject({ all: ['green', 'red'], bea: 'anna', suspended: [7] });
    expect(outcomes.length).toBeGreaterThan(30);
    for (const outcome of outcomes) expect(outcome).toEqual(expected);
  });
});
