import { type Instant, instant } from '@symbolon/protocol/instant';
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
import { isWorse } from './checks/worse.ts';
import type { CheckId, Findings } from './findings.ts';
import { MOST_OTHERS } from './log/log-state.ts';
import { type Class, MOST_CLASSES } from './log/tally.ts';
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
const OF_DECISIONS: readonly CheckId[] = ['regions', 'rules', 'approvers', 'keys', 'bursts', 'rates'];
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
  for (const check of OF_DECISIONS) {
    if (uncounted > 0)
      findings.add(check, 'unchecked', undefined, `leaves of more than ${MOST_CLASSES} classes`, uncounted);
  }
  for (const check of OF_OTHERS) if (unheld > 0) addUnheld(check, unheld, findings);
  checkReach(classes, past, findings);
  checkClasses({ origin: log.origin, classes, past, rules }, findings);
  checkApprovers(classes, past, findings);
  checkOthers(others, past, rules, findings);
  const bursts = checkBursts(classes, others, past, now, findings);
  const unusual = checkRates(classes, past, beganAt(classes.map(({ at }) => at)), findings);
  return {
    ...log,
    kind: 'decisions',
    regions,
    checks: resultsOf(
      [...OF_EVERY_LOG, ...OF_DECISIONS],
      findings.all(),
      isWhole ? [...ran, ...OF_DECISIONS] : ran,
    ),
    classes: classes.map((each) => ({ ...each, isWorse: isWorse(past, each) })),
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
    classes: [],
    bursts: [],
    unusual: [],
  };
}

/** Leaves from before the publications that are known are judged by the oldest of them: that is never `ok`. */
function checkReach(classes: readonly Class[], past: PastRegistry, findings: Findings): void {
  const since = past.publications[0]?.at;
  if (past.isWhole && since !== undefined) return;
  for (const of of classes) {
    if (since !== undefined && of.at >= since) continue;
    for (const check of OF_DECISIONS)
      findings.add(check, 'unchecked', undefined, `leaf ${of.first}`, of.count);
  }
}

function addUnheld(check: CheckId, count: number, findings: Findings): void {
  findings.add(check, 'unchecked', undefined, `more than ${MOST_OTHERS} leaves that are no decisions`, count);
}

function beganAt(times: readonly Instant[]): Instant | undefined {
  let first: number | undefined;
  for (const at of times) if (first === undefined || at < first) first = at;
  return first === undefined ? undefined : instant(first);
}
