import { addHours, addSeconds, type Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Publication } from '../publication.ts';
import { mergeSubjects } from '../subjects/merge.ts';
import { signMergeApproval } from '../testing/sample-batch.ts';
import type { SampleOperator } from '../testing/sample-people.ts';
import { NOW } from '../testing/sample-publication.ts';
import { lapseBursts, lapseProposals } from './lapse.ts';
import { propose } from './propose.ts';
import { settleProposal } from './settle-proposal.ts';
import { crashTable } from './testing/failing-ports.ts';
import {
  type SampleDesk,
  sampleDesk,
  signApproval,
  signProposal,
  signWithdrawal,
  suspended,
} from './testing/sample-desk.ts';
import { withdrawDecision } from './withdraw.ts';

let desk: SampleDesk;
const UNTIL = addHours(NOW, 48);

beforeEach(async () => {
  desk = await sampleDesk();
  await desk.person('anna');
});

const proposeBy = async (
  by: SampleOperator,
  {
    claims = {},
    now = NOW,
    of = desk.publication,
  }: { claims?: object; now?: Instant; of?: Publication } = {},
) => propose(desk.stores, of, await signProposal(by, 'anna', claims, now), by.ref, now);
const settleBy = async (
  by: SampleOperator,
  id: string,
  {
    verdict = 'approve',
    now = NOW,
    of = desk.publication,
  }: { verdict?: 'approve' | 'reject'; now?: Instant; of?: Publication } = {},
) => settleProposal(desk.stores, of, await signApproval(by, id, verdict, now), by.ref, now);
const refused = (run: Promise<unknown>, code: string, path?: string) =>
  expect(run).rejects.toMatchObject(path === undefined ? { code } : { code, path });
/** The region, once it has taken a key from its offices. */
const unlisted = (kid: string): Publication => {
  const { region } = desk.publication;
  const authorities = Object.fromEntries(
    Object.entries(region.authorities).map(([id, office]) => [
      id,
      { ...office, operators: office.operators.filter((each) => each.kid !== kid) },
    ]),
  );
  return { ...desk.publication, region: { ...region, authorities } };
};
const open = async () => (await desk.stores.proposals.open()).length;

