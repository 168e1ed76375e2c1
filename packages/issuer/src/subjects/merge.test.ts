import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { addHours } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { beforeEach, describe, expect, it } from 'vitest';
import { runRules } from '../decisions/evaluate.ts';
import { ownRecord } from '../facts/own-record.ts';
import { signMergeApproval } from '../testing/sample-batch.ts';
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
import { enrol, enrolAsset, subjectOfCode } from './enrol.ts';
import { appointGuardian, mayAskFor } from './guardians.ts';
import { mergeSubjects } from './merge.ts';
import { resolveSubject } from './resolve.ts';

let region: SampleRegion;
/** Green: stays. */
let into: string;
/** Red: is merged away. */
let from: string;

const approved = (pair = { from, into }, claims = {}, by = region.operators.approver) =>
  signMergeApproval(by, pair, NOW, claims);
const mergeWith = (
  approval: string | undefined,
  pair = { from, into },
  ports = region.ports,
  by = region.operators.clerk,
) => mergeSubjects(ports, region.publication, { ...pair, approval }, by.ref, 'The same birth record.', NOW);
/** By two operators. */
const merge = async (pair = { from, into }, ports = region.ports, by = region.operators.clerk) =>
  mergeWith(await approved(pair), pair, ports, by);
const evaluated = async (subject: string, now = NOW) =>
  (await runRules(region.ports, region.publication, region.scheme, subject, now)).decision?.level;

beforeEach(remake);

async function remake(): Promise<void> {
  region = await sampleRegion();
  into = await enrolled(region, 'P0001');
  from = await enrolled(region, 'P0002');
  const { lab, tracing } = region.sources;
  const stay = { id: 's1', type: 'stay', at: NOW, fields: { risk: 'low' } };
  await report(region, lab, 'b1', [pcr('f1', into, 'negative'), pcr('f1', from, 'positive')]);
  await report(region, tracing, 'b2', [
    { ...stay, subject: into },
    { ...stay, subject: from },
  ]);
  await report(region, lab, 'b3', [pcr('f2', from, 'negative')]);
  await report(region, lab, 'b4', [pcr('f3', from, 'negative')], [{ id: 'f2', subject: from }]);
  await region.ports.mints.record('m1', {
    subject: from,
    scheme: 'health',
    decision: 7,
    level: 'green',
    rule: 'tested@1',
    authority: 'cdc',
    format: 'dc+sd-jwt',
    issuedAt: NOW,
    expiresAt: addHours(NOW, 24),
    credentials: 1,
    entries: [{ idx: 5, uri: 'https://cn-bj.symbolon.test/lists/9' }],
  });
}

/** What the union is, whichever way it came about. */
async function expectUnion(): Promise<void> {
  const facts = await storedFacts(region, into);
  expect(facts.map((each) => each.replace(/~\S+/, '~'))).toEqual([
    '-lab f2 negative',
    'lab f1 negative',
    'lab f1~ positive',
    'lab f3 negative',
    'tracing s1 low',
  ]);
  expect((await levelsOf(region, into)).at(-1)).toBe('red');
  expect(await region.ports.subjects.profile(into)).toMatchObject({ absorbing: [] });
  expect(await region.ports.subjects.profile(from)).toMatchObject({ mergedInto: into, absorbing: [] });
  const mints = await region.ports.mints.living(into, 'health', NOW);
  expect(mints).toMatchObject([{ id: 'm1', subject: into, decision: 0 }]);
  // Of another level than the decision: it does not hold any more.
  const flagged = await region.ports.lists.flagged('https://cn-bj.symbolon.test/lists/9');
  expect(flagged).toMatchObject([{ idx: 5, suspended: true }]);
  const journal = await region.ports.journal.list(into);
  expect(journal.filter(({ kind }) => kind === 'merged')).toMatchObject([
    {
      about: from,
      reason: 'The same birth record.',
      by: region.operators.clerk.ref,
      approvedBy: region.operators.approver.ref.kid,
    },
  ]);
  expect(journal.filter(({ kind }) => kind === 'enrolled')).toHaveLength(2);
}

