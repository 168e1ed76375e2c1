import { LIMITS } from '@symbolon/protocol/limits';
import { escapeHtml } from '../../issuer/card/escape-html.ts';
import type { AuditReport, LogReport } from '../report/report.ts';
import { type Band, byPlace, type Chart, chartSvg, legendHtml } from './chart.ts';
import { type Scale, scaleOf, seriesOf } from './series.ts';

type Decision = LogReport['classes'][number];

/** What one region decided by one scheme, drawn and in numbers. */
export function regionSections(report: AuditReport, log: LogReport): string {
  const pairs = new Map<string, Decision[]>();
  for (const each of log.classes) {
    const key = `${each.region} ${each.scheme}`;
    const known = pairs.get(key);
    if (known === undefined) pairs.set(key, [each]);
    else known.push(each);
  }
  const published = report.registry.publications.flatMap(({ at }) => (at === undefined ? [] : [at]));
  return [...pairs]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, decisions], i) => {
      const [region = '', scheme = ''] = key.split(' ');
      return section({ log, region, scheme, decisions, published, id: `${idOf(log.origin)}-${i}` });
    })
    .join('\n');
}

interface Section {
  readonly log: LogReport;
  readonly region: string;
  readonly scheme: string;
  readonly decisions: readonly Decision[];
  readonly published: readonly number[];
  readonly id: string;
}

function section({ log, region, scheme, decisions, published, id }: Section): string {
  const scale = scaleOf(decisions.map(({ at }) => at));
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
    of: readonly Decision[],
    nameOf: (each: Decision) => string,
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
function levelColours(decisions: readonly Decision[]): ReadonlyMap<string, string> {
  const colours = new Map<string, string>();
  const used = { adverse: 0, good: 0 };
  for (const { level, isWorse, mode } of decisions) {
    if (colours.has(level)) continue;
    const kind = isWorse === (mode !== 'ended') ? 'adverse' : 'good';
    colours.set(level, `${kind}${used[kind]++ % 3}`);
  }
  return colours;
}

/** Who decided what, by which rule, how: the numbers of a whole log on a page. */
function numbers(decisions: readonly Decision[]): string {
  const rows = new Map<
    string,
    { of: Decision; count: number; first: number; last: number; kids: Set<string> }
  >();
  for (const each of decisions) {
    const key = `${each.level} ${each.rule} ${each.authority} ${each.mode}`;
    const row = rows.get(key) ?? {
      of: each,
      count: 0,
      first: each.at,
      last: each.at,
      kids: new Set<string>(),
    };
    row.count += each.count;
    row.first = Math.min(row.first, each.at);
    row.last = Math.max(row.last, each.at);
    for (const kid of each.approvers) row.kids.add(kid);
    rows.set(key, row);
  }
  const day = (at: number) => new Date(at * 1000).toISOString().slice(0, 10);
  const lines = [...rows.values()]
    .toSorted((a, b) => Number(b.of.isWorse) - Number(a.of.isWorse) || b.count - a.count)
    .slice(0, MOST_ROWS)
    .map(
      ({ of, count, first, last, kids }) =>
        `<tr><td>${escapeHtml(of.level)}</td><td>${escapeHtml(of.rule)}</td><td>${escapeHtml(of.authority)}</td><td>${of.mode}</td><td class="n">${count.toLocaleString('en')}</td><td class="d">${day(first)}</td><td class="d">${day(last)}</td><td><code>${[...kids].map(escapeHtml).join(', ')}</code></td></tr>`,
    );
  return `<div class="scroll"><table><caption>In numbers: those for the worse first${rows.size > MOST_ROWS ? `, ${MOST_ROWS} of ${rows.size}` : ''} 数据</caption>
<thead><tr><th>level 等级</th><th>rule 规则</th><th>office 机构</th><th>made 方式</th><th class="n">decisions 数量</th><th>first 首次</th><th>last 末次</th><th>approved by keys 批准密钥</th></tr></thead>
<tbody>${lines.join('\n')}</tbody></table></div>`;
}

/** More rows than that nobody reads; a machine has the JSON. */
const MOST_ROWS = 400;

function timeTable(
  charts: readonly (readonly [Chart, string])[],
  { unit, from, seconds, bars }: Scale,
): string {
  const columns = charts.flatMap(([{ series }]) => series.map(({ name, counts }) => ({ name, counts })));
  const busy = Array.from({ length: bars }, (_, bar) => bar).filter((bar) =>
    columns.some(({ counts }) => (counts[bar] ?? 0) > 0),
  );
  const rows = busy.slice(-MOST_ROWS).map((bar) => {
    const iso = new Date((from + bar * seconds) * 1000).toISOString();
    const cells = columns.map(({ counts }) => `<td class="n">${counts[bar] ?? 0}</td>`);
    return `<tr><th>${iso.slice(0, unit === 'hour' ? 16 : 10)}</th>${cells.join('')}</tr>`;
  });
  const cut = busy.length > MOST_ROWS ? ` The last ${MOST_ROWS} of ${busy.length}.` : '';
  return `<details><summary>The numbers behind the charts, for each ${unit} 图表数据</summary>
<div class="scroll"><table><caption>First the levels, then what was for the worse by rule, office and mode.${cut}</caption>
<thead><tr><th>${unit} (UTC)</th>${columns.map(({ name }) => `<th class="n">${escapeHtml(name)}</th>`).join('')}</tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div></details>`;
}

export function idOf(text: string): string {
  return `l-${text.replaceAll(/[^A-Za-z0-9]/g, '-')}`;
}
