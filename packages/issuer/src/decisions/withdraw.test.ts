import { insecureRandomFromSeed } from '@symbolon/keys/seeded-random';
import { addHours, type Instant } from '@symbolon/protocol/instant';
import { beforeEach, describe, expect, it } from 'vitest';
import { ownRecord } from '../facts/own-record.ts';
import { mergeSubjects } from '../subjects/merge.ts';
import { signMergeApproval } from '../testing/sample-batch.ts';
import type { SampleOperator } from '../testing/sample-people.ts';
import { NOW } from '../testing/sample-publication.ts';
import type { Decision } from './decision.ts';
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
import { openProposals, viewProposal } from './view-proposal.ts';
import { withdrawDecision } from './withdraw.ts';

let desk: SampleDesk;
let manual: Decision;
let id: string;

/** Anna is green by her test, and amber by hand. */
async function setUp() {
  desk = await sampleDesk();
  const { clerk, approver } = desk.operators;
  await desk.person('anna');
  await desk.tested('anna', 'negative', addHours(NOW, -5));
  await desk.minted((await desk.evaluate('anna')).decision, 7);
  const token = await signProposal(clerk, 'anna');
  ({ id } = await propose(desk.stores, desk.publication, token, clerk.ref, NOW));
  const approval = await signApproval(approver, id);
  const { decision } = await settleProposal(desk.stores, desk.publication, approval, approver.ref, NOW);
  if (decision === undefined) throw new Error('it was decided');
  manual = decision;
  return desk.stores;
}
beforeEach(setUp);

const withdraw = async (by: SampleOperator, ref = manual, now: Instant = NOW) =>
  withdrawDecision(desk.stores, desk.publication, await signWithdrawal(by, ref, now), by.ref, now);
const refused = (run: Promise<unknown>, code: string) => expect(run).rejects.toMatchObject({ code });

