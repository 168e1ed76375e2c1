import { HOUR_SECONDS } from '@symbolon/protocol/instant';
import type { Findings } from '../findings.ts';
import { isAfterGap, type PastRegistry } from '../registry/past.ts';
import type { KnownRule } from '../registry/past-rules.ts';

/**
 * Keys and rules were published so long before they count as the federation asked for then: REQ-KEY-012, REQ-RUL-010. What a region publishes first has no lead. A rule that says another thing
 * under its version is REQ-RUL-005.
 */
export function checkLeads(
  past: PastRegistry,
  rules: ReadonlyMap<string, KnownRule>,
  findings: Findings,
): void {
  for (const [name, { from, comings, isMutated }] of rules) {
    if (isMutated) findings.add('leads', 'failed', 'rule-mutated', name);
    if (comings.some(({ earliest }) => earliest !== undefined && from < earliest))
      findings.add('leads', 'failed', 'rule-without-lead', name);
  }
  const seen = new Set<string>();
  let before = new Set<string>();
  for (const [i, { at, federation, regions }] of past.publications.entries()) {
    // Whoever does not know a key goes by the policy from before it was published.
    const policies = [past.publications[i - 1]?.federation ?? federation, federation];
    const lead = Math.min(...policies.map(({ freshness }) => freshness.referAfterHours)) * HOUR_SECONDS;
    const here = new Set<string>();
    for (const [region, { keys }] of regions) {
      const isFirst = !seen.has(region) || (i === 0 && !past.isWhole);
      const isJudged = !isFirst && !isAfterGap(past.publications, i, region);
      for (const { kid, use, notBefore } of keys) {
        // As the log tells it: another use or an earlier time makes it another one.
        const key = `${region} ${use} ${kid} ${notBefore}`;
        // One that was taken out and comes back is new.
        if (isJudged && !before.has(key) && notBefore < at + lead)
          findings.add('leads', 'failed', 'key-without-lead', `${region} ${use} key ${kid}`);
        here.add(key);
      }
      if (keys.length > 0) seen.add(region);
    }
    before = here;
  }
}
