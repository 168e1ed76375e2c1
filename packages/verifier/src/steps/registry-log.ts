import { addHours, type Instant } from '@symbolon/protocol/instant';
import type { RegistryView } from '@symbolon/registry/registry-view';
import type { Findings } from '../findings.ts';
import { publishedAt, type RegistryLog } from '../trust/registry-log/open-registry-log.ts';

/** So long after a publication it is in the log, and the witnesses have seen that. */
const LOGGED_WITHIN_HOURS = 1;

/** REQ-LOG-017: the registry is in the log of all publications. */
export function gradeRegistryLog(
  registry: RegistryView,
  log: RegistryLog | undefined,
  now: Instant,
  findings: Findings,
): void {
  const severity = severityOfLog(registry, log, now);
  if (severity !== undefined) findings.add('key', 'registry-unlogged', severity);
}

/**
 * How grave it is that a version is not shown to be in the log. One that is younger than the newest tree that the witnesses have seen is warned of, as an outage of
 * theirs stops no gate, until that tree is too old to say anything.
 */
export function severityOfLog(
  registry: RegistryView,
  log: RegistryLog | undefined,
  now: Instant,
): 'warn' | 'referred' | undefined {
  if (log === undefined || log.is === 'proven') return undefined;
  const isPending =
    log.is === 'unproven' &&
    log.witnessedAt < addHours(publishedAt(registry), LOGGED_WITHIN_HOURS) &&
    now < addHours(log.witnessedAt, registry.federation.freshness.referAfterHours);
  return isPending ? 'warn' : 'referred';
}
