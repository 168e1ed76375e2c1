import { addHours, addSeconds, type Instant } from '@symbolon/protocol/instant';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Publication } from '../publication.ts';
import { NOW } from '../testing/sample-publication.ts';
import { continueReleases } from './continue-releases.ts';
import { decideWaiting } from './decide-waiting.ts';
import { lapseBursts } from './lapse.ts';
import { propose } from './propose.ts';
import { releaseBurst } from './release.ts';
import { settleProposal } from './settle-proposal.ts';
import {
  type SampleDesk,
  sampleDesk,
  signApproval,
  signProposal,
  signRelease,
} from './testing/sample-desk.ts';

const RULE = 'risk-area@1';
const DELAY_MINUTES = 15;
const minutes = (n: number): Instant => addSeconds(NOW, 60 * n);
let desk: SampleDesk;
let delayed: Publication;

beforeEach(async () => {
  desk = await sampleDesk();
  delayed = desk.bounded({ perHour: 3, perDay: 30, perWeek: 300, manualDelayMinutes: DELAY_MINUTES });
});

/** Two operators turn someone adverse by hand. */
async function byHand(subject: string, now: Instant, of = delayed) {
  const { clerk, approver } = desk.operators;
  await desk.person(subject);
  const token = await signProposal(clerk, subject, { until: addHours(NOW, 48) }, now);
  const { id } = await propose(desk.stores, of, token, clerk.ref, now);
  return settleProposal(desk.stores, of, await signApproval(approver, id, 'approve', now), approver.ref, now);
}
const decideAt = (now: Instant) => decideWaiting(desk.stores, delayed, { proposalsAtMost: 100 }, now);
const turned = () => desk.stores.decisions.everything.map(({ subject }) => subject);
const waiting = async () => (await desk.stores.proposals.passed(100)).length;

describe('REQ-ISS-030 a decision by hand waits for the delay of the federation', () => {
  it('is made when the delay is over, once, and not a second before', async () => {
    expect(await byHand('anna', NOW)).toMatchObject({
      proposal: { state: 'approved' },
      waitsUntil: minutes(DELAY_MINUTES),
    });
    expect(await decideAt(addSeconds(minutes(DELAY_MINUTES), -1))).toBe(0);
    expect(turned()).toEqual([]);
    expect(await decideAt(minutes(DELAY_MINUTES))).toBe(1);
    expect(await decideAt(minutes(DELAY_MINUTES + 1))).toBe(0);
    expect(turned()).toEqual(['anna']);
    expect(await waiting()).toBe(0);
  });

  it('is made at once where the federation asks for no delay', async () => {
    const { proposal } = await byHand('anna', NOW, desk.publication);
    expect(proposal.state).toBe('decided');
    expect(turned()).toEqual(['anna']);
  });

  it('is counted once: waiting, deciding and asking again do not fill the guard', async () => {
    for (const subject of ['a', 'b', 'c']) await byHand(subject, NOW);
    for (const n of [1, 2, 3, DELAY_MINUTES, DELAY_MINUTES + 1]) await decideAt(minutes(n));
    expect(turned()).toEqual(['a', 'b', 'c']);
    expect(await desk.stores.bursts.open()).toEqual([]);
  });

  it('a burst that begins meanwhile holds the first ones with the last, and lapses: nobody was turned', async () => {
    for (const [i, subject] of ['a', 'b', 'c'].entries()) await byHand(subject, minutes(i));
    expect(await byHand('d', minutes(4))).toMatchObject({ held: { state: 'held' } });
    expect(await decideAt(minutes(5))).toBe(0);
    expect(await waiting()).toBe(0);
    expect(await decideAt(minutes(60))).toBe(0);
    expect(await lapseBursts(desk.stores, addHours(minutes(4), 24))).toHaveLength(1);
    for (const hours of [25, 26, 47]) expect(await decideAt(addHours(NOW, hours))).toBe(0);
    expect(turned()).toEqual([]);
  });

  it('a release carries out all of them, the first ones too, and without another delay', async () => {
    for (const subject of ['a', 'b', 'c', 'd']) await byHand(subject, NOW);
    await decideAt(minutes(1));
    const [burst] = await desk.stores.bursts.open();
    const { overseers } = desk;
    const tokens = await Promise.all(
      overseers.slice(0, 2).map((each) => signRelease(each, burst?.id ?? '', [RULE], minutes(2))),
    );
    const [first = '', second = ''] = tokens;
    await releaseBurst(desk.stores, delayed, [first, second], minutes(2));
    await continueReleases(desk.stores, delayed, { subjectsAtMost: 100 }, minutes(3));
    expect(turned().toSorted()).toEqual(['a', 'b', 'c', 'd']);
    expect((await byHand('e', minutes(4))).proposal.state).toBe('decided');
  });

  it('what is withdrawn, or not decided in time, leaves the queue', async () => {
    const { proposal } = await byHand('anna', NOW);
    await desk.stores.proposals.move({ ...proposal, state: 'withdrawn' }, 'approved');
    await byHand('ben', NOW);
    expect(await waiting()).toBe(1);
    expect(await decideAt(addHours(NOW, 24 * 8))).toBe(0);
    expect(await waiting()).toBe(0);
    expect(turned()).toEqual([]);
  });
});
