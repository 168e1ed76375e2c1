import { requirementOf } from '@symbolon/protocol/codes';
import type { Instant } from '@symbolon/protocol/instant';
import { LIMITS, WINDOW } from '@symbolon/protocol/limits';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import type { Verdict } from '@symbolon/protocol/schemas/verdict';
import type { Trust } from './trust/trust.ts';
import { verify } from './verify.ts';

/** How long a presentation id is remembered: as long as the presentation could be accepted again. */
const MEMORY_SECONDS = WINDOW.aheadSeconds + WINDOW.behindSeconds;

/**
 * One scanner at one gate: it remembers what it was shown for the window and refuses it the second time (`replayed`). A copy at *another*
 * offline scanner within the window is not seen: such a place sets `requireNonce`.
 */
export interface Scanner {
  scan(presentation: string, trust: Trust, now: Instant): Promise<Verdict>;
}

/** @throws SymbolonError (on scan) `policy-malformed` */
export function createScanner(policy: Policy): Scanner {
  const seen = new Map<string, Instant>();
  return {
    scan: async (presentation, trust, now) => {
      const verdict = await verify(presentation, trust, policy, now);
      if (!('presentationId' in verdict) || verdict.statuses.some((status) => status.bearer)) return verdict;
      forget(seen, now);
      const { presentationId, at, basis } = verdict;
      if (seen.has(presentationId)) {
        const replayed = { step: 'binding', code: 'replayed', severity: 'not-authentic' } as const;
        const findings = [{ ...replayed, requirement: requirementOf('replayed') }];
        return { outcome: 'refused', reason: 'not-authentic', at, basis, findings };
      }
      seen.set(presentationId, now);
      return verdict;
    },
  };
}

/** Entries are in the order in which they came. Past the bound the oldest goes: 65,536 in 90 s is more than any gate sees. */
function forget(seen: Map<string, Instant>, now: Instant): void {
  for (const [id, at] of seen) {
    if (now - at <= MEMORY_SECONDS && seen.size < LIMITS.replayMemoryEntries) return;
    seen.delete(id);
  }
}