describe('merging: two subjects were found to be one person', () => {
  it('REQ-ISS-032 unites facts, mints and journal, and keeps the stricter status', async () => {
    await merge();
    await expectUnion();
    const decisions = await region.ports.decisions.all(into, 'health');
    expect(decisions.map(({ level, mode }) => `${level} ${mode}`)).toEqual([
      'green automatic',
      'red merged',
      'red automatic',
    ]);
    // Whatever was sealed for the one does not open as the other: both hold their own.
    expect(await storedFacts(region, from)).toHaveLength(4);
  });

  it('REQ-ISS-032 leads codes and identifiers to the one that stays, and refuses whoever names the other', async () => {
    const { code } = await enrol(region.ports, [passport('P0002')], region.operators.clerk.ref, NOW);
    await merge();
    expect(await subjectOfCode(region.ports, code, NOW)).toBe(into);
    expect(await enrolled(region, 'P0002')).toBe(into);
    const merged = { code: 'subject-merged' };
    await expect(evaluated(from)).rejects.toMatchObject(merged);
    await expect(merge({ from: into, into: from })).rejects.toMatchObject(merged);
    const third = await enrolled(region, 'P0003');
    await expect(merge({ from, into: third })).rejects.toMatchObject(merged);
  });

  it.each(['its identifier', 'its id'])(
    'REQ-ISS-035 a source takes back what it said of the one that was merged away, by %s',
    async (by) => {
      await merge();
      const who = by === 'its id' ? { subject: from } : { identifier: passport('P0002') };
      await report(region, region.sources.lab, 'b9', [], [{ id: 'f1', ...who }]);
      const takenBack = (await storedFacts(region, into)).filter((each) => each.startsWith('-'));
      expect(takenBack.map((each) => each.replace(/~\S+/, '~'))).toEqual([
        '-lab f1~ positive',
        '-lab f2 negative',
      ]);
      expect((await levelsOf(region, into)).at(-1)).toBe('green');
    },
  );

  it('REQ-ISS-032 what a source says by the old id is of the living subject; by the living id, of its own facts', async () => {
    const third = await enrolled(region, 'P0003');
    await report(region, region.sources.lab, 'b8', [pcr('f1', third, 'negative', 2)]);
    await merge();
    await merge({ from: into, into: third });
    const { lab } = region.sources;
    await report(region, lab, 'b9', [pcr('f9', from, 'negative')]);
    await expect(report(region, lab, 'b10', [pcr('f1', from, 'negative', 5)])).rejects.toMatchObject({
      code: 'fact-conflict',
      path: 'facts.0.id',
    });
    await report(region, lab, 'b11', [], [{ id: 'f1', subject: third }]);
    const one = (await storedFacts(region, third)).filter((each) => each.includes(' f1'));
    expect(one.map((each) => each.replace(/~\S+/, '~'))).toEqual([
      '-lab f1 negative',
      'lab f1~ negative',
      'lab f1~ positive',
    ]);
    // Through two merges.
    await report(region, lab, 'b12', [], [{ id: 'f1', subject: from }]);
    const two = (await storedFacts(region, third)).filter((each) => each.startsWith('-'));
    expect(two.filter((each) => each.includes('positive'))).toHaveLength(1);
    expect(await storedFacts(region, third)).toContain('lab f9 negative');
    expect((await levelsOf(region, third)).at(-1)).toBe('green');
    expect(await storedFacts(region, from)).toHaveLength(4);
  });

  it('whoever may ask for the one may ask for the other', async () => {
    const mother = await enrolled(region, 'P0004');
    const right = { dependant: from, guardian: mother, until: addHours(NOW, 24) };
    await appointGuardian(region.ports, right, region.operators.clerk.ref, 'Their mother.', NOW);
    await merge();
    expect((await mayAskFor(region.ports.subjects, mother, from, NOW)).subject).toBe(into);
  });

  it('REQ-ISS-029 takes an operator with the role for it, a reason, and two persons', async () => {
    await expect(merge({ from, into }, region.ports, region.operators.auditor)).rejects.toMatchObject({
      code: 'operator-unknown',
    });
    await expect(merge({ from, into: from })).rejects.toMatchObject({ code: 'request-malformed' });
    await expect(merge({ from: 'nobody', into })).rejects.toMatchObject({ code: 'subject-unknown' });
    const road = await enrolAsset(region.ports, 'urn:road:g42', region.operators.clerk.ref, NOW);
    await expect(merge({ from: road.subject, into })).rejects.toMatchObject({ code: 'subject-conflict' });
    expect(await region.ports.subjects.profile(into)).toMatchObject({ version: 1, absorbing: [] });
  });

  it('follows at most so many merges', async () => {
    const chain = [from];
    for (let hop = 1; hop <= LIMITS.mergeHops + 1; hop++) {
      chain.push(await enrolled(region, `Q${1000 + hop}`));
      await merge({ from: chain[hop - 1] ?? '', into: chain[hop] ?? '' });
      const found = resolveSubject(region.ports.subjects, from);
      if (hop <= LIMITS.mergeHops) expect((await found).subject).toBe(chain[hop]);
      else await expect(found).rejects.toMatchObject({ code: 'subject-merged', bound: LIMITS.mergeHops });
    }
    const last = chain.at(-1) ?? '';
    expect(await levelsOf(region, last)).toContain('red');
    // Whoever stays has a record, and decisions, all the same.
    expect(await evaluated(last)).toBe('red');
    const { decisions } = await ownRecord(region.ports, region.publication, last, NOW);
    expect(new Set(decisions.map(({ subject }) => subject))).not.toContain(from);
    expect(new Set(decisions.map(({ subject }) => subject))).toContain(chain[1]);
  });
});

