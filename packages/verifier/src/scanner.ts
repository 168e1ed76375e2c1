import { requirementOf } from '@symbolon/protocol/codes';
import type { Instant } from '@symbolon/protocol/instant';
import type { Policy } from '@symbolon/protocol/schemas/policy';
import type { Finding, Severity, Verdict } from '@symbolon/protocol/schemas/verdict';
import { inOrder } from './findings.ts';
import { createReplayMemory } from './replay-memory.ts';
import type { SharedReplayMemory } from './shared-replay-memory.ts';
import type { Trust } from './trust/trust.ts';
import { verify } from './verify.ts';

/**
 * One scanner at one gate: it remembers what it was shown for the window and refuses it the second time (`replayed`). A copy at *another*
 * offline scanner within the window is not seen: such a place sets `requireNonce`, or its scanners share a memory.
 */
export interface Scanner {
  scan(presentation: string | readonly string[], trust: Trust, now: Instant): Promise<Verdict>;
}

export interface ScannerOptions {
  /**
   * Shared with other scanners. It is asked of what this one has not seen itself, and only of what has a key and would be accepted or referred: who asks with a policy
   * that nothing meets must not use up what another scanner is about to be shown.
   */
  readonly memory?: SharedReplayMemory;
  /** How many showings it remembers itself: `LIMITS.replayMemoryEntries` when left out. When they all lie within the window, the next is `replay-unknown`. */
  readonly entries?: number;
}

/** @throws SymbolonError (on scan) `policy-malformed` */
export function createScanner(policy: Policy, { memory, entries }: ScannerOptions = {}): Scanner {
  const own = createReplayMemory(entries);
  return {
    scan: async (presentation, trust, now) => {
      const verdict = await verify(presentation, trust, policy, now);
      const ids = replayIdsOf(verdict);
      // REQ-BND-014: so many at one gate are an attack on its memory. Nothing is forgotten for them.
      if (!ids.every((id) => own.hasRoomFor(id, now))) return unasked(verdict);
      // All are remembered, whichever was seen before.
      if (ids.filter((id) => own.isRepeat(id, now)).length > 0) return replayed(verdict);
      if (memory === undefined || verdict.outcome === 'refused') return verdict;
      const claims = await Promise.allSettled(ids.map(async (id) => memory.claim(id, now)));
      if (claims.some((claim) => claim.status === 'fulfilled' && !claim.value)) return replayed(verdict);
      return claims.some(({ status }) => status === 'rejected') ? unasked(verdict) : verdict;
    },
  };
}

/** What of a verdict is remembered, each once, as the credentials of one JSON-LD presentation share an id. A card is the same text each time it is shown. */
export function replayIdsOf(verdict: Verdict): readonly string[] {
  if (!('statuses' in verdict)) return [];
  const bound = verdict.statuses.filter(({ bearer }) => !bearer);
  return [...new Set(bound.map(({ presentationId }) => presentationId))];
}

/** REQ-BND-014: nobody knows whether it is a copy, so no gate opens by itself. */
function unasked(verdict: Verdict): Verdict {
  if (!('statuses' in verdict)) return verdict;
  const findings = inOrder([...verdict.findings, finding('replay-unknown', 'referred')]);
  if (verdict.outcome === 'refused') return { ...verdict, findings };
  return { ...verdict, outcome: 'referred', findings };
}

/** REQ-BND-010: nothing of a copy is handed on, not even which status list it names. */
export function replayed({ at, basis: { statusListAt: _, ...basis } }: Verdict): Verdict {
  const findings = [finding('replayed', 'not-authentic')];
  return { outcome: 'refused', reason: 'not-authentic', at, basis, findings };
}

function finding(code: 'replayed' | 'replay-unknown', severity: Severity): Finding {
  return { step: 'binding', code, requirement: requirementOf(code), severity };
}
