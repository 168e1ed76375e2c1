import { requirementOf } from '@symbolon/protocol/codes';
import type { Instant } from '@symbolon/protocol/instant';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import type { Verdict } from '@symbolon/protocol/schemas/verdict';
import { createReplayMemory } from './replay-memory.ts';
import type { Trust } from './trust/trust.ts';
import { verify } from './verify.ts';

/**
 * One scanner at one gate: it remembers what it was shown for the window and refuses it the second time (`replayed`). A copy at *another*
 * offline scanner within the window is not seen: such a place sets `requireNonce`.
 */
export interface Scanner {
  scan(presentation: string, trust: Trust, now: Instant): Promise<Verdict>;
}

/** @throws SymbolonError (on scan) `policy-malformed` */
export function createScanner(policy: Policy): Scanner {
  const memory = createReplayMemory();
  return {
    scan: async (presentation, trust, now) => {
      const verdict = await verify(presentation, trust, policy, now);
      // A card is the same text each time it is shown.
      if (!('presentationId' in verdict) || verdict.statuses.some(({ bearer }) => bearer)) return verdict;
      return memory.isRepeat(verdict.presentationId, now) ? replayed(verdict) : verdict;
    },
  };
}

/** REQ-BND-010: nothing of a copy is handed on, not even which status list it names. */
function replayed({ at, basis: { statusListAt: _, ...basis } }: Verdict): Verdict {
  const code = 'replayed';
  const finding = {
    step: 'binding',
    code,
    requirement: requirementOf(code),
    severity: 'not-authentic',
  } as const;
  return { outcome: 'refused', reason: 'not-authentic', at, basis, findings: [finding] };
}
