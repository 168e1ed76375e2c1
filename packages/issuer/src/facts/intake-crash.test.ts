import { addHours } from '@symbolon/protocol/instant';
import { describe, expect, it } from 'vitest';
import { runRules } from '../decisions/evaluate.ts';
import { mergeSubjects } from '../subjects/merge.ts';
import { signBatch, signMergeApproval } from '../testing/sample-batch.ts';
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
import { Crash, crashingPorts, watchedPorts } from '../testing/watched-ports.ts';
import { takeInBatch } from './intake.ts';

/** Ann is green by f1; a batch takes that back, brings a positive result, and a first one about Bob. */
async function scene(): Promise<{ region: SampleRegion; ann: string; bob: string; token: string }> {
  const region = await sampleRegion();
  const ann = await enrolled(region, 'P0001');
  const bob = await enrolled(region, 'P0002');
  await report(region, region.sources.lab, 'b1', [pcr('f1', ann, 'negative')]);
  const { subject: _, ...rest } = pcr('f3', '', 'negative');
  const facts = [pcr('f2', ann, 'positive'), { ...rest, identifier: passport('P0002') }];
  const token = await signBatch(region.sources.lab, 'b2', facts, NOW, [{ id: 'f1', subject: ann }]);
  return { region, ann, bob, token };
}

describe('intake: a crash at any call', () => {
  it.each(['before', 'after'] as const)(
    'REQ-ISS-036 %s it had an effect, and sent again it goes on',
    async (when) => {
      const seen = new Set<string>();
      for (let at = 1; ; at++) {
        const { region, ann, bob, token } = await scene();
        const { clerk, neighbour } = region.operators;
        const dying = crashingPorts(region.ports, at, when);
        await takeInBatch(dying.ports, region.publication, token, clerk.ref, NOW).catch((error) =>
          expect(error).toBeInstanceOf(Crash),
        );
        // Nobody was ever favourable in between who is not to be.
        const between = (await levelsOf(region, ann)).slice(1);
        expect(between.every((level) => level === 'red')).toBe(true);
        // A day late it is still finished if it was begun in time; or else it is refused as too old, and nothing of it is there.
        const isBegun = (await region.ports.batches.find('lab', 'b2')) !== undefined;
        const later = isBegun ? addHours(NOW, 30) : NOW;
        const result = await takeInBatch(region.ports, region.publication, token, neighbour.ref, later);
        expect(result).toMatchObject({ state: 'done', facts: 2, added: 2, subjects: 2, adverse: 1 });
        expect(await storedFacts(region, ann)).toEqual(['-lab f1 negative', 'lab f2 positive']);
        expect(await storedFacts(region, bob)).toEqual(['lab f3 negative']);
        expect(await levelsOf(region, ann)).toEqual(['green', 'red']);
        expect(await levelsOf(region, bob)).toEqual(['green']);
        const died = dying.diedAt();
        if (died === undefined) break;
        seen.add(died);
      }
      // The table has visited what matters.
      for (const call of [
        'tallies.add',
        'batches.begin',
        'facts.add',
        'facts.retract',
        'decisions.append',
        'batches.move',
      ])
        expect(seen).toContain(call);
    },
  );
});

describe('intake: a merge at any call', () => {
  it.each([
    ['is done', false],
    ['has broken off', true],
  ])(
    'REQ-ISS-032 a fact that arrives at a subject while a merge %s counts where it leads to',
    async (_, breaks) => {
      let calls = Number.POSITIVE_INFINITY;
      for (let at = 1; at <= calls; at++) {
        const { region, ann, token } = await scene();
        const { clerk, approver } = region.operators;
        const into = await enrolled(region, 'P0003');
        await report(region, region.sources.lab, 'own', [
          pcr('f1', into, 'negative', 2),
          pcr('f2', into, 'negative'),
        ]);
        const broken = watchedPorts(region.ports, (name, __, go) =>
          breaks && name === 'decisions.all' ? Promise.reject(new Crash(name)) : go(),
        );
        const approval = await signMergeApproval(approver, { from: ann, into }, NOW);
        let call = 0;
        const ports = watchedPorts(region.ports, async (_, __, go) => {
          if (++call === at)
            await mergeSubjects(
              broken,
              region.publication,
              { from: ann, into, approval },
              clerk.ref,
              'One.',
              NOW,
            ).catch((error) => expect(error).toBeInstanceOf(Crash));
          return go();
        });
        const taken = await takeInBatch(ports, region.publication, token, clerk.ref, NOW).catch(
          (error) => error,
        );
        calls = Math.min(calls, at < call ? Number.POSITIVE_INFINITY : call);
        if (taken instanceof Error) {
          // Merged before the batch was looked at, and another fact has its id there: its source is told, and nothing of it is there.
          expect(taken).toMatchObject({ code: 'fact-conflict', path: 'facts.0.id' });
          expect((await storedFacts(region, into)).join()).not.toContain('positive');
          continue;
        }
        expect(taken).toMatchObject({ state: 'done', facts: 2 });
        // One that broke off after all is done is finished by whoever evaluates next.
        if (breaks) await runRules(region.ports, region.publication, region.scheme, into, NOW);
        const facts = await storedFacts(region, into);
        expect(facts.map((each) => each.replace(/~\S+/, '~'))).toEqual([
          '-lab f1~ negative',
          'lab f1 negative',
          'lab f2 negative',
          'lab f2~ positive',
        ]);
        expect((await levelsOf(region, into)).at(-1)).toBe('red');
      }
      expect(calls).toBeGreaterThan(30);
    },
  );
});
