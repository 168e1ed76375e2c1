import type { Decision } from '@symbolon/issuer/decision';
import { isWorse } from '@symbolon/issuer/worse';
import { addSeconds } from '@symbolon/protocol/instant';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runRules } from '../../packages/issuer/src/decisions/evaluate.ts';
import { LIST, sampleDesk } from '../../packages/issuer/src/decisions/testing/sample-desk.ts';
import { sampleLog } from '../../packages/issuer/src/testing/sample-log.ts';
import { NOW } from '../../packages/issuer/src/testing/sample-publication.ts';

/** What the rules make of one and the same fact, whether witnesses answer, a round of the log, and somebody who asks for a credential. */
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
] as const;
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
  for (const step of steps) {
    now = addSeconds(now, 60);
    if (step === 'down') for (const name of log.witnesses) log.down.add(name);
    else if (step === 'up') log.down.clear();
    else if (step === 'round') ({ witnessed } = await log.round(now, by));
    else if (step === 'ask') {
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
    look({
      shown: minted.filter((_, idx) => !suspended.has(idx)),
      newest: await ports.decisions.newest('anna', 'health'),
      witnessed: areSeen.map((each) => each?.decision.level ?? ''),
      areDown: log.down.size > 0,
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

  it('an outage keeps nobody stricter than they are', async () => {
    let eased = 0;
    const whole = fc.asyncProperty(steps, (each) =>
      play(each, ({ shown, newest, areDown }) => {
        if (newest === undefined) return;
        if (areDown && newest.milderThan !== undefined) eased++;
        const isOver = newest.mode === 'ended' && newest.level !== 'green';
        expect(strictest(shown)).toBeLessThanOrEqual(isOver ? -1 : strictness(newest.level));
      }),
    );
    await fc.assert(whole, RUNS);
    expect(eased).toBeGreaterThan(10);
  });
});