describe('one operator ends a decision by hand before its time', () => {
  it.each(['clerk', 'approver'] as const)(
    'REQ-ISS-029 %s: the rules decide then, and what was minted is restored',
    async (name) => {
      expect(await suspended(desk.stores)).toEqual([7]);
      expect(await withdraw(desk.operators[name])).toMatchObject({
        proposal: { id, state: 'withdrawn', settledBy: desk.operators.approver.ref.kid },
        decision: { level: 'green', sequence: 3, mode: 'automatic' },
      });
      expect(await suspended(desk.stores)).toEqual([]);
      expect((await desk.evaluate('anna', addHours(NOW, 1))).decision).toMatchObject({ sequence: 3 });
    },
  );

  it('where no rule matches there is no status, and it is withdrawn all the same', async () => {
    const later = addHours(NOW, 70);
    const { clerk } = desk.operators;
    expect(await withdraw(clerk, manual, later)).toMatchObject({
      decision: undefined,
      proposal: { state: 'withdrawn' },
    });
  });

  it('a stricter decision by the rules stays, and what was withdrawn does not come back beneath it', async () => {
    await desk.tested('anna', 'positive', NOW, 'mistaken');
    await desk.evaluate('anna');
    expect(await withdraw(desk.operators.clerk)).toMatchObject({ decision: { level: 'red', sequence: 3 } });
    await desk.stores.facts.retract('anna', { scheme: 'health', source: 'lab', id: 'mistaken' }, NOW);
    expect((await desk.evaluate('anna')).decision).toMatchObject({ level: 'green', sequence: 4 });
  });

  const takeBack = async (proposal: string, by: SampleOperator, subject = 'anna') => {
    const token = await signWithdrawal(by, { subject }, NOW, { proposal });
    return withdrawDecision(desk.stores, desk.publication, token, by.ref, NOW);
  };

  it('REQ-ISS-033 a proposal is taken back by its digest: open, approved and held, or decided', async () => {
    const { clerk, approver } = desk.operators;
    const token = await signProposal(clerk, 'anna', { jti: 'p2', until: addHours(NOW, 300) });
    const longer = await propose(desk.stores, desk.publication, token, clerk.ref, NOW);
    const none = desk.bounded({ perHour: 0, perDay: 0, perWeek: 0 });
    const approval = await signApproval(approver, longer.id);
    expect(await settleProposal(desk.stores, none, approval, approver.ref, NOW)).toMatchObject({
      proposal: { state: 'approved' },
      held: { state: 'held' },
    });
    expect(await takeBack(longer.id, clerk)).toMatchObject({
      proposal: { state: 'withdrawn' },
      decision: manual,
    });
    await refused(
      settleProposal(desk.stores, desk.publication, approval, approver.ref, NOW),
      'proposal-closed',
    );
    const open = await signProposal(clerk, 'anna', { jti: 'p3' });
    const waiting = await propose(desk.stores, desk.publication, open, clerk.ref, NOW);
    expect(await takeBack(waiting.id, approver)).toMatchObject({ proposal: { state: 'withdrawn' } });
    expect(await desk.stores.proposals.open()).toEqual([]);
    expect(await takeBack(id, clerk)).toMatchObject({ decision: { level: 'green', sequence: 3 } });
  });

  it('REQ-ISS-029 REQ-ISS-033 REQ-ISS-034 not of another subject or office, nor what was rejected; and by one name', async () => {
    const { clerk, approver, elder } = desk.operators;
    await desk.person('bea');
    await refused(takeBack(id, clerk, 'bea'), 'proposal-unknown');
    await refused(takeBack('A'.repeat(43), clerk), 'proposal-unknown');
    await refused(takeBack(id, elder), 'operator-unknown');
    const token = await signProposal(clerk, 'anna', { jti: 'p2' });
    const other = await propose(desk.stores, desk.publication, token, clerk.ref, NOW);
    const rejection = await signApproval(approver, other.id, 'reject');
    await settleProposal(desk.stores, desk.publication, rejection, approver.ref, NOW);
    await refused(takeBack(other.id, clerk), 'proposal-closed');
    for (const names of [{}, { sequence: 2, proposal: id }]) {
      const both = await signWithdrawal(clerk, { subject: 'anna' }, NOW, names);
      await refused(
        withdrawDecision(desk.stores, desk.publication, both, clerk.ref, NOW),
        'statement-invalid',
      );
    }
    expect((await desk.evaluate('anna')).decision).toEqual(manual);
  });

  it('REQ-ISS-034 what was withdrawn does not come back by a run that had read it before', async () => {
    const { clerk, approver } = desk.operators;
    const token = await signProposal(clerk, 'anna', { jti: 'p2', until: addHours(NOW, 300) });
    const longer = await propose(desk.stores, desk.publication, token, clerk.ref, NOW);
    const { append } = desk.stores.decisions;
    let slow = true;
    const late: typeof append = async (decision) => {
      if (slow) {
        slow = false;
        // Appended between the withdrawal and its run of the rules, at the worst: it is marked, and nothing is run.
        const stopped = {
          ...desk.stores,
          facts: { ...desk.stores.facts, list: () => Promise.reject(new Error('gone')) },
        };
        const withdrawal = await signWithdrawal(clerk, { subject: 'anna' }, NOW, {
          proposal: longer.id,
        });
        await withdrawDecision(stopped, desk.publication, withdrawal, clerk.ref, NOW).catch(() => undefined);
      }
      return append(decision);
    };
    const stores = { ...desk.stores, decisions: { ...desk.stores.decisions, append: late } };
    const approval = await signApproval(approver, longer.id);
    expect(await settleProposal(stores, desk.publication, approval, approver.ref, NOW)).toMatchObject({
      proposal: { state: 'withdrawn' },
      decision: { level: 'amber', proposal: id },
    });
    // Once more by a run that begins after it.
    expect(await takeBack(id, clerk)).toMatchObject({ decision: { level: 'green' } });
    expect(await suspended(desk.stores)).toEqual([]);
  });

  it('REQ-ISS-034 what was withdrawn is not approved again', async () => {
    await withdraw(desk.operators.clerk);
    const { approver } = desk.operators;
    const approval = await signApproval(approver, id);
    await refused(
      settleProposal(desk.stores, desk.publication, approval, approver.ref, NOW),
      'proposal-closed',
    );
  });

  it('REQ-ISS-029 REQ-ISS-033 not of another office, nor without a role for it, nor what no hand decided', async () => {
    const { auditor, elder, clerk } = desk.operators;
    await refused(withdraw(auditor), 'operator-unknown');
    await refused(withdraw(elder), 'operator-unknown');
    await refused(withdraw(clerk, { ...manual, sequence: 1 }), 'proposal-unknown');
    await refused(withdraw(clerk, { ...manual, sequence: 9 }), 'proposal-unknown');
    expect((await desk.evaluate('anna')).decision).toEqual(manual);
  });

  it('REQ-ISS-014 crash table: whatever call fails, withdrawing again comes to the same end', async () => {
    const { expected, outcomes } = await crashTable(setUp, async (stores, attempt) => {
      const { clerk } = desk.operators;
      const token = await signWithdrawal(clerk, manual);
      const { decision } = await attempt((ports) =>
        withdrawDecision(ports, desk.publication, token, clerk.ref, NOW),
      );
      return {
        decision,
        decisions: stores.decisions.everything.length,
        state: (await stores.proposals.find(id))?.state,
        suspended: await suspended(stores),
      };
    });
    expect(expected).toMatchObject({
      decision: { level: 'green' },
      decisions: 3,
      state: 'withdrawn',
      suspended: [],
    });
    expect(outcomes.length).toBeGreaterThan(20);
    for (const outcome of outcomes) expect(outcome).toEqual(expected);
  });
});