describe('merging: it takes two where someone would turn adverse', () => {
  it('REQ-ISS-041 one operator alone merges nobody into an adverse status, in either direction', async () => {
    const innocent = await enrolled(region, 'P0003');
    for (const pair of [
      { from, into },
      { from: into, into: from },
      // Without any status.
      { from, into: innocent },
      { from: innocent, into: from },
    ])
      await expect(mergeWith(undefined, pair)).rejects.toMatchObject({ code: 'approval-required' });
    expect(await levelsOf(region, into)).toEqual(['green']);
    for (const subject of [from, into, innocent])
      expect(await region.ports.subjects.profile(subject)).toMatchObject({ version: 1 });
    // Nobody turns adverse by it: one is enough.
    await mergeWith(undefined, { from: innocent, into });
    const other = await enrolled(region, 'P0004');
    await report(region, region.sources.lab, 'b9', [pcr('f9', other, 'positive')]);
    await mergeWith(undefined, { from: other, into: from });
    expect(await levelsOf(region, other)).toEqual(['red']);
  });

  it('REQ-ISS-041 a level that has ended is no status', async () => {
    const [newest] = (await region.ports.decisions.all(from, 'health')).slice(-1);
    const ended = { ...(newest ?? expect.fail('there is one')), mode: 'ended' } as const;
    await region.ports.decisions.append({ ...ended, sequence: ended.sequence + 1 });
    await mergeWith(undefined);
    const decisions = await region.ports.decisions.all(into, 'health');
    expect(decisions.map(({ mode }) => mode)).not.toContain('merged');
  });

  it('REQ-ISS-030 REQ-ISS-029 the second one is another operator with the role for it, and signs this merge', async () => {
    const { chief, clerk, approver } = region.operators;
    const refused = async (approval: string, code: string, by = clerk, path?: string) => {
      const merging = mergeWith(approval, { from, into }, region.ports, by);
      await expect(merging).rejects.toMatchObject(path === undefined ? { code } : { code, path });
    };
    await refused(await approved({ from, into }, {}, chief), 'same-operator', chief);
    await refused(await approved({ from, into }, {}, clerk), 'operator-unknown');
    await refused(await approved({ from: into, into: from }), 'statement-invalid', clerk, 'from');
    await refused(await approved({ from, into: from }), 'statement-invalid', clerk, 'into');
    await refused(await approved({ from, into }, { authority: 'community' }), 'operator-unknown');
    await refused(
      await approved({ from, into }, { aud: 'https://cn-sh.symbolon.test' }),
      'statement-invalid',
    );
    await refused(await approved({ from, into }, { iat: NOW - 86_401 }), 'statement-invalid', clerk, 'iat');
    const forged = { ref: approver.ref, signer: { ...clerk.signer, kid: approver.ref.kid } };
    await refused(await approved({ from, into }, {}, forged), 'statement-invalid', clerk, 'signature');
    expect(await levelsOf(region, into)).toEqual(['green']);
    await merge();
    await expectUnion();
  });
});

describe('merging: a crash at any call', () => {
  it.each([
    ['before', 'the operator'],
    ['after', 'the operator'],
    ['before', 'the next evaluation'],
    ['after', 'the next evaluation'],
  ] as const)(
    'REQ-ISS-032 %s it had an effect, and %s finishes; nothing milder in between',
    async (when, who) => {
      let ends = false;
      const seen = new Set<string>();
      for (let at = 1; !ends; at++) {
        if (at > 1) await remake();
        const dying = crashingPorts(region.ports, at, when);
        await merge({ from, into }, dying.ports).catch((error) => expect(error).toBeInstanceOf(Crash));
        const died = dying.diedAt();
        ends = died === undefined;
        if (died !== undefined) seen.add(died);
        const profile = await region.ports.subjects.profile(into);
        const other = await region.ports.subjects.profile(from);
        const isBegun = profile?.version !== 1;
        // Red is either the one that is still there, or whoever it leads to.
        if (other?.mergedInto === undefined) expect((await levelsOf(region, from)).at(-1)).toBe('red');
        if (isBegun && who === 'the next evaluation') {
          expect(await evaluated(into)).toBe('red');
          await expectUnion();
        }
        await merge();
        await expectUnion();
      }
      for (const call of [
        'journal.append',
        'subjects.putProfile',
        'decisions.append',
        'facts.add',
        'mints.record',
      ])
        expect(seen).toContain(call);
    },
  );
});

