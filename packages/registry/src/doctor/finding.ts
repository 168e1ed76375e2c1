import type { Code } from '@symbolon/protocol/codes';
import type { Instant } from '@symbolon/protocol/instant';

/** `warn`: it will be serious at `at` if nobody acts. `fail`: it is. */
export type DoctorSeverity = 'warn' | 'fail';

/** One thing that is wrong, or is going to be. */
export interface DoctorFinding {
  readonly code: Code;
  readonly severity: DoctorSeverity;
  /** A role (`root`, `CN-GD.keys`), keys of a use (`CN-GD.credential`), a service (`CN-GD.lists`), or a region. */
  readonly place: string;
  /** When it becomes serious, or did. Nothing when that is no matter of time. */
  readonly at?: Instant;
  /** What was found exactly, where the code covers several things. */
  readonly reason?: Code;
}

/** The worst first, and of those the most urgent: without a time it is now. */
export function inOrder(findings: readonly DoctorFinding[]): readonly DoctorFinding[] {
  const rank = ({ severity, at }: DoctorFinding) => (severity === 'fail' ? 0 : 1e12) + (at ?? 0);
  return findings.toSorted((a, b) => rank(a) - rank(b) || a.place.localeCompare(b.place, 'en'));
}
