import { SymbolonError } from '@symbolon/protocol/errors';
import { describe, expect, it } from 'vitest';
import type { DecisionRef } from '../ports.ts';
import { memoryStores } from '../testing/memory-stores.ts';
import { redDecision } from '../testing/sample-decision.ts';
import { samplePublication } from '../testing/sample-publication.ts';
import type { Decision, DecisionMode } from './decision.ts';
import { milderThan } from './milder.ts';

const { scheme } = await samplePublication();

const decided = (sequence: number, level: string, mode: DecisionMode = 'automatic'): Decision =>
  redDecision('anna', { sequence, level, mode });

const MODES: Readonly<Record<string, DecisionMode>> = { '-': 'ended', '~': 'merged' };

/** What was decided so far: `red*` had its effect, `red+` as the log says, and nobody has noted it; `red-` has ended, `red~` came of a merge; `red` waits for the witnesses. */
async function after(...past: readonly string[]) {
  const { decisions } = memoryStores();
  const seen = new Set<number>();
  const isEffective = async ({ sequence }: DecisionRef) =>
    seen.has(sequence) ||
    (await decisions.find({ ...decided(sequence, ''), sequence }))?.isEffective === true;
  for (const [index, said] of past.entries()) {
    const [, level = '', mark] = /^(\w+)([*+~-]?)$/.exec(said) ?? [];
    const decision = decided(index + 1, level, MODES[mark ?? '']);
    await decisions.append(decision);
    if (mark === '+') seen.add(index + 1);
    if (mark !== '*') continue;
    await decisions.markLogged(decision, { origin: 'log.test/a', index, salt: 'salt' }, true);
    await decisions.markEffective(decision);
  }
  const draft = (level: string, mode?: DecisionMode, of = scheme) => {
    const { sequence, ...rest } = decided(past.length + 1, level, mode);
    return milderThan({ decisions, decisionLog: { isEffective } }, of, rest, sequence);
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
    // Witnesses have seen it, and nobody has noted its effect yet.
    [['red+'], 'amber', 1],
    [['green', 'red+', 'red'], 'amber', 2],
    // One that waits and is milder may have had its effect when its level was a favourable one.
    [['red*', 'mauve'], 'amber', undefined],
    [['red*', 'amber'], 'red', undefined],
    // What came of a merge and waits: somebody else may be milder.
    [['red*', 'red~'], 'amber', undefined],
    [['red*', 'red~', 'red'], 'amber', undefined],
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

  it('no favourable level is the stricter one, in whatever order', async () => {
    const odd = { ...scheme, levels: scheme.levels.toReversed() };
    const draft = await after('red*', 'green');
    expect(await draft('amber', undefined, odd)).toBeUndefined();
  });

  it('a log that does not answer is not one that says no', async () => {
    const { decisions } = memoryStores();
    await decisions.append(decided(1, 'red'));
    const silent = { isEffective: () => Promise.reject(new SymbolonError('storage-failed')) };
    const { sequence: _, ...amber } = decided(2, 'amber');
    const looked = milderThan({ decisions, decisionLog: silent }, scheme, amber, 2);
    await expect(looked).rejects.toMatchObject({ code: 'storage-failed' });
  });
});
