import type { Figures } from '../figure.ts';
import type { Settings } from '../measure.ts';
import { measureAudit, SIZES } from '../workload/measure-audit.ts';

/** Linear is a factor of ten for ten times the leaves; starting takes its part of the small one. */
const LINEAR = 11;

/**
 * `symbolon audit` of a log in a folder, the whole command by the clock: the first audit of 10^5 and of 10^6 leaves, its peak memory, and the next one after 1,000 new leaves.
 * `npm run bench -- audit --operations 50000` measures one smaller log instead.
 */
export async function figures(settings: Settings): Promise<Figures> {
  const sizes = settings.operations === undefined ? [SIZES.small, SIZES.large] : [settings.operations];
  const { costs, incremental } = await measureAudit(sizes, (size, done, all) =>
    settings.progress(`audit of ${size}`, done, all),
  );
  const figures: Record<string, Figures[string]> = {};
  for (const { size, seconds, peakMegabytes } of costs) {
    figures[`audit.${size}.seconds`] = { value: seconds, unit: 's', better: 'lower' };
    figures[`audit.${size}.peakMegabytes`] = { value: peakMegabytes, unit: 'MB', better: 'lower', must: 512 };
  }
  const [small, large] = costs;
  if (small !== undefined && large !== undefined)
    figures['audit.growth'] = {
      value: large.seconds / small.seconds,
      unit: 'x for 10 x',
      better: 'lower',
      must: LINEAR,
    };
  figures['audit.incremental.seconds'] = { value: incremental.seconds, unit: 's', better: 'lower' };
  return figures;
}
