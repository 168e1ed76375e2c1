import type { Code } from '@symbolon/protocol/codes';
import { isSymbolonError } from '@symbolon/protocol/errors';
import type { Outcome } from '@symbolon/verifier/outcome';

/**
 * The catalogue of log lines: every line that a function can write. No personal data, credential, key, subject id or input: counts,
 * codes and names of published things only.
 */
export interface LogCatalogue {
  'request.done': { readonly route: string; readonly status: number; readonly milliseconds: number };
  'request.refused': { readonly route: string; readonly code: Code };
  'request.failed': {
    readonly route: string;
    readonly code: Code;
    /** What lies behind the code: of `decision-unlogged`, say, what is wrong with the log. */
    readonly cause: Code | 'none';
    readonly errorName: string;
    readonly where: string;
  };
  'schedule.done': { readonly milliseconds: number };
  'schedule.failed': {
    readonly code: Code | 'internal-error';
    readonly cause: Code | 'none';
    readonly errorName: string;
    readonly where: string;
  };
  'subject.enrolled': { readonly identifiers: number };
  'facts.stored': {
    readonly scheme: string;
    readonly source: string;
    readonly facts: number;
    readonly new: number;
  };
  /** A batch waits for a second operator: it would turn so many people adverse. */
  'facts.held': { readonly scheme: string; readonly source: string; readonly adverse: number };
  'facts.settled': { readonly source: string; readonly state: string; readonly kid: string };
  'facts.read': { readonly scheme: string; readonly authority: string; readonly kid: string };
  'subjects.merged': { readonly authority: string; readonly kid: string };
  'guardian.changed': { readonly authority: string; readonly kid: string };
  'card.minted': { readonly scheme: string };
  'decision.proposed': { readonly scheme: string; readonly rule: string; readonly kid: string };
  'decision.settled': {
    readonly scheme: string;
    readonly rule: string;
    readonly verdict: string;
    readonly kid: string;
  };
  'decision.withdrawn': { readonly kid: string };
  /** More adverse decisions than the federation allows: what comes after waits for two overseers. Someone must look now. */
  'burst.held': { readonly burst: string; readonly scheme: string; readonly cause: string };
  'burst.released': { readonly burst: string; readonly rules: number };
  'burst.lapsed': { readonly burst: string };
  /** What the upkeep did in one run. */
  'decisions.kept': {
    readonly lapsed: number;
    readonly proposals: number;
    readonly decided: number;
    readonly continued: number;
    readonly visited: number;
    readonly changed: number;
    /** Decisions that waited in a log which the region has left. */
    readonly requeued: number;
  };
  /** A round of a region's log: how many leaves it has, how many are new, how many enough witnesses have seen, and how many decisions took effect by that. */
  'log.round': {
    readonly size: number;
    readonly added: number;
    readonly witnessed: number;
    readonly settled: number;
  };
  /** A witness gave no cosignature when it was asked. */
  'log.witness-silent': { readonly witness: string };
  /** So many leaves, and the worse decisions among them, wait for witnesses at the end of a run. */
  'log.witnesses-too-few': { readonly waiting: number; readonly cosigned: number };
  /** What is stored of the log is not what was signed, or others have seen another tree (`log-fork`): no round goes on from there. Someone must look now. */
  'log.damaged': { readonly code: Code; readonly path: string };
  /** A leaf is in the log whose decision is not in the table any more, as if it had been deleted: nobody gets its receipt. Someone must look now. */
  'log.decision-gone': { readonly region: string; readonly index: number };
  /** The leaves of a region that logs here could not be read, or not be marked as logged; those of the others went in. */
  'log.region-left-out': { readonly region: string; readonly code: Code | 'internal-error' };
  'batch.minted': { readonly scheme: string; readonly format: string; readonly credentials: number };
  'credentials.revoked': { readonly entries: number };
  'lists.published': { readonly lists: number; readonly published: number };
  /** A private key that is published and did not open. */
  'key.unopened': { readonly kid: string; readonly code: Code };
  /** What key-epoch found: keys that are due, and private keys that it made or deleted. */
  'epochs.checked': { readonly due: number; readonly made: number; readonly forgotten: number };
  'keys.published': { readonly status: number };
  /** What was signed before is not published yet, and was sent as it is. */
  'keys.sent-again': { readonly version: number };
  /** The registry will not publish what was signed: people must publish a version by hand. */
  'keys.refused': { readonly code: Code };
  /** The hub shows a registry that was signed so many seconds ago: nothing is signed on top of it. */
  'registry.stale': { readonly seconds: number };
  'publication.made': { readonly snapshotVersion: number; readonly files: number; readonly tries: number };
  /** Publications went into the log of the registry, so many leaves. `witnessed` is the size that enough witnesses have seen. */
  'registry-log.written': {
    readonly size: number;
    readonly added: number;
    readonly witnessed: number;
    readonly silent: number;
  };
  /** What was published is not in the log of the registry yet: the next run of registry-timestamp does it. */
  'registry-log.postponed': { readonly code: Code };
  /** The bundle was not written now: the next run of registry-timestamp does it. */
  'bundle.postponed': { readonly code: Code };
  'registry.resigned': { readonly snapshots: number };
  /** The hub is silent: the function goes on by what it knew, signed so many seconds ago. */
  'registry.absent': {
    readonly code: Code;
    readonly seconds: number;
    readonly from: 'hub' | 'copy';
    readonly regionExpired: boolean;
  };
  /** The hub is silent, and what is known is so old that no verifier would accept by it. */
  'registry.too-old': { readonly code: Code; readonly seconds: number };
  /** The region's own copy of the registry cannot be used. */
  'registry.copy-unusable': { readonly code: Code };
  /** The region's own copy was not written now: the next run tries again. */
  'registry.copy-failed': { readonly code: Code };
  'start.failed': {
    readonly code: Code | 'internal-error';
    readonly errorName: string;
    readonly detail: string;
  };
  /** What was answered, and how often each code stands in it: nothing of what was shown. */
  'verdict.given': {
    readonly outcome: Outcome;
    readonly codes: Readonly<Partial<Record<Code, number>>>;
  };
  /** A newer bundle is in use. */
  'trust.renewed': { readonly registryVersion: number; readonly seconds: number };
  /** The bundle could not be renewed: verdicts go on by one whose registry was signed so many seconds ago. */
  'trust.absent': { readonly code: Code; readonly seconds: number; readonly from: 'memory' | 'copy' };
  /** The copy of the bundle was not written now: the next newer one is. */
  'trust.copy-failed': { readonly code: Code };
  'bundle.written': { readonly files: number; readonly bytes: number; readonly regionsUnreachable: number };
}

export type Log = <E extends keyof LogCatalogue>(event: E, fields: LogCatalogue[E]) => void;

/** One JSON object a line on standard output, as CloudWatch reads it. */
export function jsonLog(functionName: string): Log {
  return (event, fields) => {
    process.stdout.write(`${JSON.stringify({ event, function: functionName, ...fields })}\n`);
  };
}

/** The code of the error that an error came of, where that is one of ours: a code never holds input. */
export function causeOf(error: unknown): Code | 'none' {
  const cause = error instanceof Error ? error.cause : undefined;
  return isSymbolonError(cause) ? cause.code : 'none';
}

/** The innermost function of our own in a stack: enough to find the fault, nothing of the data. */
export function whereOf(error: unknown): string {
  // A message may have lines of its own, and may hold data: only lines that are frames count.
  const frame =
    error instanceof Error
      ? error.stack?.split('\n').find((line) => /^ {4}at [^\n]*:\d+:\d+\)?$/.test(line))
      : undefined;
  return frame === undefined ? 'unknown' : frame.trim().slice(0, 160);
}
