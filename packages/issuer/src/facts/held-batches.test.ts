import { addHours } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { beforeEach, describe, expect, it } from 'vitest';
import { losingAnswerOf } from '../testing/lost-answer.ts';
import { signBatch, signIntakeApproval } from '../testing/sample-batch.ts';
import type { SampleOperator } from '../testing/sample-people.ts';
import { NOW, samplePublication } from '../testing/sample-publication.ts';
import {
  enrolled,
  levelsOf,
  pcr,
  report,
  type SampleRegion,
  sampleRegion,
  storedFacts,
} from '../testing/sample-region.ts';
import { Crash, crashingPorts, watchedPorts } from '../testing/watched-ports.ts';
import { heldBatches, settleHeldBatch } from './held-batches.ts';
import { takeInBatch } from './intake.ts';

let region: SampleRegion;
let people: readonly string[];

beforeEach(remake);

/** A federation where the facts of one source may turn two people adverse in an hour. */
async function remake(): Promise<void> {
  const { publication } = await samplePublication();
  region = await sampleRegion({ federation: { ...publication.federation, intake: { adversePerHour: 2 } } });
  const numbers = ['P0001', 'P0002', 'P0003'];
  people = await Promise.all(numbers.map((number) => enrolled(region, number)));
}

const positives = (count = 3) =>
  people.slice(0, count).map((subject, i) => pcr(`f${i}`, subject, 'positive'));
const hold = () => report(region, region.sources.lab, 'bulk', positives());
const levels = async () => (await Promise.all(people.map((each) => levelsOf(region, each)))).flat();
const approve = async (
  operator: SampleOperator,
  verdict: 'admit' | 'refuse' = 'admit',
  changes: object = {},
  ports = region.ports,
) => {
  const [batch] = await heldBatches(region.ports.batches, NOW);
  const named = batch ?? { source: 'lab', id: 'bulk', digest: 'A'.repeat(43) };
  const approval = await signIntakeApproval(operator, named, verdict, NOW, changes);
  return settleHeldBatch(ports, region.publication, approval, operator.ref, NOW);
};

