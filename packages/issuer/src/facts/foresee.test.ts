import { addHours, addSeconds } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { beforeEach, describe, expect, it } from 'vitest';
import { runRules } from '../decisions/evaluate.ts';
import { signBatch, signIntakeApproval } from '../testing/sample-batch.ts';
import { NOW, samplePublication } from '../testing/sample-publication.ts';
import {
  enrolled,
  levelsOf,
  pcr,
  report,
  type SampleRegion,
  sampleRegion,
} from '../testing/sample-region.ts';
import { settleHeldBatch } from './held-batches.ts';
import { takeInBatch } from './intake.ts';

let region: SampleRegion;
let people: readonly string[];

/** A federation where the facts of one source may turn two people adverse in an hour. */
beforeEach(async () => {
  const { publication } = await samplePublication();
  region = await sampleRegion({ federation: { ...publication.federation, intake: { adversePerHour: 2 } } });
  const numbers = ['P0001', 'P0002', 'P0003'];
  people = await Promise.all(numbers.map((number) => enrolled(region, number)));
});

const first = () => people[0] ?? expect.fail('there is one');
const lab = (id: string, facts: Parameters<typeof report>[3], retracts = [] as object[], now = NOW) =>
  report(region, region.sources.lab, id, facts, retracts as Parameters<typeof report>[4], now);
const each = (result: string, at = addHours(NOW, -1), prefix = 'f') =>
  people.map((subject, i) => ({ ...pcr(`${prefix}${i}`, subject, result), at }));
const levels = async () => (await Promise.all(people.map((one) => levelsOf(region, one)))).flat();

describe('foreseeing who would turn adverse', () => {
  it.each([1, LIMITS.factAheadSeconds])(
    'a fact whose source is %i s ahead counts from when it came: no batch passes the guard by its clock',
    async (seconds) => {
      expect(await lab('bulk', each('positive', addSeconds(NOW, seconds)))).toMatchObject({
        state: 'held',
        adverse: 3,
      });
      const one = { ...pcr('g1', first(), 'positive'), at: addSeconds(NOW, seconds) };
      expect(await lab('one', [one])).toMatchObject({ state: 'done', adverse: 1 });
      expect(await levelsOf(region, first())).toEqual(['red']);
      // It rests on the same sample once that time has come.
      for (const later of [0, 1, seconds, seconds + 1, 3600])
        await runRules(region.ports, region.publication, region.scheme, first(), addSeconds(NOW, later));
      expect(await region.ports.decisions.all(first(), 'health')).toMatchObject([{ sampledAt: NOW }]);
    },
  );

  it('a correction by a source whose clock is ahead leaves nobody without a status', async () => {
    await lab('b1', [pcr('f1', first(), 'negative')]);
    const corrected = { ...pcr('f2', first(), 'negative'), at: addSeconds(NOW, 2) };
    expect(await lab('b2', [corrected], [{ id: 'f1', subject: first() }])).toMatchObject({ adverse: 0 });
    const { decision } = await runRules(region.ports, region.publication, region.scheme, first(), NOW);
    expect(decision).toMatchObject({ level: 'green', mode: 'automatic' });
  });

  it('compares with what the rules say now: a red that is out of date hides nothing', async () => {
    await lab('b1', each('positive', addHours(NOW, -160)).slice(0, 2));
    const late = addHours(NOW, 24);
    expect(await lab('b2', each('positive', NOW, 'g'), [], late)).toMatchObject({
      state: 'held',
      adverse: 3,
    });
    expect(await levels()).toEqual(['red', 'red']);
  });

  it('counts who would lose a favourable status: nobody strips everyone by taking facts back', async () => {
    await lab('b1', each('negative'));
    const retracts = people.map((subject, i) => ({ id: `f${i}`, subject }));
    expect(await lab('b2', [], retracts)).toMatchObject({ state: 'held', adverse: 3 });
    const { decision } = await runRules(region.ports, region.publication, region.scheme, first(), NOW);
    expect(decision).toMatchObject({ level: 'green' });
    // What is adverse is taken back freely.
    await lab('b3', each('positive', NOW, 'p').slice(0, 2));
    const positives = people.slice(0, 2).map((subject, i) => ({ id: `p${i}`, subject }));
    expect(await lab('b4', [], positives, addHours(NOW, 3))).toMatchObject({ state: 'done', adverse: 0 });
  });

  it('counts this hour of the clock and the one before: no 60 minutes let more through', async () => {
    const end = addSeconds(NOW, 39 * 60 + 29);
    const all = each('positive');
    expect(await lab('b1', all.slice(0, 2), [], end)).toMatchObject({ state: 'done' });
    expect(await lab('b2', all.slice(2), [], addSeconds(end, 1))).toMatchObject({ state: 'held' });
    expect(await lab('b3', all.slice(2), [], addHours(end, 2))).toMatchObject({ state: 'done' });
  });

  it('what was let in counts from when the batch came, however late that is', async () => {
    const at = addSeconds(NOW, LIMITS.factAheadSeconds);
    const token = await signBatch(region.sources.lab, 'bulk', each('positive', at), NOW);
    const { clerk, approver } = region.operators;
    const held = await takeInBatch(region.ports, region.publication, token, clerk.ref, NOW);
    const approval = await signIntakeApproval(approver, held, 'admit', addSeconds(NOW, 60));
    await settleHeldBatch(region.ports, region.publication, approval, approver.ref, addSeconds(NOW, 60));
    expect(await levels()).toEqual(['red', 'red', 'red']);
  });
});
