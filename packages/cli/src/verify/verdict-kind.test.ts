import type { Code } from '@symbolon/protocol/codes';
import { instant } from '@symbolon/protocol/instant';
import type { Verdict } from '@symbolon/protocol/schemas/verdict';
import { expect, it } from 'vitest';
import { isUnreadable } from './verdict-kind.ts';

const NOTHING: Code = 'presentation-unrecognised';

function refusedFor(...codes: readonly Code[]): Verdict {
  return {
    outcome: 'refused',
    reason: 'not-authentic',
    at: instant(0),
    basis: { registryVersion: 1, signedAt: instant(0), ageSeconds: 0 },
    findings: codes.map((code) => ({
      step: 'decode',
      code,
      severity: 'not-authentic',
      requirement: 'REQ-DEC-005',
    })),
  };
}

it.each<[string, boolean, readonly Code[], number]>([
  ['the one that was shown is none', true, [NOTHING], 1],
  ['nothing was shown', true, [NOTHING], 0],
  ['both are none', true, [NOTHING, NOTHING], 2],
  ['one of two is none', false, [NOTHING], 2],
  ['one is none, and then one cannot be read', false, [NOTHING, 'packing-version-unknown'], 2],
  ['the same in the other order', false, ['packing-version-unknown', NOTHING], 2],
  ['there are too many', false, ['presentation-too-large'], 9],
])('REQ-DEC-005 whether no presentation was shown: %s', (_, unreadable, codes, shown) =>
  expect(isUnreadable(refusedFor(...codes), shown)).toBe(unreadable),
);
