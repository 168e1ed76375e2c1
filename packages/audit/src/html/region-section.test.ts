import { parseInstant } from '@symbolon/protocol/instant';
import { describe, expect, it } from 'vitest';
import type { AuditReport, DecisionRow, LogReport } from '../report/report.ts';
import { regionSections } from './region-section.ts';

describe('the sections of a report', () => {
  const row = (scheme: string, count: number): DecisionRow => ({
    ...{ region: 'CN-HA', scheme, level: 'green', rule: 'clear@1', authority: 'cdc', mode: 'automatic' },
    ...{ at: parseInstant('2026-09-04T00:00:00Z'), per: 'hour', approvers: [], count, first: 0 },
    isWorse: false,
  });

  it('are so many at most, those with the most decisions, and how many are left out is told', () => {
    const decisions = Array.from({ length: 203 }, (_, i) => row(`s${i}`, 1000 - i));
    const log = {
      ...{ origin: 'log.example/a', kind: 'decisions', regions: [], size: 1, root: undefined, read: 0 },
      ...{ witnessedAt: undefined, witnessedSize: undefined, cosigned: [], checks: [], evidence: [] },
      ...{ decisions, bursts: [], unusual: [] },
    } satisfies LogReport;
    const registry = {
      version: 1,
      signedAt: parseInstant('2026-09-04T00:00:00Z'),
      checks: [],
      publications: [],
    };
    const report: AuditReport = {
      ...{ at: registry.signedAt, verdict: 'ok', federation: { en: '', zh: '' }, witnesses: undefined },
      ...{ registry, logs: [log] },
    };
    const page = regionSections(report, log);
    expect(page.match(/<section>/g)).toHaveLength(200);
    expect(page).toContain('CN-HA: s199</h2>');
    expect(page).not.toContain('CN-HA: s200</h2>');
    expect(page).toContain('3 more regions and schemes');
  });
});
