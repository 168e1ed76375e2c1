import { type LogTrust, logTrust } from '@symbolon/log/checkpoint';
import type { ReadLogFile } from '@symbolon/log/tile-reader';
import { toHex } from '@symbolon/protocol/bytes';
import { isSymbolonError } from '@symbolon/protocol/errors';
import { HOUR_SECONDS, type Instant } from '@symbolon/protocol/instant';
import type { Federation } from '@symbolon/protocol/schemas/federation';
import type { LogPlace } from '@symbolon/protocol/schemas/log';
import type { AuditState } from './audit-state.ts';
import { type CheckId, collectFindings, type Findings } from './findings.ts';
import type { LogState } from './log/log-state.ts';
import { type Contradiction, type OpenedLog, openLog } from './log/open-log.ts';
import { type Walk, walkLog } from './log/walk-log.ts';
import type { LogReport } from './report/report.ts';

export interface AuditRun {
  readonly state: AuditState;
  readonly now: Instant;
  readonly isStopped: () => boolean;
  readonly onProgress: (label: string, done: number, all: number) => void;
  /** In milliseconds. */
  readonly clock: () => number;
}

export interface ReadLog
  extends Pick<
    LogReport,
    'origin' | 'size' | 'root' | 'read' | 'witnessedAt' | 'witnessedSize' | 'cosigned' | 'evidence'
  > {
  /** What is known of its leaves, also of those after a fault. */
  readonly known: LogState;
  /** So far. */
  readonly findings: Findings;
  /** Checks that ran to their end. */
  readonly ran: readonly CheckId[];
  /** Whether every leaf was read, and is what was signed: else what is judged by the leaves is not judged to the end. */
  readonly isWhole: boolean;
}

/**
 * Reads what is new in one log, and checks what can be checked of a log without the registry's history. What was sound is kept in the state before this returns.
 *
 * @throws SymbolonError `audit-state-malformed`
 */
export async function readLog(
  run: AuditRun,
  place: LogPlace,
  read: ReadLogFile,
  federation: Federation,
): Promise<ReadLog> {
  const { state, now, isStopped, onProgress, clock } = run;
  const trust = logTrust(place, federation.witnesses);
  const before = await state.log(place.origin);
  const findings = collectFindings();
  let opened: OpenedLog | Contradiction | undefined;
  let walk: Walk | undefined;
  let evidence: string[] = [];
  try {
    opened = await openLog(read, trust, before, findings, now);
    if (opened !== undefined && 'notes' in opened)
      evidence = await Promise.all(opened.notes.map((note) => state.keepEvidence(place.origin, note)));
    else if (opened !== undefined) {
      walk = await walkLog(read, opened, before, findings, {
        now,
        isStopped,
        onProgress: (done, all) => onProgress(place.origin, done, all),
        keep: state.save,
        clock,
      });
      await state.save(walk.state);
    }
  } catch (error) {
    if (!isSymbolonError(error) || !OF_THE_LOG.includes(error.code)) throw error;
    // What a stop broke off speaks against nobody.
    if (!isStopped()) findings.add('hashes', 'failed', error.code, error.path ?? 'log');
  }
  const log = opened !== undefined && 'checkpoint' in opened ? opened : undefined;
  const ran: CheckId[] = [];
  if (opened !== undefined) ran.push('signature', 'consistency');
  if (log !== undefined) ran.push(...checkWitnesses(log, trust, federation, now, findings));
  const isWhole = walk?.isWhole === true;
  if (isWhole) ran.push('hashes', 'leaf-form', 'leaf-dates');
  const known = walk?.found ?? before;
  for (const { check, verdict, code, count, places } of known.findings) {
    for (const [i, each] of places.entries())
      findings.add(check, verdict, code, each, i === 0 ? count - places.length + 1 : 1);
  }
  return {
    origin: place.origin,
    size: log?.checkpoint.size,
    root: log && toHex(log.checkpoint.root),
    read: walk?.read ?? 0,
    witnessedAt: log?.witnessedAt,
    witnessedSize: log?.witnessedSize,
    cosigned: [...(log?.checkpoint.cosigned ?? [])],
    evidence,
    known,
    findings,
    ran,
    isWhole,
  };
}

const OF_THE_LOG: readonly string[] = [
  'log-missing',
  'tile-malformed',
  'leaf-rewritten',
  'checkpoint-malformed',
];

/** REQ-LOG-005, REQ-LOG-009: what witnesses saw, how long ago, and for how long there is more than they saw. @returns what ran */
function checkWitnesses(
  { witnessedAt, witnessedSize = 0, checkpoint, unwitnessed }: OpenedLog,
  { threshold }: LogTrust,
  { freshness, witnesses }: Federation,
  now: Instant,
  findings: Findings,
): readonly CheckId[] {
  if (witnesses === undefined) {
    findings.add('cosignatures', 'unchecked', undefined, 'the federation names no witnesses');
    findings.add('freshness', 'unchecked', undefined, 'the federation names no witnesses');
    return [];
  }
  if (witnessedAt === undefined) {
    const place = `${checkpoint.cosigned.size} of ${threshold}`;
    findings.add('cosignatures', 'failed', 'witnesses-too-few', place);
    return ['cosignatures'];
  }
  const grade = (hours: number) => (hours >= freshness.referAfterHours ? 'failed' : 'warning');
  const hoursSince = (then: Instant) => Math.floor((now - then) / HOUR_SECONDS);
  const [tail] = unwitnessed;
  if (tail !== undefined && hoursSince(tail.seen) >= 1)
    findings.add(
      'cosignatures',
      grade(hoursSince(tail.seen)),
      'witnesses-too-few',
      `leaves from ${witnessedSize} on`,
    );
  const hours = hoursSince(witnessedAt);
  if (hours >= freshness.warnAfterHours)
    findings.add('freshness', grade(hours), 'checkpoint-stale', `${hours} hours`);
  return ['cosignatures', 'freshness'];
}
