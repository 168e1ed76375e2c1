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
import { OF_DECISIONS, withinReach } from './checks/reach.ts';
import { isWorse } from './checks/worse.ts';
import type { CheckId, Findings } from './findings.ts';
import { OTHERS } from './log/numbered-leaf.ts';
import { MOST_CLASSES } from './log/tally.ts';
import { broughtSince } from './registry/brought.ts';
import type { PastRegistry } from './registry/past.ts';
import type { KnownRule } from './registry/past-rules.ts';
import { type LogReport, resultsOf } from './report/report.ts';

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

/** Everything that a log of decisions says, by what the registry said at the time. */
export function auditDecisions(
  { known, findings, ran, isWhole, ...log }: ReadLog,
  regions: readonly string[],
  past: PastRegistry,
  rules: ReadonlyMap<string, KnownRule>,
  now: Instant,
): LogReport {
  const { classes, others, uncounted, unheld } = known;
  if (uncounted > 0)
    for (const check of OF_DECISIONS)
      findings.add(check, 'unchecked', undefined, `leaves of more than ${MOST_CLASSES} classes`, uncounted);
  for (const check of OF_OTHERS) if (unheld > 0) addUnheld(check, unheld, findings);
  const { counted, judged } = withinReach(classes, past, findings);
  checkClasses({ origin: log.origin, classes: judged, past, rules }, findings);
  checkApprovers(judged, past, findings);
  checkOthers(others, past, rules, findings);
  const bursts = checkBursts({ classes: counted, others }, past, now, findings);
  const decisions = classes.map(({ seen: _, ...each }) => ({ ...each, isWorse: isWorse(past, each) }));
  const unusual = checkRates(decisions, findings);
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
    bursts: [],
    unusual: [],
  };
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
