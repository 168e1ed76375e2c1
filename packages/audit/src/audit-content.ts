import type { Instant } from '@symbolon/protocol/instant';
import type { PublicationLeaf } from '@symbolon/protocol/schemas/leaf';
import type { ReadFile } from '@symbolon/registry/source';
import type { SnapshotTrust } from '@symbolon/registry/trusted-set';
import type { ReadLog } from './audit-log.ts';
import { checkBursts } from './checks/bursts.ts';
import { checkApprovers } from './checks/check-approvers.ts';
import { checkOthers } from './checks/check-keys.ts';
import { checkClasses } from './checks/check-rules.ts';
import { checkPublications } from './checks/publications.ts';
import { checkRates } from './checks/rates.ts';
import { checkReach, OF_DECISIONS } from './checks/reach.ts';
import { isWorse } from './checks/worse.ts';
import type { CheckId, Findings } from './findings.ts';
import { ratedUntil } from './log/folded.ts';
import type { LogState } from './log/log-state.ts';
import { OTHERS } from './log/numbered-leaf.ts';
import { BOUNDS, EXACT_DAYS } from './log/tally.ts';
import { broughtSince } from './registry/brought.ts';
import type { PastRegistry } from './registry/past.ts';
import type { KnownRule } from './registry/past-rules.ts';
import { type DecisionRow, type LogReport, resultsOf } from './report/report.ts';

const OF_EVERY_LOG: readonly CheckId[] = [
  'consistency',
  'signature',
  'cosignatures',
  'freshness',
  'hashes',
  'leaf-form',
  'leaf-dates',
];
/** What is judged by leaves that are no decisions. */
const OF_OTHERS: readonly CheckId[] = ['rules', 'keys', 'bursts'];

/** What is judged by when decisions were made. */
const OF_TIMES: readonly CheckId[] = ['bursts', 'rates'];
const TOO_MANY = `leaves of more than ${BOUNDS.classes} classes in ${EXACT_DAYS} days`;

/** Everything that a log of decisions says, by what the registry said at the time. */
export function auditDecisions(
  { known, findings, ran, isWhole, ...log }: ReadLog,
  regions: readonly string[],
  past: PastRegistry,
  rules: ReadonlyMap<string, KnownRule>,
  now: Instant,
): LogReport {
  const { classes, others, uncounted, unheld, began, fold } = known;
  if (uncounted > 0)
    for (const check of OF_DECISIONS) findings.add(check, 'unchecked', undefined, TOO_MANY, uncounted);
  // Their windows and days are judged without them.
  for (const check of OF_TIMES)
    if (fold.late > 0) findings.add(check, 'unchecked', undefined, 'leaves that came late', fold.late);
  if (fold.unrated > 0)
    findings.add('rates', 'unchecked', undefined, `more than ${BOUNDS.days} rows of days`, fold.unrated);
  for (const check of OF_OTHERS) if (unheld > 0) addUnheld(check, unheld, findings);
  checkReach(classes, past, findings);
  checkClasses({ origin: log.origin, classes, past, rules }, findings);
  checkApprovers(classes, past, findings);
  checkOthers(others, past, rules, findings);
  const bursts = checkBursts(known, past, now, findings);
  const decisions = rowsOf(known, past);
  const rated = { from: ratedUntil(fold), until: Number.POSITIVE_INFINITY };
  const unusual = [...fold.unusual, ...checkRates(decisions, began, findings, rated)];
  return {
    ...log,
    kind: 'decisions',
    regions,
    checks: resultsOf(
      [...OF_EVERY_LOG, ...OF_DECISIONS],
      findings.all(),
      isWhole ? [...ran, ...OF_DECISIONS] : ran,
    ),
    decisions,
    uncharted: fold.uncharted,
    bursts,
    unusual,
  };
}

/** The log of the registry: every publication is in it. */
export async function auditPublications(
  { known, findings, ran, isWhole, ...log }: ReadLog,
  past: PastRegistry,
  read: ReadFile,
  trust: SnapshotTrust,
): Promise<LogReport> {
  const leaves = known.others.flatMap(({ leaf }) => (leaf.kind === 'publication' ? [leaf] : []));
  const first: PublicationLeaf | undefined = leaves[0];
  const newest = leaves.reduce((most, { version }) => Math.max(most, version), 0);
  const items = first && (await broughtSince(read, trust, first, newest));
  for (const { first: index } of known.classes)
    findings.add('leaf-form', 'failed', 'leaf-malformed', `leaf ${index}`);
  if (known.unheld > 0) addUnheld('publications', known.unheld, findings);
  checkPublications(known.others, past, items, log.witnessedAt, findings);
  return {
    ...log,
    kind: 'registry',
    regions: [],
    checks: resultsOf(
      [...OF_EVERY_LOG, 'publications'],
      findings.all(),
      isWhole ? [...ran, 'publications'] : ran,
    ),
    decisions: [],
    uncharted: 0,
    bursts: [],
    unusual: [],
  };
}

/** Oldest and coarsest first. */
function rowsOf({ classes, fold }: LogState, past: PastRegistry): readonly DecisionRow[] {
  return [
    ...fold.rows.map((row) => ({ ...row, approvers: [], isFolded: true })),
    ...classes.map(({ seen: _, ...each }) => ({ ...each, isWorse: isWorse(past, each), isFolded: false })),
  ];
}

function addUnheld(check: CheckId, count: number, findings: Findings): void {
  findings.add(
    check,
    'unchecked',
    undefined,
    `more leaves that are no decisions than ${OTHERS.leaves}, or than ${OTHERS.bytes} bytes`,
    count,
  );
}
