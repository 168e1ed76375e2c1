import { escapeHtml } from '@symbolon/protocol/foreign-text';
import { LIMITS } from '@symbolon/protocol/limits';
import type { AuditReport, DecisionRow, LogReport } from '../report/report.ts';
import { type Band, byPlace, type Chart, chartSvg, legendHtml } from './chart.ts';
import { scaleOf, seriesOf } from './series.ts';
import { numbers, timeTable } from './tables.ts';

/** Of one log: a log that names ever new regions could fill any page. */
const MOST_SECTIONS = 200;

/** What one region decided by one scheme, drawn and in numbers. */
export function regionSections(report: AuditReport, log: LogReport): string {
  const pairs = new Map<string, DecisionRow[]>();
  for (const each of log.decisions) {
    const key = `${each.region} ${each.scheme}`;
    const known = pairs.get(key);
    if (known === undefined) pairs.set(key, [each]);
    else known.push(each);
  }
  const published = report.registry.publications.flatMap(({ at }) => (at === undefined ? [] : [at]));
  const left = pairs.size - MOST_SECTIONS;
  const sections = [...pairs]
    .toSorted(([, a], [, b]) => totalOf(b) - totalOf(a))
    .slice(0, MOST_SECTIONS)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, decisions], i) => {
      const [region = '', scheme = ''] = key.split(' ');
      return section({ log, region, scheme, decisions, published, id: `${idOf(log.origin)}-${i}` });
    });
  if (left > 0)
    sections.push(
      `<p class="soft">${left} more regions and schemes, with fewer decisions, are not drawn.</p>`,
    );
  return sections.join('\n');
}

function totalOf(decisions: readonly DecisionRow[]): number {
  return decisions.reduce((sum, { count }) => sum + count, 0);
}

interface Section {
  readonly log: LogReport;
  readonly region: string;
  readonly scheme: string;
  readonly decisions: readonly DecisionRow[];
  readonly published: readonly number[];
  readonly id: string;
}

function section({ log, region, scheme, decisions, published, id }: Section): string {
  const scale = scaleOf(decisions);
  if (scale === undefined) return '';
  const own = log.bursts.filter((each) => each.region === region && each.scheme === scheme);
  const bursts = own.map(({ heldAt, settledAt, cause, state }): Band => {
    const to = settledAt ?? heldAt + LIMITS.burstHoldHours * 3600;
    return { from: heldAt, to, words: `${cause}: ${state}` };
  });
  const unusual = log.unusual.filter((each) => each.region === region && each.scheme === scheme);
  const marks = [...new Set(unusual.map(({ day }) => Math.floor((day - scale.from) / scale.seconds)))];
  const worse = decisions.filter(({ isWorse }) => isWorse);
  const levels = levelColours(decisions);
  const base = { scale, bursts, ticks: published, marks: [] as readonly number[] };
  const drawn = (
    name: string,
    title: string,
    of: readonly DecisionRow[],
    nameOf: (each: DecisionRow) => string,
  ): Chart => ({
    ...base,
    id: `${id}-${name}`,
    title: `${region}, ${scheme}: ${title}`,
    series: seriesOf(of, scale, nameOf),
    colourOf: byPlace,
    marks: of === worse ? marks : [],
  });
  const charts: readonly (readonly [Chart, string])[] = [
    [
      {
        ...drawn('levels', 'all decisions, by level', decisions, ({ level }) => level),
        colourOf: (name, i) => levels.get(name) ?? byPlace(name, i),
      },
      '所有决定，按等级',
    ],
    ...(worse.length === 0
      ? []
      : ([
          [drawn('rules', 'decisions for the worse, by rule', worse, ({ rule }) => rule), '不利决定，按规则'],
          [
            drawn('offices', 'decisions for the worse, by office', worse, ({ authority }) => authority),
            '不利决定，按机构',
          ],
          [
            drawn('modes', 'decisions for the worse, by how they were made', worse, ({ mode }) => mode),
            '不利决定，按方式',
          ],
        ] as const)),
  ];
  const hasTicks = published.some((at) => at >= scale.from && at <= scale.from + scale.bars * scale.seconds);
  return `<section>
<h2>${escapeHtml(region)}: ${escapeHtml(scheme)}</h2>
<p class="soft">Log <code>${escapeHtml(log.origin)}</code>. ${worse.length === 0 ? 'No decision was for the worse.' : 'For the worse: an adverse level, or the end of a favourable one.'}</p>
${charts.map(([chart, zh]) => figure(chart, zh, hasTicks)).join('\n')}
${numbers(decisions)}
${timeTable(charts, scale)}
</section>`;
}

function figure(chart: Chart, zh: string, hasTicks: boolean): string {
  return `<figure><figcaption>${escapeHtml(chart.title)} <span lang="zh">${zh}</span></figcaption>
${legendHtml(chart, hasTicks)}
${chartSvg(chart)}</figure>`;
}

/** Adverse levels are warm, favourable ones cool. */
function levelColours(decisions: readonly DecisionRow[]): ReadonlyMap<string, string> {
  const colours = new Map<string, string>();
  const used = { adverse: 0, good: 0 };
  for (const { level, isWorse, mode } of decisions) {
    if (colours.has(level)) continue;
    const kind = isWorse === (mode !== 'ended') ? 'adverse' : 'good';
    colours.set(level, `${kind}${used[kind]++ % 3}`);
  }
  return colours;
}

export function idOf(text: string): string {
  return `l-${text.replaceAll(/[^A-Za-z0-9]/g, '-')}`;
}
