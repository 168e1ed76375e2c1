import { type Code, requirementOf } from '@symbolon/protocol/codes';
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

const UNAVAILABLE: readonly Code[] = [
  'decision-unlogged',
  'key-service-failed',
  'metadata-unreachable',
  'storage-failed',
];
/** A change of the registry that a ceremony refuses, besides the codes of ceremonies themselves. */
const REFUSALS: readonly Code[] = [
  'clock',
  'dictionary-mutated',
  'key-duplicate',
  'key-without-lead',
  'metadata-expired',
  'publication-conflict',
  'expression-forbidden',
  'expression-malformed',
  'rule-mutated',
  'rule-set-malformed',
  'rule-without-lead',
];

/** Errors outside a verdict: what cannot be read, cannot be reached, or is refused by a ceremony. */
export function exitCodeOfError(code: Code): number {
  if (code === 'policy-malformed') return EXIT.usage;
  if (code === 'object-exists') return EXIT.cannotWrite;
  if (code === 'internal-error') return EXIT.internal;
  if (code === 'event-malformed') return EXIT.unreadable;
  if (code === 'event-unsigned') return EXIT.referred;
  if (UNAVAILABLE.includes(code)) return EXIT.unavailable;
  const isRefusal = REFUSALS.includes(code) || requirementOf(code).startsWith('REQ-CER-');
  return isRefusal ? EXIT.refused : EXIT.unreadable;
}