describe('bulk intake waits for a second operator', () => {
  it('stores nothing of a batch that would turn too many people adverse, and shows how much it is', async () => {
    expect(await hold()).toMatchObject({ state: 'held', facts: 3, added: 0, adverse: 3 });
    expect(await levels()).toEqual([]);
    for (const each of people) expect(await storedFacts(region, each)).toEqual([]);
    const held = await heldBatches(region.ports.batches, NOW);
    expect(held).toMatchObject([{ source: 'lab', id: 'bulk', facts: 3, adverse: 3 }]);
    // Nobody is named in it.
    for (const each of people) expect(JSON.stringify(held)).not.toContain(each);
    expect(await hold()).toMatchObject({ state: 'held' });
  });

  it('counts people by source and hour, those who turn worse only', async () => {
    const { lab, tracing } = region.sources;
    expect(await report(region, lab, 'b1', positives(2))).toMatchObject({ state: 'done', adverse: 2 });
    // They are red already.
    const again = people.slice(0, 2).map((subject, i) => pcr(`g${i}`, subject, 'positive'));
    expect(await report(region, lab, 'b2', again)).toMatchObject({ state: 'done', adverse: 0 });
    const third = people[2] ?? '';
    expect(await report(region, lab, 'b3', [pcr('g2', third, 'negative')])).toMatchObject({ state: 'done' });
    expect(await report(region, lab, 'b4', [pcr('g3', third, 'positive')])).toMatchObject({ state: 'held' });
    expect(await report(region, tracing, 'b4', [pcr('g3', third, 'positive')])).toMatchObject({
      state: 'done',
    });
    // What was held does not count, and a new hour begins anew.
    expect((await region.ports.tallies.read('intake:lab')).get(Math.floor(NOW / 3600))).toBe(2);
  });

  it('of many at once no more pass than the bound allows', async () => {
    const results = await Promise.all(
      positives().map((fact, i) => report(region, region.sources.lab, `b${i}`, [fact])),
    );
    expect(results.filter(({ state }) => state === 'done').length).toBeLessThanOrEqual(2);
    expect((await levels()).length).toBeLessThanOrEqual(2);
  });

  it('REQ-ISS-030 REQ-ISS-029 is let in by another operator with the role for it, and by nobody else', async () => {
    const { chief, clerk, approver, elder } = region.operators;
    const token = await signBatch(region.sources.lab, 'bulk', positives(), NOW);
    await takeInBatch(region.ports, region.publication, token, chief.ref, NOW);
    await expect(approve(chief)).rejects.toMatchObject({ code: 'same-operator' });
    await expect(approve(clerk)).rejects.toMatchObject({ code: 'operator-unknown' });
    // Whoever's token it is: the signature must be theirs.
    const forbidden = approve({ ref: approver.ref, signer: clerk.signer });
    await expect(forbidden).rejects.toMatchObject({ code: 'forbidden' });
    const stolen = { ref: approver.ref, signer: { ...clerk.signer, kid: approver.ref.kid } };
    await expect(approve(stolen)).rejects.toMatchObject({ code: 'statement-invalid' });
    const elsewhere = { ...elder, ref: { ...elder.ref, authority: 'cdc' } };
    await expect(approve(elsewhere)).rejects.toMatchObject({ code: 'operator-unknown' });
    expect(await levels()).toEqual([]);
    expect(await approve(approver)).toMatchObject({ state: 'done', added: 3, subjects: 3 });
    expect(await levels()).toEqual(['red', 'red', 'red']);
    const record = await region.ports.batches.find('lab', 'bulk');
    expect(record).toMatchObject({ state: 'done', submittedBy: chief.ref, settledBy: approver.ref });
    expect(record).not.toHaveProperty('sealed');
    expect(await heldBatches(region.ports.batches, NOW)).toEqual([]);
  });

  it('REQ-ISS-040 approves exactly the batch that waits, once', async () => {
    const { approver, elder } = region.operators;
    await expect(approve(approver)).rejects.toMatchObject({ code: 'batch-unknown' });
    await hold();
    for (const changes of [{ digest: 'E'.repeat(43) }, { batch: 'other' }, { source: 'tracing' }])
      await expect(approve(approver, 'admit', changes)).rejects.toMatchObject({ code: 'batch-unknown' });
    const [batch] = await heldBatches(region.ports.batches, NOW);
    await approve(approver);
    const late = await signIntakeApproval(elder, batch ?? expect.fail('nothing is held'), 'refuse', NOW);
    const settle = settleHeldBatch(region.ports, region.publication, late, elder.ref, NOW);
    await expect(settle).rejects.toMatchObject({ code: 'batch-unknown' });
    expect(await levels()).toEqual(['red', 'red', 'red']);
  });

  it('REQ-ISS-036 what was refused is not taken, however often it is sent', async () => {
    await hold();
    expect(await approve(region.operators.approver, 'refuse')).toEqual({
      state: 'refused',
      source: 'lab',
      id: 'bulk',
    });
    await expect(hold()).rejects.toMatchObject({ code: 'batch-conflict' });
    expect(await levels()).toEqual([]);
    expect(await region.ports.batches.find('lab', 'bulk')).not.toHaveProperty('sealed');
  });

  it('REQ-ISS-040 REQ-ISS-036 lapses: then it can be refused only, and the source sends it under another id', async () => {
    await hold();
    const [batch] = await heldBatches(region.ports.batches, NOW);
    const late = addHours(NOW, LIMITS.proposalHours);
    expect(await heldBatches(region.ports.batches, late)).toEqual([]);
    const { approver } = region.operators;
    const settle = async (verdict: 'admit' | 'refuse') => {
      const named = batch ?? expect.fail('nothing is held');
      const approval = await signIntakeApproval(approver, named, verdict, late);
      return settleHeldBatch(region.ports, region.publication, approval, approver.ref, late);
    };
    await expect(settle('admit')).rejects.toMatchObject({ code: 'batch-unknown' });
    const again = report(region, region.sources.lab, 'bulk', positives(), [], late);
    await expect(again).rejects.toMatchObject({ code: 'batch-conflict' });
    expect(await levels()).toEqual([]);
    expect(await settle('refuse')).toMatchObject({ state: 'refused' });
  });

  it('REQ-ISS-040 is settled though the answer to the write that says so was lost', async () => {
    const { approver } = region.operators;
    await hold();
    const lossy = losingAnswerOf(region.ports, 'batches.move');
    expect(await approve(approver, 'admit', {}, lossy)).toMatchObject({ state: 'done', added: 3 });
    expect(await levels()).toEqual(['red', 'red', 'red']);
    await remake();
    await hold();
    const again = losingAnswerOf(region.ports, 'batches.move');
    expect(await approve(region.operators.approver, 'refuse', {}, again)).toMatchObject({ state: 'refused' });
  });

  it.each([
    ['admit', 'refuse', 'approver'],
    ['refuse', 'admit', 'approver'],
    ['admit', 'admit', 'chief'],
    ['refuse', 'refuse', 'chief'],
  ] as const)(
    'REQ-ISS-040 %s is refused where another one was faster: %s by %s',
    async (verdict, first, by) => {
      await hold();
      let isFirst = true;
      const overtaken = watchedPorts(region.ports, async (name, _, call) => {
        if (name === 'batches.move' && isFirst) {
          isFirst = false;
          await approve(region.operators[by], first);
        }
        return call();
      });
      await expect(approve(region.operators.approver, verdict, {}, overtaken)).rejects.toMatchObject({
        code: 'batch-unknown',
      });
    },
  );

  it('REQ-ISS-029 is not let in when who sent it is no operator any more', async () => {
    await hold();
    const { publication } = region;
    const { authorities } = publication.region;
    const cdc = authorities['cdc'] ?? expect.fail('there is one');
    const operators = cdc.operators.filter(({ kid }) => kid !== region.operators.clerk.ref.kid);
    const without = { ...publication.region, authorities: { ...authorities, cdc: { ...cdc, operators } } };
    region = { ...region, publication: { ...publication, region: without } };
    await expect(approve(region.operators.approver)).rejects.toMatchObject({ code: 'operator-unknown' });
    expect(await levels()).toEqual([]);
  });

  it('REQ-ISS-023 is checked anew: what conflicts by then stays out', async () => {
    await hold();
    await report(region, region.sources.lab, 'b2', [pcr('f0', people[0] ?? '', 'negative')]);
    await expect(approve(region.operators.approver)).rejects.toMatchObject({ code: 'fact-conflict' });
    expect(await levels()).toEqual(['green']);
    expect(await heldBatches(region.ports.batches, NOW)).toHaveLength(1);
  });

  it.each([
    ['before', 'operator'],
    ['after', 'operator'],
    ['before', 'source'],
    ['after', 'source'],
  ] as const)('after a crash at any call (%s it had an effect) the %s goes on', async (when, who) => {
    let ends = false;
    for (let at = 1; !ends; at++) {
      await remake();
      await hold();
      const [batch] = await heldBatches(region.ports.batches, NOW);
      const { approver } = region.operators;
      const dying = crashingPorts(region.ports, at, when);
      await approve(approver, 'admit', {}, dying.ports).catch((error) => expect(error).toBeInstanceOf(Crash));
      ends = dying.diedAt() === undefined;
      const record = await region.ports.batches.find('lab', 'bulk');
      if (record?.state === 'taken' && who === 'source') await hold();
      else if (record?.state !== 'done') {
        const again = await signIntakeApproval(
          approver,
          batch ?? expect.fail('nothing is held'),
          'admit',
          NOW,
        );
        await settleHeldBatch(region.ports, region.publication, again, approver.ref, NOW);
      }
      expect(await levels()).toEqual(['red', 'red', 'red']);
      expect(await region.ports.batches.find('lab', 'bulk')).toMatchObject({ state: 'done', added: 3 });
    }
  });
});
