import type { Instant } from '@symbolon/protocol/instant';
import type { Burst } from '../checks/bursts.ts';
import type { UnusualRate } from '../checks/rates.ts';
import { CHECKS, type CheckId, type Finding, type Verdict, worst } from '../findings.ts';
import type { Class } from '../log/class.ts';

/** One check of one log, or of the registry. */
export interface CheckResult {
  readonly check: CheckId;
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
}

/** Decisions of one class; `isWorse` for the person. */
export interface DecisionRow extends Omit<Class, 'seen'> {
  readonly isWorse: boolean;
}

/** A log as it was audited. */
export interface LogReport {
  readonly origin: string;
  readonly kind: 'registry' | 'decisions';
  /** Regions that log there; none for the log of the registry. */
  readonly regions: readonly string[];
  /** Of the tree that its checkpoint names; nothing when there was none to go by. */
  readonly size: number | undefined;
  /** SHA-256, in hex. */
  readonly root: string | undefined;
  /** Leaves that were read in this run. */
  readonly read: number;
  /** When enough witnesses had seen it, and how many leaves of it. */
  readonly witnessedAt: Instant | undefined;
  readonly witnessedSize: number | undefined;
  /** Witnesses that cosigned the newest checkpoint, and when. */
  readonly cosigned: readonly (readonly [name: string, at: Instant])[];
  readonly checks: readonly CheckResult[];
  /** Files with notes that contradict one another, in the folder `evidence` of the state. */
  readonly evidence: readonly string[];
  readonly decisions: readonly DecisionRow[];
  readonly bursts: readonly Burst[];
  readonly unusual: readonly UnusualRate[];
}

export interface PublicationReport {
  readonly version: number;
  readonly at: Instant | undefined;
  readonly title: string | undefined;
  readonly roles: readonly {
    readonly role: string;
    readonly version: number;
    readonly threshold: number;
    readonly signed: readonly string[];
  }[];
}

export interface AuditReport {
  readonly at: Instant;
  readonly verdict: Verdict;
  readonly federation: { readonly en: string; readonly zh: string };
  readonly registry: {
    readonly version: number;
    readonly signedAt: Instant;
    readonly checks: readonly CheckResult[];
    /** Newest first. */
    readonly publications: readonly PublicationReport[];
  };
  readonly logs: readonly LogReport[];
  readonly witnesses: { readonly threshold: number; readonly of: readonly string[] } | undefined;
}

/** The results of these checks, in their order, each with what was found. A check that did not run to its end is never `ok`. */
export function resultsOf(
  checks: readonly CheckId[],
  findings: readonly Finding[],
  ran: readonly CheckId[],
): readonly CheckResult[] {
  return CHECKS.filter((check) => checks.includes(check)).map((check) => {
    const own = findings.filter((finding) => finding.check === check);
    return {
      check,
      verdict: worst([ran.includes(check) ? 'ok' : 'unchecked', ...own.map(({ verdict }) => verdict)]),
      findings: own,
    };
  });
}

/** Every check of a report, with the log that it is of. */
export function allResults({
  registry,
  logs,
}: AuditReport): readonly (CheckResult & { readonly of: string })[] {
  return [
    ...registry.checks.map((result) => ({ ...result, of: 'registry' })),
    ...logs.flatMap(({ origin, checks }) => checks.map((result) => ({ ...result, of: origin }))),
  ];
}

/** Whether a check did not run to its end, and found nothing. */
export function isSilent({ verdict, findings }: CheckResult): boolean {
  return verdict === 'unchecked' && findings.length === 0;
}
