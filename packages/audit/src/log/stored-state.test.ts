import { EMPTY_ROOT } from '@symbolon/log/hashes';
import { encodeBase64 } from '@symbolon/protocol/base64url';
import { parseInstant } from '@symbolon/protocol/instant';
import { expect, it } from 'vitest';
import { newState } from './log-state.ts';
import { formatState, parseState } from './stored-state.ts';

const ORIGIN = 'log.example/cn-ha';
const HEAD = {
  ...{ symbolonAudit: 1, origin: ORIGIN, size: 0, peaks: [] },
  newest: { size: 0, root: encodeBase64(EMPTY_ROOT) },
  ...{ sightings: [], unwitnessed: [] },
};
const CLASS = {
  ...{ region: 'CN-HA', scheme: 'health', level: 'green', rule: 'clear@1', authority: 'cdc' },
  ...{ mode: 'automatic', at: '2026-09-04T00:00:00Z', per: 'day', approvers: [], seen: 496_000 },
  ...{ count: 2, first: 0 },
};
const stored = (head: object, lines: readonly object[]) =>
  [{ ...HEAD, ...head }, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('');

it('REQ-AUD-006 a state is a line, and a line for each class; it is written as it is read', () => {
  const text = stored({ classes: 1, uncounted: 3, others: [], unheld: 2, findings: [] }, [CLASS]);
  expect(parseState(text, ORIGIN)).toEqual({
    ...newState(ORIGIN),
    newest: { size: 0, root: EMPTY_ROOT },
    classes: [{ ...CLASS, at: parseInstant(CLASS.at) }],
    uncounted: 3,
    unheld: 2,
  });
  expect(formatState(parseState(text, ORIGIN))).toBe(text);
});

it('REQ-AUD-006 a state with other lines than it says is refused: what they are is not guessed', () => {
  const head = { classes: 1, others: [], findings: [] };
  for (const lines of [[], [CLASS, { ...CLASS, per: 'week' }]])
    expect(() => parseState(stored(head, lines), ORIGIN)).toThrow(
      expect.objectContaining({ code: 'audit-state-malformed' }),
    );
});
