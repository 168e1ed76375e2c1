import type { Code } from '@symbolon/protocol/codes';
import type { Verdict } from '@symbolon/protocol/schemas/verdict';

/** Exit codes of every command; 64 and up as in BSD's sysexits. */
export const EXIT = {
  accepted: 0,
  refused: 1,
  referred: 2,
  usage: 64,
  unreadable: 65,
  unavailable: 69,
  internal: 70,
  cannotWrite: 73,
  /** 128 + SIGINT, as a shell reports it. */
  interrupted: 130,
} as const;

export function exitCodeOf(verdict: Verdict): number {
  if (verdict.outcome === 'accepted') return EXIT.accepted;
  return verdict.outcome === 'referred' ? EXIT.referred : EXIT.refused;
}

/** Errors outside a verdict: what cannot be read, or cannot be reached. */
export function exitCodeOfError(code: Code): number {
  if (code === 'policy-malformed') return EXIT.usage;
  if (code === 'metadata-unreachable' || code === 'storage-failed') return EXIT.unavailable;
  if (code === 'internal-error') return EXIT.internal;
  return EXIT.unreadable;
}
