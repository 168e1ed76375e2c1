import { describe, expect, it } from 'vitest';
import { drawOutcomes } from './charts/outcomes-chart.ts';
import { drawSweeps } from './charts/sweep-chart.ts';
import { type DrillOptions, runDrill } from './drill.ts';
import { propertiesOf } from './properties.ts';
import { reportOf } from './report.ts';
import { expectedBands, runSweep, SWEEPS } from './sweep.ts';

/** The drill of `npm run drill`, small: the same events, among fewer. */
const SMALL: DrillOptions = { provinces: 4, cities: 12, days: 30, verifiers: 20, seed: 1 };
/** Smaller still, where only what breaks is of interest. */
const SMALLEST: DrillOptions = { provinces: 2, cities: 4, days: 24, verifiers: 8, seed: 1 };
const REFUSED = 'no honest credential is refused';
const STOLEN = 'no verifier that has refreshed since the revocation accepts the stolen key';

async function brokenBy(faults: DrillOptions['faults']) {
  const result = await runDrill({ ...SMALLEST, ...(faults && { faults }) });
  const broken = propertiesOf(result, []).filter(({ holds }) => !holds);
  return { result, broken: new Map(broken.map(({ title, counterexamples }) => [title, counterexamples])) };
}

describe('rotation drill', () => {
  it('REQ-KEY-012, REQ-KEY-005, REQ-REG-014: thirty days of rotation, changes of admins, theft and outage', async () => {
    const days: number[] = [];
    const result = await runDrill({ ...SMALL, progress: (day) => days.push(day) });
    const sweeps = [];
    for (const each of SWEEPS) sweeps.push(await runSweep(each));
    const properties = propertiesOf(result, sweeps);
    expect(properties.filter(({ holds }) => !holds)).toEqual([]);

    const { tally, counts, missed } = result;
    const totals = [...tally.totals()];
    // The outage was felt, and by nothing worse than a referral.
    expect(totals.map(([label]) => label)).toEqual([
      'accepted',
      'accepted stale-warn',
      'referred stale-refer',
    ]);
    expect(totals.reduce((sum, [, count]) => sum + count, 0)).toBe(30 * 24 * 20);
    expect(missed.compared).toBe(73 * 20);
    // No timestamp in the 120 hours of the outage and in the missed one.
    expect(counts.timestamps).toBe(30 * 24 - 121);
    // Every region has three epochs or more of two uses.
    expect(counts.keysMade).toBeGreaterThanOrEqual(16 * 2 * 3);
    expect(counts.keysRetired).toBeGreaterThan(0);
    expect(tally.attack).toMatchObject({ acceptedByUpToDate: 0, lastByUpToDate: 0 });
    expect(tally.attack.lastByOlder).toBeLessThanOrEqual(72);
    expect(days).toHaveLength(30);

    expect(reportOf(result, sweeps, properties)).toMatch(/verifications +14,400\n/);
    const chart = drawOutcomes({ title: 'small', schedule: result.schedule, days: tally.days });
    for (const shown of ['hub down', 'issuing key revoked', 'referred: stale-refer'])
      expect(chart).toContain(shown);
  });

  it('has teeth: keys that are published when they begin are found out as false refusals', async () => {
    const { broken } = await brokenBy({ noLead: true });
    expect(broken.get(REFUSED)?.[0]).toMatch(/refused key-unknown|refused key-without-lead/);
    expect(broken.has(STOLEN)).toBe(false);
  });

  it('has teeth: a revocation that is not published is found out as acceptances', async () => {
    const { broken, result } = await brokenBy({ revocationUnpublished: true });
    expect(broken.get(STOLEN)?.[0]).toMatch(/: accepted$/);
    expect(result.tally.attack.lastByUpToDate).toBeGreaterThan(0);
    expect(broken.has(REFUSED)).toBe(false);
  });
});

describe('REQ-REG-014, REQ-REG-015, REQ-REG-016 a clock that runs on over one bundle', () => {
  it.each(SWEEPS)('$title: each grade begins in its hour', async (options) => {
    const sweep = await runSweep(options);
    expect(sweep.bands).toEqual(expectedBands(options));
    expect(drawSweeps([sweep])).toContain('240 h');
  });
});
