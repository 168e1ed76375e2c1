import type { Decision } from '@symbolon/issuer/decision';
import { isWorse } from '@symbolon/issuer/worse';
import { addSeconds } from '@symbolon/protocol/instant';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runRules } from '../../packages/issuer/src/decisions/evaluate.ts';
import { LIST, sampleDesk } from '../../packages/issuer/src/decisions/testing/sample-desk.ts';
import { mergeSubjects } from '../../packages/issuer/src/subjects/merge.ts';
import { signMergeApproval } from '../../packages/issuer/src/testing/sample-batch.ts';
import { sampleLog } from '../../packages/issuer/src/testing/sample-log.ts';
import { NOW } from '../../packages/issuer/src/testing/sample-publication.ts';

/** What the rules make of one and the same fact, whether witnesses answer, a round of the log, somebody who asks for a credential, and somebody green who is found to be the same person. */
const STEPS = [
  'red',
  'red',
  'amber',
  'amber',
  'green',
  'nothing',
  'down',
  'up',
  'round',
  'ask',
  'ask',
  'merge',
] as const;
/** So many people are merged at most, each green and with a credential. */
const OTHERS = 4;
const ORDER: readonly string[] = ['green', 'amber', 'red'];
const strictness = (level: string) => ORDER.indexOf(level);
const strictest = (levels: readonly string[]) => Math.max(-1, ...levels.map(strictness));

/** Plays the steps for one person, and looks after each. */
async function play(
  steps: readonly (typeof STEPS)[number][],
  look: (seen: {
    /** Levels of credentials that count now. */
    readonly shown: readonly string[];
    readonly newest: Decision | undefined;
    /** Levels of decisions that enough witnesses have seen. */
    readonly witnessed: readonly string[];
    readonly areDown: boolean;
    /** Whether the newest one was decided while one of a merge waited: then it waits too, how mild it may be. */
    readonly isOfMerge: boolean;
    /** Of each who was merged: whether their credential counts, and levels that witnesses have seen of what was decided since then for the worse. */
    readonly others: readonly { readonly isShown: boolean; readonly seenSince: readonly string[] }[];
  }) => void,
): Promise<void> {
  const desk = await sampleDesk();
  const log = await sampleLog(desk.stores, desk.publication);
  const ports = { ...desk.stores, decisionLog: log.decisionLog };
  await desk.person('anna');
  await desk.tested('anna', 'positive');
  let by = desk.publication;
  let witnessed = 0;
  let now = NOW;
  const minted: string[] = [];
  const others: { readonly idx: number; readonly since: number }[] = [];
  /** Of each decision: whether one of a merge waited when it was made. */
  const looked: boolean[] = [];
  const merge = async () => {
    const pair = { from: `other ${others.length}`, into: 'anna' };
    await desk.person(pair.from);
    await desk.tested(pair.from, 'negative', addSeconds(NOW, -3600));
    const { decision } = await runRules(ports, by, desk.scheme, pair.from, now);
    if (decision?.level !== 'green') throw new Error('they are green');
    const since = (await ports.decisions.newest('anna', 'health'))?.sequence ?? 0;
    others.push({ idx: minted.length, since });
    await desk.minted(decision, minted.length);
    minted.push(decision.level);
    const { clerk, approver } = desk.operators;
    const approval = await signMergeApproval(approver, pair, now);
    await mergeSubjects(ports, by, { ...pair, approval }, clerk.ref, 'The same birth record.', now);
  };
  for (const step of steps) {
    now = addSeconds(now, 60);
    if (step === 'down') for (const name of log.witnesses) log.down.add(name);
    else if (step === 'up') log.down.clear();
    else if (step === 'round') ({ witnessed } = await log.round(now, by));
    else if (step === 'merge') {
      if (others.length < OTHERS) await merge();
    } else if (step === 'ask') {
      const decision = await ports.decisions.newest('anna', 'health');
      if (decision === undefined || decision.mode === 'ended') continue;
      const awaited = log.decisionLog.awaitLeaf(decision, isWorse(desk.scheme, decision));
      if (await awaited.then(() => true).catch(() => false)) {
        await desk.minted(decision, minted.length);
        minted.push(decision.level);
      }
      ({ witnessed } = await log.round(now, by));
    } else {
      by = desk.ruled((rules) =>
        rules.flatMap((each) =>
          each.id !== 'positive' ? [each] : step === 'nothing' ? [] : [{ ...each, level: step }],
        ),
      );
      await runRules(ports, by, desk.scheme, 'anna', now);
    }
    const flagged = await desk.stores.lists.flagged(LIST);
    const suspended = new Set(flagged.filter((each) => each.suspended).map(({ idx }) => idx));
    const stored = await Promise.all(
      (await ports.decisions.all('anna', 'health')).map((each) => ports.decisions.find(each)),
    );
    const areSeen = stored.filter((each) => (each?.place?.index ?? Number.POSITIVE_INFINITY) < witnessed);
    for (; looked.length < stored.length; )
      looked.push(stored.some((each) => each?.decision.mode === 'merged' && !areSeen.includes(each)));
    look({
      isOfMerge: looked.at(-1) === true,
      shown: minted.filter((_, idx) => !suspended.has(idx)),
      newest: stored.at(-1)?.decision,
      witnessed: areSeen.map((each) => each?.decision.level ?? ''),
      areDown: log.down.size > 0,
      others: others.map(({ idx, since }) => ({
        isShown: !suspended.has(idx),
        seenSince: areSeen.flatMap((each) => {
          const { sequence = 0, level = '', mode } = each?.decision ?? {};
          const isForWorse = mode === 'ended' ? level === 'green' : level !== 'green';
          return sequence > since && isForWorse ? [level] : [];
        }),
      })),
    });
  }
}

