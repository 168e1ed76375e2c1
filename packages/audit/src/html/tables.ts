import { escapeHtml } from '@symbolon/protocol/foreign-text';
import type { DecisionRow } from '../report/report.ts';
import type { Chart } from './chart.ts';
import type { Scale } from './series.ts';

/** More rows than that nobody reads; a machine has the JSON. */
const MOST_ROWS = 400;

/** Who decided what, by which rule, how: the numbers of a whole log on a page. */
export function numbers(decisions: readonly DecisionRow[]): string {
  const rows = new Map<
    string,
    { of: DecisionRow; count: number; first: number; last: number; kids: Set<string> }
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

/** What the charts draw, bar by bar. */
export function timeTable(
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