describe('merging: several at once', () => {
  it('REQ-ISS-032 of two merges of one subject the slower one is refused, and shows nobody another person', async () => {
    const third = await enrolled(region, 'P0003');
    let isDone = false;
    // At the last moment before the slower one begins, the other is finished.
    const slow = watchedPorts(region.ports, async (name, _, call) => {
      if (name === 'subjects.putProfile' && !isDone) {
        isDone = true;
        await merge();
      }
      return call();
    });
    await expect(merge({ from, into: third }, slow)).rejects.toMatchObject({ code: 'subject-merged' });
    expect(isDone).toBe(true);
    const shown = await ownRecord(region.ports, region.publication, third, NOW);
    expect([shown.decisions, shown.facts]).toEqual([[], []]);
    expect(shown.journal.map(({ kind }) => kind)).toEqual(['enrolled', 'code-given']);
    expect(await region.ports.subjects.profile(third)).toMatchObject({ absorbing: [] });
    const theirs = await ownRecord(region.ports, region.publication, into, NOW);
    expect(theirs.journal.filter(({ kind }) => kind === 'merged')).toHaveLength(1);
    expect(new Set(theirs.decisions.map(({ subject }) => subject))).toEqual(new Set([from, into]));
  });

  it('a merge that broke off before it began is shown to nobody', async () => {
    const broken = watchedPorts(region.ports, async (name, _, call) =>
      name === 'subjects.putProfile' ? Promise.reject(new Crash(name)) : call(),
    );
    await expect(merge({ from, into }, broken)).rejects.toBeInstanceOf(Crash);
    for (const subject of [from, into]) {
      const shown = await ownRecord(region.ports, region.publication, subject, NOW);
      expect(shown.journal.filter(({ kind }) => kind === 'merged')).toEqual([]);
      expect(new Set(shown.decisions.map((each) => each.subject))).toEqual(new Set([subject]));
    }
  });

  it('of two that are merged into each other one stays, with all of it', async () => {
    await Promise.allSettled([merge({ from, into }), merge({ from: into, into: from })]);
    const { subject } = await resolveSubject(region.ports.subjects, from);
    expect((await resolveSubject(region.ports.subjects, into)).subject).toBe(subject);
    expect(await evaluated(subject)).toBe('red');
    expect(await storedFacts(region, subject)).toHaveLength(5);
  });

  it('three in a circle, in any order of steps: all end, nothing is lost, nobody who was red is green', async () => {
    for (let seed = 0; seed < 60; seed++) {
      if (seed > 0) await remake();
      const third = await enrolled(region, 'P0003');
      await report(region, region.sources.lab, 'b9', [pcr('f9', third, 'negative')]);
      const random = insecureRandomFromSeed(`circle ${seed}`);
      // Lets other runs go first, as often as chance has it.
      const ports = watchedPorts(region.ports, async (_, __, call) => {
        for (let turns = (random(1)[0] ?? 0) % 8; turns > 0; turns--) await undefined;
        return call();
      });
      const circle = [
        { from, into },
        { from: into, into: third },
        { from: third, into: from },
      ];
      const runs = await Promise.allSettled(circle.map((pair) => merge(pair, ports)));
      for (const run of runs)
        if (run.status === 'rejected') expect(run.reason).toMatchObject({ code: 'subject-merged' });
      const ends = new Set<string>();
      for (const subject of [from, into, third])
        ends.add((await resolveSubject(region.ports.subjects, subject)).subject);
      expect(ends.size).toBeLessThan(3);
      const red = (await resolveSubject(region.ports.subjects, from)).subject;
      const levels = new Map<string, string | undefined>();
      for (const subject of ends) levels.set(subject, await evaluated(subject));
      expect(levels.get(red)).toBe('red');
      const facts = new Set<string>();
      for (const subject of ends)
        for (const fact of await storedFacts(region, subject)) facts.add(fact.replace(/~\S+/, ''));
      expect([...facts].toSorted()).toEqual([
        '-lab f2 negative',
        'lab f1 negative',
        'lab f1 positive',
        'lab f3 negative',
        'lab f9 negative',
        'tracing s1 low',
      ]);
      for (const subject of ends)
        expect(await region.ports.subjects.profile(subject)).toMatchObject({ absorbing: [] });
    }
  });
});