const steps = fc.array(fc.constantFrom(...STEPS), { minLength: 20, maxLength: 60, size: 'max' });
const RUNS = { seed: 37, numRuns: 60 };

describe('REQ-ISS-037 whatever the rules say in turn, and whenever witnesses answer', () => {
  it('nobody is worse off than by a decision that enough witnesses have seen', async () => {
    let looks = 0;
    const whole = fc.asyncProperty(steps, (each) =>
      play(each, ({ shown, witnessed }) => {
        const adverse = shown.filter((level) => level !== 'green');
        if (adverse.length > 0) looks++;
        if (adverse.length > 0) expect(strictest(adverse)).toBeLessThanOrEqual(strictest(witnessed));
      }),
    );
    await fc.assert(whole, RUNS);
    expect(looks).toBeGreaterThan(200);
  });

  it('nobody who is merged loses what they have, but by what witnesses have seen since', async () => {
    let lost = 0;
    let kept = 0;
    const whole = fc.asyncProperty(steps, (each) =>
      play(each, ({ others, newest }) => {
        for (const { isShown, seenSince } of others) {
          if (!isShown) expect(seenSince).not.toEqual([]);
          if (!isShown) lost++;
          else if (newest?.level !== 'green') kept++;
        }
      }),
    );
    await fc.assert(whole, RUNS);
    expect(lost).toBeGreaterThan(100);
    expect(kept).toBeGreaterThan(100);
  });

  it('an outage keeps nobody stricter than they are', async () => {
    let eased = 0;
    const whole = fc.asyncProperty(steps, (each) =>
      play(each, ({ shown, newest, areDown, isOfMerge }) => {
        if (newest === undefined || isOfMerge) return;
        if (areDown && newest.milderThan !== undefined) eased++;
        const isOver = newest.mode === 'ended' && newest.level !== 'green';
        expect(strictest(shown)).toBeLessThanOrEqual(isOver ? -1 : strictness(newest.level));
      }),
    );
    await fc.assert(whole, RUNS);
    expect(eased).toBeGreaterThan(10);
  });
});