describe('what the second operator sees before they sign', () => {
  const random = insecureRandomFromSeed('views');

  it('each time leaves an entry of its own, where the person reads it after a merge', async () => {
    const { approver, clerk } = desk.operators;
    await desk.person('bea');
    const ports = { ...desk.stores, random };
    const see = (reason: string) => viewProposal(ports, desk.publication, id, approver.ref, reason, NOW);
    await see('on duty');
    await see('to tell a friend');
    const approval = await signMergeApproval(approver, { from: 'anna', into: 'bea' }, NOW);
    const pair = { from: 'anna', into: 'bea', approval };
    await mergeSubjects(desk.stores, desk.publication, pair, clerk.ref, 'one person', NOW);
    await see('once more');
    const { journal } = await ownRecord(desk.stores, desk.publication, 'bea', NOW);
    const reasons = journal.filter(({ kind }) => kind === 'facts-read').map(({ reason }) => reason);
    expect(reasons).toEqual(['on duty', 'to tell a friend', 'once more']);
  });

  const view = (by: SampleOperator, proposal = id, now: Instant = NOW) =>
    viewProposal({ ...desk.stores, random }, desk.publication, proposal, by.ref, 'to decide on it', now);

  it('REQ-ISS-029 the rule with its words, basis, expression, evidence and deadline, and the statement; it leaves an entry', async () => {
    const { approver, clerk } = desk.operators;
    const seen = await view(approver);
    expect(seen).toMatchObject({
      id,
      subject: 'anna',
      level: 'amber',
      rule: 'risk-area@1',
      words: { en: 'Because of risk-area.', zh: '说明' },
      legalBasis: { en: 'words', zh: '说明' },
      when: 'riskArea.exists(r, r.risk == "high")',
      evidence: 'movement',
      contestHours: 24,
      statement: 'Was in the market on Tuesday.',
      proposedBy: clerk.ref.kid,
    });
    expect(seen).not.toHaveProperty('sealed');
    const entry = {
      at: NOW,
      kind: 'facts-read',
      by: approver.ref,
      reason: 'to decide on it',
      about: 'health',
    };
    expect(await desk.stores.journal.list('anna')).toEqual([expect.objectContaining(entry)]);
    await view(approver, id, addHours(NOW, 1));
    expect(await desk.stores.journal.list('anna')).toHaveLength(2);
  });

  it('opens nothing where the entry cannot be written, nor for other roles', async () => {
    const { approver, clerk, auditor } = desk.operators;
    let opened = false;
    const stores = {
      ...desk.stores,
      sealer: {
        ...desk.stores.sealer,
        open: async () => {
          opened = true;
          return new Uint8Array();
        },
      },
      journal: {
        ...desk.stores.journal,
        append: async () => {
          throw new Error('storage is gone');
        },
      },
    };
    const run = viewProposal(
      { ...stores, random },
      desk.publication,
      id,
      approver.ref,
      'to decide on it',
      NOW,
    );
    await expect(run).rejects.toThrow('storage is gone');
    expect(opened).toBe(false);
    await refused(view(clerk), 'operator-unknown');
    await refused(view(auditor), 'operator-unknown');
    await refused(view(approver, 'A'.repeat(43)), 'proposal-unknown');
    expect(await desk.stores.journal.list('anna')).toEqual([]);
  });

  it('lists what waits, and nothing that has lapsed', async () => {
    const { clerk } = desk.operators;
    expect(await openProposals(desk.stores, NOW)).toEqual([]);
    const token = await signProposal(clerk, 'anna', { jti: 'p2' });
    const proposal = await propose(desk.stores, desk.publication, token, clerk.ref, NOW);
    expect(await openProposals(desk.stores, NOW)).toEqual([proposal]);
    expect(await openProposals(desk.stores, addHours(NOW, 48))).toEqual([]);
  });
});
