import { addHours, formatInstant } from '@symbolon/protocol/instant';
import type { Verdict } from '@symbolon/protocol/schemas/verdict';
import { describe, expect, it } from 'vitest';
import { LIST, NOW, trustOf } from './testing/plain-trust.ts';
import { CARD, CLAIMS, mint, POLICY, show, TESTED } from './testing/presentations.ts';
import { decodeVerdict, encodeVerdict } from './verdict-json.ts';
import { verify } from './verify.ts';

const look = async (shown: string | readonly string[], policy = POLICY) =>
  verify(shown, trustOf(), policy, NOW);
const revoked = () => show({ claims: { ...CLAIMS, statusEntry: { idx: 1, uri: LIST } } });

/** The same value, with all members of all objects in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, each]) => [name, reversed(each)]),
  );
}

describe('a verdict as JSON', () => {
  it('has its members in one order, and times as text', async () => {
    const verdict = await look(await show({ disclose: ['reason', 'evidence'] }));
    const json = encodeVerdict(verdict);
    const [status] = 'statuses' in json ? json.statuses : [];
    expect(Object.keys(json)).toEqual(['outcome', 'at', 'basis', 'findings', 'statuses']);
    expect(Object.keys(json.basis)).toEqual(['registryVersion', 'signedAt', 'ageSeconds', 'statusListAt']);
    expect(Object.keys(status ?? {})).toEqual([
      ...['region', 'scheme', 'level', 'countsAs', 'rule', 'authority', 'assurance'],
      ...['issuedAt', 'expiresAt', 'contested', 'bearer', 'presentationId', 'details'],
    ]);
    expect(Object.keys(status?.details ?? {})).toEqual(['evidence', 'reason']);
    expect(json.at).toBe(formatInstant(NOW));
  });

  it.each([
    ['accepted', async () => look(await show())],
    ['referred', async () => look(await mint(CARD))],
    ['not accepted', async () => look(await revoked())],
    ['not authentic', async () => look(await mint())],
    [
      'of several',
      async () =>
        look([await show(), await show({ claims: TESTED })], { ...POLICY, schemes: ['health', 'test'] }),
    ],
  ])('REQ-ACC-005 %s: it is the same whatever order the verdict had, and is read back', async (_, make) => {
    const verdict = await make();
    const json = encodeVerdict(verdict);
    expect(decodeVerdict(JSON.parse(JSON.stringify(json)))).toEqual(verdict);
    expect(JSON.stringify(encodeVerdict(reversed(verdict) as Verdict))).toBe(JSON.stringify(json));
    expect(encodeVerdict(decodeVerdict(reversed(json)))).toEqual(json);
  });

  it('hands nothing on that a verdict does not have', async () => {
    const verdict: Verdict = await look(await mint());
    Object.assign(verdict, { statuses: ['smuggled'], holder: 'someone' });
    expect(Object.keys(encodeVerdict(verdict))).toEqual(['outcome', 'reason', 'at', 'basis', 'findings']);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a member of its own', { holder: 'someone' }],
    ['accepted, and nothing shown', { statuses: [] }],
    [
      'accepted, with a finding that refuses',
      {
        findings: [{ step: 'time', code: 'expired', requirement: 'REQ-TIM-001', severity: 'not-accepted' }],
      },
    ],
    [
      'a code that no verdict carries',
      {
        findings: [{ step: 'time', code: 'internal-error', requirement: 'REQ-TIM-001', severity: 'info' }],
      },
    ],
    ['a text', 'accepted'],
    ['an outcome of its own', { outcome: 'waved-through' }],
    ['a time in seconds', { at: addHours(NOW, 1) }],
    [
      'a code that there is not',
      { findings: [{ step: 'time', code: 'lucky', requirement: 'REQ-TIM-001', severity: 'info' }] },
    ],
  ])('REQ-ACC-005 verdict-malformed: %s', async (_, bad) => {
    const json = encodeVerdict(await look(await show()));
    const value = typeof bad === 'object' ? { ...json, ...bad } : bad;
    expect(() => decodeVerdict(value)).toThrowError(expect.objectContaining({ code: 'verdict-malformed' }));
  });
});
