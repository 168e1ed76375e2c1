import { describe, expect, it } from 'vitest';
import { memoryStores } from '../testing/memory-stores.ts';
import { NOW, samplePublication } from '../testing/sample-publication.ts';
import type { Decision, DecisionMode } from './decision.ts';
import { milderThan } from './milder.ts';

const { scheme } = await samplePublication();

const decided = (sequence: number, level: string, mode: DecisionMode = 'automatic'): Decision => ({
  subject: 'anna',
  scheme: 'health',
  sequence,
  level,
  rule: 'positive@1',
  authority: 'cdc',
  evidence: 'laboratory',
  mode,
  decidedAt: NOW,
});

/** What was decided so far: `red*` had its effect, `red-` has ended, `red` waits for the witnesses. */
async function after(...past: readonly string[]) {
  const { decisions } = memoryStores();
  for (const [index, said] of past.entries()) {
    const [, level = '', mark] = /^(\w+)([*-]?)$/.exec(said) ?? [];
    const decision = decided(index + 1, level, mark === '-' ? 'ended' : 'automatic');
    await decisions.append(decision);
    if (mark !== '*') continue;
    await decisions.markLogged(decision, { origin: 'log.test/a', index, salt: 'salt' }, true);
    await decisions.markEffective(decision);
  }
  const draft = (level: string, mode?: DecisionMode) => {
    const { sequence, ...rest } = decided(past.length + 1, level, mode);
    return milderThan(decisions, scheme, rest, sequence);
  };
  return draft;
}

describe('REQ-ISS-037 milder than the decision in effect', () => {
  it.each<readonly [past: readonly string[], level: string, than: number | undefined]>([
    [[], 'amber', undefined],
    [['green'], 'amber', undefined],
    [['red*'], 'amber', 1],
    [['red*'], 'red', undefined],
    [['red*'], 'green', undefined],
    [['amber*'], 'red', undefined],
    // What waits has no effect, in whatever number.
    [['red'], 'amber', undefined],
    [['green', 'red'], 'amber', undefined],
    [['red*', 'red', 'red'], 'amber', 1],
    [['amber*', 'red'], 'amber', undefined],
    // A favourable one takes effect by itself, and so does the end of an adverse one: there is no status then.
    [['red*', 'green'], 'amber', undefined],
    [['red*', 'red-'], 'amber', undefined],
    // The end of a favourable one waits.
    [['green', 'green-'], 'amber', undefined],
    [['red*', 'green', 'green-'], 'amber', undefined],
    // A level that there is no more is milder than all, and waits as the decision itself does.
    [['red*'], 'mauve', 1],
    [['mauve*'], 'amber', undefined],
  ])('after %j, %s: %s', async (past, level, than) => {
    expect(await (await after(...past))(level)).toBe(than);
  });

  it('an end is never', async () => {
    expect(await (await after('red*'))('red', 'ended')).toBeUndefined();
  });

  it.each([
    [15, 1],
    [16, undefined],
  ])('%s that wait are looked past, or they are too many', async (waiting, than) => {
    const past = Array.from({ length: waiting }, () => 'red');
    expect(await (await after('red*', ...past))('amber')).toBe(than);
  });
});
