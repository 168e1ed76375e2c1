import { addHours } from '@symbolon/protocol/instant';
import { beforeEach, describe, expect, it } from 'vitest';
import { losingAnswerOf } from '../testing/lost-answer.ts';
import type { SampleOperator } from '../testing/sample-people.ts';
import { NOW } from '../testing/sample-publication.ts';
import { watchedPorts } from '../testing/watched-ports.ts';
import { lapseProposals } from './lapse.ts';
import { propose } from './propose.ts';
import { settleProposal } from './settle-proposal.ts';
import { type SampleDesk, sampleDesk, signApproval, signProposal } from './testing/sample-desk.ts';

let desk: SampleDesk;
let id: string;
beforeEach(async () => {
  desk = await sampleDesk();
  await desk.person('anna');
  const { clerk } = desk.operators;
  const claims = { until: addHours(NOW, 300) };
  const proposed = await signProposal(clerk, 'anna', claims);
  ({ id } = await propose(desk.stores, desk.publication, proposed, clerk.ref, NOW));
});

const settle = async (by: SampleOperator, verdict: 'approve' | 'reject', ports = desk.stores) =>
  settleProposal(ports, desk.publication, await signApproval(by, id, verdict), by.ref, NOW);
const lossy = () => losingAnswerOf(desk.stores, 'proposals.move');

describe('REQ-ISS-034 a verdict whose write was done, and answered that it was not', () => {
  it('is gone on with: what is approved is decided', async () => {
    const { approver } = desk.operators;
    expect(await settle(approver, 'approve', lossy())).toMatchObject({
      proposal: { state: 'decided', settledBy: approver.ref.kid },
      decision: { level: 'amber', proposal: id },
    });
    expect(desk.stores.decisions.everything).toHaveLength(1);
  });

  it('is told as it stands: what is rejected is rejected', async () => {
    expect(await settle(desk.operators.approver, 'reject', lossy())).toMatchObject({
      proposal: { state: 'rejected' },
    });
  });

  it.each([
    ['approve', 'approve', 'chief'],
    ['reject', 'approve', 'chief'],
    ['reject', 'approve', 'approver'],
    ['approve', 'reject', 'approver'],
  ] as const)('%s is refused where another verdict came first: %s by %s', async (verdict, first, by) => {
    let isFirst = true;
    const overtaken = watchedPorts(desk.stores, async (name, _, call) => {
      if (name === 'proposals.move' && isFirst) {
        isFirst = false;
        await settle(desk.operators[by], first);
      }
      return call();
    });
    await expect(settle(desk.operators.approver, verdict, overtaken)).rejects.toMatchObject({
      code: 'proposal-closed',
    });
    const settledBy = desk.operators[by].ref.kid;
    expect(await desk.stores.proposals.find(id)).toMatchObject({ settledBy });
  });
});

it('a proposal that lapsed by a write whose answer was lost is counted, and one that was settled meanwhile is not', async () => {
  const late = addHours(NOW, 300);
  const settled = watchedPorts(desk.stores, async (name, _, call) => {
    if (name === 'proposals.move') await settle(desk.operators.approver, 'reject');
    return call();
  });
  const { proposals } = desk.stores;
  const open = (await proposals.find(id)) ?? expect.unreachable();
  expect(await lapseProposals(settled, late)).toBe(0);
  expect(await proposals.move(open, 'rejected')).toBe(true);
  expect(await lapseProposals(lossy(), late)).toBe(1);
  expect(await lapseProposals(lossy(), late)).toBe(0);
});
