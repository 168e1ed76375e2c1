import { instant } from '@symbolon/protocol/instant';
import { expect, it } from 'vitest';
import { newAlarms } from './monitor.ts';
import type { AuditReport } from './report/report.ts';

it('an alarm that is found in another order is the same alarm; one that names another place is new', () => {
  const reportOf = (places: readonly string[]): AuditReport => {
    const finding = { check: 'leads', verdict: 'failed', code: 'rule-without-lead', places } as const;
    const findings = [{ ...finding, count: places.length }];
    const checks = [{ check: 'leads', verdict: 'failed', findings }] as const;
    return {
      ...{ at: instant(0), verdict: 'failed', federation: { en: '', zh: '' }, witnesses: undefined },
      registry: { version: 1, signedAt: instant(0), checks, publications: [] },
      logs: [],
    };
  };
  const first = newAlarms(undefined, reportOf(['b', 'a']));
  expect(first.lines).toHaveLength(1);
  const second = newAlarms(first.told, reportOf(['a', 'b']));
  expect(second.lines).toEqual([]);
  expect(newAlarms(second.told, reportOf(['a', 'c'])).lines).toHaveLength(1);
});