describe('a decision by hand takes two operators', () => {
  it('REQ-ISS-030 REQ-ISS-039 one proposes, another one approves: it names both keys, the proposal and its end', async () => {
    const { clerk, approver } = desk.operators;
    await desk.tested('anna', 'negative', addHours(NOW, -5));
    const before = await desk.evaluate('anna');
    await desk.minted(before.decision, 7);
    const proposal = await proposeBy(clerk);
    expect(proposal).toMatchObject({
      state: 'open',
      proposedBy: clerk.ref.kid,
      lapsesAt: addHours(NOW, LIMITS.proposalHours),
    });
    expect((await desk.evaluate('anna')).decision.level).toBe('green');
    expect(await settleBy(approver, proposal.id)).toEqual({
      proposal: expect.objectContaining({ state: 'decided', settledBy: approver.ref.kid }),
      decision: {
        subject: 'anna',
        scheme: 'health',
        sequence: 2,
        level: 'amber',
        rule: 'risk-area@1',
        authority: 'cdc',
        evidence: 'movement',
        mode: 'manual',
        decidedAt: NOW,
        approvers: [clerk.ref.kid, approver.ref.kid],
        proposal: proposal.id,
        until: UNTIL,
      },
    });
    expect(await suspended(desk.stores)).toEqual([7]);
  });

  it('REQ-ISS-030 the same key never does both, whatever its roles', async () => {
    const { chief, approver } = desk.operators;
    const { id } = await proposeBy(chief);
    await refused(settleBy(chief, id), 'same-operator');
    await refused(settleBy(chief, id, { verdict: 'reject' }), 'same-operator');
    expect(desk.stores.decisions.everything).toEqual([]);
    expect(await settleBy(approver, id)).toMatchObject({ decision: { level: 'amber' } });
  });

  it('REQ-ISS-029 each has the role for their part, in an office that the rule lists', async () => {
    const { clerk, approver, auditor, elder, neighbour } = desk.operators;
    await refused(proposeBy(approver), 'operator-unknown');
    await refused(proposeBy(auditor), 'operator-unknown');
    await refused(proposeBy(neighbour), 'decision-not-adverse', 'authority');
    const { id } = await proposeBy(clerk);
    await refused(settleBy(auditor, id), 'operator-unknown');
    await refused(settleBy(elder, id), 'operator-unknown');
    expect(await open()).toBe(1);
  });

  it('REQ-ISS-004 nobody acts with a statement of somebody else', async () => {
    const { clerk, chief, approver } = desk.operators;
    const token = await signProposal(clerk, 'anna');
    await refused(propose(desk.stores, desk.publication, token, chief.ref, NOW), 'forbidden');
    const { id } = await proposeBy(clerk);
    const approval = await signApproval(approver, id);
    await refused(settleProposal(desk.stores, desk.publication, approval, chief.ref, NOW), 'forbidden');
    expect(desk.stores.decisions.everything).toEqual([]);
  });

  it('REQ-ISS-028 a statement of another key, for another region, or too old', async () => {
    const { clerk, chief } = desk.operators;
    const forged = { ref: clerk.ref, signer: { ...chief.signer, kid: clerk.signer.kid } };
    await refused(proposeBy(forged), 'statement-invalid', 'signature');
    await refused(proposeBy(clerk, { claims: { aud: 'https://other.test' } }), 'statement-invalid', 'aud');
    await refused(proposeBy(clerk, { claims: { iat: addHours(NOW, -25) } }), 'statement-invalid', 'iat');
    await refused(proposeBy(clerk, { claims: { more: true } }), 'statement-invalid');
    expect(await open()).toBe(0);
  });

  it('REQ-ISS-033 approves only a proposal that there is', async () => {
    await refused(settleBy(desk.operators.approver, 'A'.repeat(43)), 'proposal-unknown');
  });

  it('REQ-ISS-033 approving one proposal says nothing of another', async () => {
    const { clerk, approver } = desk.operators;
    const amber = await proposeBy(clerk);
    const red = await proposeBy(clerk, { claims: { jti: 'p2', rule: 'positive@1' } });
    expect(red.id).not.toBe(amber.id);
    expect(await settleBy(approver, amber.id)).toMatchObject({
      decision: { level: 'amber', proposal: amber.id },
    });
    expect(await desk.stores.proposals.find(red.id)).toMatchObject({ state: 'open' });
  });

  it('REQ-ISS-034 a proposal is settled once, and not after it has lapsed', async () => {
    const { clerk, approver, chief } = desk.operators;
    const { id } = await proposeBy(clerk);
    await settleBy(approver, id, { verdict: 'reject' });
    expect(await settleBy(approver, id, { verdict: 'reject' })).toMatchObject({
      proposal: { state: 'rejected' },
    });
    await refused(settleBy(approver, id), 'proposal-closed');
    await refused(settleBy(chief, id), 'proposal-closed');

    const week = addHours(NOW, LIMITS.proposalHours);
    const late = await proposeBy(clerk, { claims: { jti: 'late', until: addHours(NOW, 300) } });
    await refused(settleBy(approver, late.id, { now: week }), 'proposal-closed');
    expect(await settleBy(approver, late.id, { now: addSeconds(week, -1) })).toMatchObject({
      decision: { level: 'amber' },
    });
    const over = await proposeBy(clerk, { claims: { jti: 'over', until: addHours(NOW, 3) } });
    await refused(settleBy(approver, over.id, { now: addHours(NOW, 3) }), 'proposal-closed');
  });

  it('REQ-ISS-034 of two who settle it at once one verdict counts', async () => {
    const { clerk, approver, chief } = desk.operators;
    const { id } = await proposeBy(clerk);
    const both = await Promise.allSettled([
      settleBy(approver, id),
      settleBy(chief, id, { verdict: 'reject' }),
    ]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const { state } = (await desk.stores.proposals.find(id)) ?? {};
    expect(desk.stores.decisions.everything).toHaveLength(state === 'decided' ? 1 : 0);
  });

  it('approved twice, or proposed twice, it is one', async () => {
    const { clerk, approver } = desk.operators;
    const { id } = await proposeBy(clerk);
    expect(await proposeBy(clerk)).toMatchObject({ id, state: 'open' });
    await settleBy(approver, id);
    expect(await settleBy(approver, id)).toMatchObject({ decision: { sequence: 1 } });
    expect(await proposeBy(clerk)).toMatchObject({ id, state: 'decided' });
    expect(desk.stores.decisions.everything).toHaveLength(1);
  });

  it('REQ-ISS-034 approving again what was decided changes nothing, also where that has ended since', async () => {
    const { clerk, approver } = desk.operators;
    const { id } = await proposeBy(clerk, { claims: { until: addHours(NOW, 1) } });
    await settleBy(approver, id);
    const later = addHours(NOW, 2);
    await desk.tested('anna', 'negative', later, 'mistaken');
    await desk.minted((await desk.evaluate('anna', later)).decision, 7);
    await desk.stores.facts.retract('anna', { scheme: 'health', source: 'lab', id: 'mistaken' }, later);
    await refused(desk.evaluate('anna', later), 'no-decision');
    const again = await settleBy(approver, id, { now: later });
    expect(again.proposal.state).toBe('decided');
    expect(again.decision).toBeUndefined();
    expect(await suspended(desk.stores)).toEqual([7]);
    expect(desk.stores.decisions.everything).toHaveLength(3);
  });

  it('REQ-ISS-029 both are listed still when it is decided', async () => {
    const { clerk, approver, chief } = desk.operators;
    const { id } = await proposeBy(clerk);
    await refused(settleBy(approver, id, { of: unlisted(clerk.ref.kid) }), 'operator-unknown');
    expect(await open()).toBe(1);
    const bounded = desk.bounded({ perHour: 0, perDay: 0, perWeek: 0 });
    expect(await settleBy(approver, id, { of: bounded })).toMatchObject({ proposal: { state: 'approved' } });
    for (const { ref } of [clerk, approver])
      await refused(settleBy(chief, id, { of: unlisted(ref.kid) }), 'operator-unknown');
    expect(desk.stores.decisions.everything).toEqual([]);
  });

  it('REQ-ISS-034 what was approved and not decided lapses as what waits', async () => {
    const { clerk, approver, chief } = desk.operators;
    const of = desk.bounded({ perHour: 0, perDay: 0, perWeek: 0 });
    const { id, lapsesAt } = await proposeBy(clerk, { claims: { until: addHours(NOW, 300) } });
    expect(await settleBy(approver, id, { of })).toMatchObject({ held: { state: 'held' } });
    for (const by of [approver, chief]) await refused(settleBy(by, id, { now: lapsesAt }), 'proposal-closed');
    expect(desk.stores.decisions.everything).toEqual([]);
  });

  it('REQ-ISS-034 what lapsed leaves the queue, and nothing else does', async () => {
    const { clerk, approver } = desk.operators;
    const { id, lapsesAt } = await proposeBy(clerk, { claims: { until: addHours(NOW, 300) } });
    const short = await proposeBy(clerk, { claims: { jti: 'short', until: addHours(NOW, 2) } });
    expect(await lapseProposals(desk.stores, addHours(NOW, 2))).toBe(1);
    expect(await desk.stores.proposals.open()).toMatchObject([{ id }]);
    expect(await lapseProposals(desk.stores, lapsesAt)).toBe(1);
    expect(await lapseProposals(desk.stores, lapsesAt)).toBe(0);
    expect(await open()).toBe(0);
    for (const each of [id, short.id]) {
      expect(await desk.stores.proposals.find(each)).toMatchObject({ state: 'lapsed' });
      await refused(settleBy(approver, each, { now: lapsesAt }), 'proposal-closed');
    }
  });

  it('what was signed is kept, sealed for its proposal', async () => {
    const { clerk, approver } = desk.operators;
    const { id } = await proposeBy(clerk);
    await settleBy(approver, id);
    const { sealed = '' } = (await desk.stores.proposals.find(id)) ?? {};
    expect(sealed.startsWith(`proposal ${id}|`)).toBe(true);
    const kept: unknown = JSON.parse(sealed.slice(sealed.indexOf('|') + 1));
    expect(kept).toEqual([await signProposal(clerk, 'anna'), await signApproval(approver, id)].map(partly));
  });
});

/** ECDSA signs with chance: what is signed is the same, the signature is another. */
function partly(token: string): unknown {
  return expect.stringContaining(token.slice(0, token.lastIndexOf('.')));
}

describe('REQ-ISS-039 what cannot be decided by hand', () => {
  const reject = (claims: object, path: string, of?: Publication) =>
    refused(proposeBy(desk.operators.clerk, { claims, ...(of && { of }) }), 'decision-not-adverse', path);

  it('REQ-ISS-039 a favourable level, a rule that is not in force, one that is not published', async () => {
    await reject({ rule: 'tested@1' }, 'rule');
    await reject({ rule: 'deposits@1' }, 'rule');
    const [from, sunset] = [addHours(NOW, 1), addHours(NOW, -1)];
    const change = (part: object) =>
      desk.ruled((rules) => rules.map((rule) => (rule.id === 'risk-area' ? { ...rule, ...part } : rule)));
    await reject({}, 'rule', change({ from }));
    await reject({}, 'rule', change({ sunset }));
    expect(await open()).toBe(0);
  });

  it('REQ-ISS-039 an end that is over, too far, or beyond the rule', async () => {
    await reject({ until: NOW }, 'until');
    const latest = addHours(NOW, LIMITS.manualDecisionHours);
    await reject({ until: addSeconds(latest, 1) }, 'until');
    const soon = desk.ruled((rules) => rules.map((rule) => ({ ...rule, sunset: addHours(NOW, 24) })));
    await reject({}, 'until', soon);
    expect(await proposeBy(desk.operators.clerk, { claims: { until: latest } })).toMatchObject({
      state: 'open',
    });
  });

  it('REQ-ISS-039 a level that is milder than the current one, also when that came after the proposal', async () => {
    const { clerk, approver } = desk.operators;
    const { id } = await proposeBy(clerk);
    await desk.tested('anna', 'positive', NOW, 'mistaken');
    await desk.evaluate('anna');
    // Whoever proposes does not learn it: the second operator does, who sees the person.
    const after = await proposeBy(clerk, { claims: { jti: 'p2' } });
    expect(after).toMatchObject({ state: 'open' });
    for (const each of [id, after.id]) {
      await refused(settleBy(approver, each), 'decision-not-adverse', 'rule');
      expect(await desk.stores.proposals.find(each)).toMatchObject({ state: 'open' });
    }
    // A level that has ended is none.
    await desk.stores.facts.retract('anna', { scheme: 'health', source: 'lab', id: 'mistaken' }, NOW);
    await refused(desk.evaluate('anna'), 'no-decision');
    expect(await settleBy(approver, id)).toMatchObject({ decision: { level: 'amber', sequence: 3 } });
  });

  it('REQ-ISS-039 a rule that ended before the second operator signed', async () => {
    const { clerk, approver } = desk.operators;
    const { id } = await proposeBy(clerk);
    const ended = desk.ruled((rules) => rules.filter((rule) => rule.id !== 'risk-area'));
    await refused(settleBy(approver, id, { of: ended }), 'decision-not-adverse', 'rule');
    expect(await open()).toBe(1);
  });

  it('REQ-ISS-005 REQ-ISS-032 someone who is unknown, no person, or merged away', async () => {
    const { clerk, approver } = desk.operators;
    await refused(proposeBy(clerk, { claims: { subject: 'nobody' } }), 'subject-unknown');
    const road = { subject: 'road', version: 1, kind: 'asset', asset: 'urn:road:1' } as const;
    await desk.stores.subjects.putProfile({ ...road, absorbing: [], guardians: [] });
    await refused(proposeBy(clerk, { claims: { subject: 'road' } }), 'subject-unknown');
    const { id } = await proposeBy(clerk);
    await desk.person('bea');
    await mergeSubjects(desk.stores, desk.publication, { from: 'anna', into: 'bea' }, clerk.ref, 'one', NOW);
    await refused(settleBy(approver, id), 'subject-merged');
    await refused(proposeBy(clerk, { claims: { jti: 'p2' } }), 'subject-merged');
    expect(desk.stores.decisions.everything).toEqual([]);
  });
});

describe('while a decision by hand stands', () => {
  const decided = async (rule = 'risk-area@1') => {
    const { id } = await proposeBy(desk.operators.clerk, { claims: { rule } });
    return settleBy(desk.operators.approver, id);
  };
  const level = async (now: Instant, of?: Publication) => (await desk.evaluate('anna', now, of)).decision;

  it('the rules make nothing milder, also where none matches', async () => {
    await decided();
    expect(await level(NOW)).toMatchObject({ level: 'amber', sequence: 1 });
    await desk.tested('anna', 'negative', addHours(NOW, 1));
    expect(await level(addHours(NOW, 1))).toMatchObject({ level: 'amber', sequence: 1 });
    expect(await level(addSeconds(UNTIL, -1))).toMatchObject({ level: 'amber' });
  });

  it('the rules can make it stricter, and what stands comes back when they turn milder', async () => {
    const { decision: manual } = await decided();
    await desk.tested('anna', 'positive', addHours(NOW, 1), 'mistaken');
    expect(await level(addHours(NOW, 1))).toMatchObject({ level: 'red', mode: 'automatic', sequence: 2 });
    await desk.tested('anna', 'negative', addHours(NOW, 2));
    await desk.stores.facts.retract(
      'anna',
      { scheme: 'health', source: 'lab', id: 'mistaken' },
      addHours(NOW, 2),
    );
    const again = await level(addHours(NOW, 2));
    expect(again).toEqual({ ...manual, sequence: 3, milderThan: 2, decidedAt: addHours(NOW, 2) });
    expect(await level(addHours(NOW, 3))).toEqual(again);
  });

  it('after its time the rules decide, and where none matches there is no status', async () => {
    const { decision } = await decided();
    if (decision === undefined) throw new Error('decided');
    await desk.minted({ ...decision, decidedAt: addHours(NOW, 47) }, 4);
    await refused(level(UNTIL), 'no-decision');
    expect(await suspended(desk.stores)).toEqual([4]);
    await desk.tested('anna', 'negative', UNTIL);
    expect(await level(UNTIL)).toMatchObject({ level: 'green', mode: 'automatic', sequence: 3 });
  });

  it('a rule that has ended holds nobody: no verifier would accept its level', async () => {
    await decided();
    await desk.tested('anna', 'negative', NOW);
    const ended = desk.ruled((rules) => rules.filter((rule) => rule.id !== 'risk-area'));
    expect(await level(NOW, ended)).toMatchObject({ level: 'green' });
  });

  it('it goes with the person when their subject is merged into another one', async () => {
    await decided();
    await desk.person('bea');
    await desk.tested('bea', 'negative', NOW);
    await desk.evaluate('bea');
    const { clerk, approver } = desk.operators;
    const pair = { from: 'anna', into: 'bea' };
    const approval = await signMergeApproval(approver, pair, NOW);
    await mergeSubjects(desk.stores, desk.publication, { ...pair, approval }, clerk.ref, 'one', NOW);
    expect((await desk.evaluate('bea', addHours(NOW, 1))).decision).toMatchObject({
      level: 'amber',
      until: UNTIL,
    });
    expect((await desk.evaluate('bea', UNTIL)).decision).toMatchObject({ level: 'green' });
  });

  describe('REQ-ISS-032 also where the other one is stricter when they are merged', () => {
    const name = { scheme: 'health', source: 'lab', id: 'mistaken' };
    const later = addHours(NOW, 2);
    /** Red by a test that is taken back after the merge. */
    beforeEach(async () => {
      await decided();
      for (const [i, subject] of ['bea', 'cem'].entries()) {
        await desk.person(subject);
        await desk.tested(subject, 'positive', addHours(NOW, -1), `mistaken${i === 0 ? '' : ' too'}`);
        await desk.evaluate(subject);
      }
    });
    const merge = async (from: string, into: string) => {
      const { clerk, approver } = desk.operators;
      const approval = await signMergeApproval(approver, { from, into }, NOW);
      await mergeSubjects(desk.stores, desk.publication, { from, into, approval }, clerk.ref, 'one', NOW);
    };
    const of = (subject: string, now: Instant) => desk.evaluate(subject, now);

    it('what stands comes back when the rules turn milder, and binds them until its time', async () => {
      await merge('anna', 'bea');
      const all = await desk.stores.decisions.all('bea', 'health');
      // Anna was milder: what she has is settled by a decision of its own.
      expect(all.map(({ level, mode }) => [level, mode])).toEqual([
        ['red', 'automatic'],
        ['red', 'merged'],
        ['red', 'automatic'],
      ]);
      await desk.stores.facts.retract('bea', name, later);
      await desk.tested('bea', 'negative', later);
      const { decision } = await of('bea', later);
      expect(decision).toMatchObject({
        subject: 'bea',
        sequence: 4,
        level: 'amber',
        mode: 'merged',
        until: UNTIL,
      });
      expect(await of('bea', addHours(NOW, 3))).toEqual({ decision });
      expect(await of('bea', UNTIL)).toMatchObject({ decision: { level: 'green' } });
    });

    it('through two merges', async () => {
      await merge('anna', 'bea');
      await merge('bea', 'cem');
      for (const id of ['mistaken', 'mistaken too'])
        await desk.stores.facts.retract('cem', { ...name, id }, later);
      expect(await of('cem', later)).toMatchObject({
        decision: { subject: 'cem', level: 'amber', mode: 'merged' },
      });
    });

    it('what was withdrawn does not', async () => {
      const [proposal] = await desk.stores.decisions.all('anna', 'health');
      await merge('anna', 'bea');
      const { clerk } = desk.operators;
      const claims = { proposal: proposal?.proposal };
      const token = await signWithdrawal(clerk, { subject: 'bea' }, NOW, claims);
      await withdrawDecision(desk.stores, desk.publication, token, clerk.ref, NOW);
      await desk.stores.facts.retract('bea', name, later);
      await refused(of('bea', later), 'no-decision');
    });
  });
});

describe('the burst guard and decisions by hand', () => {
  it('holds the ones that are too many, also of people who have that level', async () => {
    const { clerk, approver } = desk.operators;
    const of = desk.bounded({ perHour: 1, perDay: 1, perWeek: 1 });
    const first = await proposeBy(clerk, { of });
    await settleBy(approver, first.id, { of });
    const longer = await proposeBy(clerk, { claims: { jti: 'p2', until: addHours(NOW, 300) }, of });
    const held = await settleBy(approver, longer.id, { of });
    expect(held).toMatchObject({
      proposal: { state: 'approved' },
      decision: { proposal: first.id },
      held: { cause: 'rule:risk-area@1', state: 'held' },
    });
    // What lapsed is over for this proposal, however often it is approved.
    const later = addHours(NOW, 24);
    await lapseBursts(desk.stores, later);
    const unbounded = desk.publication;
    expect(await settleBy(approver, longer.id, { now: addHours(NOW, 40), of: unbounded })).toMatchObject({
      held: { state: 'lapsed' },
    });
    const anew = await proposeBy(clerk, { claims: { jti: 'p3', until: addHours(NOW, 300) }, now: later });
    expect(await settleBy(approver, anew.id, { now: later })).toMatchObject({
      decision: { proposal: anew.id },
    });
  });
});

describe('crash tables of a decision by hand', () => {
  const setUp = async () => {
    desk = await sampleDesk();
    await desk.person('anna');
    await desk.tested('anna', 'negative', addHours(NOW, -5));
    await desk.minted((await desk.evaluate('anna')).decision, 7);
    return desk.stores;
  };

  it('REQ-ISS-034 whatever call fails, before or after it took effect, proposing and approving again comes to the same end', async () => {
    const { clerk, approver } = desk.operators;
    const proposalToken = await signProposal(clerk, 'anna');
    const { publication } = desk;
    const { expected, outcomes } = await crashTable(setUp, async (stores, attempt) => {
      const { id } = await attempt((ports) => propose(ports, publication, proposalToken, clerk.ref, NOW));
      const approval = await signApproval(approver, id);
      const { decision } = await attempt((ports) =>
        settleProposal(ports, publication, approval, approver.ref, NOW),
      );
      return {
        decision,
        decisions: stores.decisions.everything.length,
        state: (await stores.proposals.find(id))?.state,
        suspended: await suspended(stores),
      };
    });
    expect(expected).toMatchObject({
      decision: { level: 'amber' },
      decisions: 2,
      state: 'decided',
      suspended: [7],
    });
    expect(outcomes.length).toBeGreaterThan(40);
    for (const outcome of outcomes) expect(outcome).toEqual(expected);
  });

  it('REQ-ISS-032 what two approved of a subject that is merged meanwhile is decided of the one that stays', async () => {
    const { clerk, approver } = desk.operators;
    const { id } = await proposeBy(clerk);
    await desk.person('bea');
    const { append } = desk.stores.decisions;
    let merged = false;
    const interrupted: typeof append = async (decision) => {
      if (!merged) {
        merged = true;
        await mergeSubjects(
          desk.stores,
          desk.publication,
          { from: 'anna', into: 'bea' },
          clerk.ref,
          'one',
          NOW,
        );
      }
      return append(decision);
    };
    const stores = { ...desk.stores, decisions: { ...desk.stores.decisions, append: interrupted } };
    const approval = await signApproval(approver, id);
    const { decision } = await settleProposal(stores, desk.publication, approval, approver.ref, NOW);
    expect(decision).toMatchObject({ subject: 'bea', level: 'amber', proposal: id });
    expect((await desk.evaluate('bea')).decision).toMatchObject({ level: 'amber' });
  });
});
