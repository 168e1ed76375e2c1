import { requirementOf } from '@symbolon/protocol/codes';
import { escapeHtml, plain } from '@symbolon/protocol/foreign-text';
import { formatInstant, type Instant } from '@symbolon/protocol/instant';
import { textOf } from '@symbolon/protocol/texts';
import type { Verdict } from '../findings.ts';
import { type AuditReport, allResults, type LogReport } from '../report/report.ts';
import { LIMITS_OF_AUDIT, QUESTIONS, VERDICT_WORDS } from '../report/words.ts';
import { regionSections } from './region-section.ts';
import { STYLE } from './style.ts';

/** Nothing is loaded, nothing runs: the file is the report. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

const SENTENCES: Readonly<Record<Verdict, string>> = {
  ok: 'Everything that was checked is as it must be. 全部核查项均正常。',
  warning: 'Something calls for a closer look. 有需要进一步了解的情况。',
  unchecked: 'Nothing is wrong with what was checked, and something could not be checked. 部分项目无法核查。',
  failed: 'Something is not as it must be. 存在不合格项。',
};

/** A report as one HTML file: no script, nothing from the network. Every text in it that is not ours is escaped. */
export function reportPage(report: AuditReport): string {
  const { federation, at, verdict, logs } = report;
  const title = `${federation.en}: audit of its decision logs`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="referrer" content="no-referrer">
<title>${text(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${text(title)}</h1>
<p><span lang="zh">${text(federation.zh)}：决定日志审计报告</span></p>
<p class="soft">Made on ${time(at)} from public files only: the registry, version ${report.registry.version}, and ${logs.length} logs. Nothing in it is about one person.</p>
<div class="verdict ${verdict}"><p><b>${VERDICT_WORDS[verdict].en}</b>. ${SENTENCES[verdict]}</p></div>
${found(report)}
${figures(report)}
${logs.map((log) => regionSections(report, log)).join('\n')}
${bursts(logs)}
<h2>What was checked <span lang="zh">核查内容</span></h2>
${checks(report)}
${logTable(report)}
${publications(report)}
<h2>What this report cannot say <span lang="zh">本报告的局限</span></h2>
<ul>${LIMITS_OF_AUDIT.map((each) => `<li>${text(each)}</li>`).join('')}</ul>
<p class="soft">An unusual rate is a day on which one office decided for the worse by one rule so often that, at the median rate of the 14 days before and if decisions came independently, it would happen less than once in a million days. It may be a true outbreak.</p>
</main>
</body>
</html>
`;
}

function found(report: AuditReport): string {
  const order: readonly Verdict[] = ['failed', 'warning', 'unchecked'];
  const items = order.flatMap((verdict) =>
    allResults(report).flatMap(({ of, check, findings }) =>
      findings
        .filter((each) => each.verdict === verdict)
        .map(({ code, count, places }) => {
          const sentence = code === undefined ? QUESTIONS[check].en : textOf(code);
          const codes = code === undefined ? '' : ` <code>${code}, ${requirementOf(code)}</code>`;
          const more = count > places.length ? ', …' : '';
          return `<li class="${verdict}"><b>${VERDICT_WORDS[verdict].en}</b> <span>${text(sentence)}</span>${codes}<p class="soft">${text(of)}, ${check} <span lang="zh">${QUESTIONS[check].zh}</span>; ${count === 1 ? 'once' : `${count.toLocaleString('en')} times`}: ${places.map(text).join('; ')}${more}</p></li>`;
        }),
    ),
  );
  return items.length === 0
    ? ''
    : `<h2>What was found <span lang="zh">发现</span></h2><ul class="found">${items.join('\n')}</ul>`;
}

function figures({ logs, registry }: AuditReport): string {
  const all = logs.flatMap(({ decisions }) => decisions);
  const sum = (of: typeof all) => of.reduce((total, { count }) => total + count, 0).toLocaleString('en');
  const worse = all.filter(({ isWorse }) => isWorse);
  const cells: readonly (readonly [string, string])[] = [
    ['decisions 决定', sum(all)],
    ['for the worse 不利', sum(worse)],
    ['of these by hand 人工', sum(worse.filter(({ mode }) => mode === 'manual'))],
    ['bursts held 激增', String(logs.reduce((total, log) => total + log.bursts.length, 0))],
    [
      'days with an unusual rate 异常日',
      String(new Set(logs.flatMap(({ unusual }) => unusual.map(({ day }) => day))).size),
    ],
    ['publications 发布', String(registry.publications.length)],
  ];
  return `<dl class="figures">${cells.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`).join('')}</dl>`;
}

function bursts(logs: readonly LogReport[]): string {
  const rows = logs.flatMap((log) =>
    log.bursts.map(
      ({ region, scheme, cause, heldAt, state, settledAt, by, rules }) =>
        `<tr><td>${text(region)}</td><td>${text(scheme)}</td><td>${text(cause)}</td><td>${time(heldAt)}</td><td>${state}</td><td>${settledAt === undefined ? '' : time(settledAt)}</td><td>${rules.map(text).join(', ')}</td><td><code>${by.map(text).join(', ')}</code></td></tr>`,
    ),
  );
  if (rows.length === 0) return '';
  return `<h2>Bursts <span lang="zh">激增</span></h2><p>More decisions for the worse than the federation allows were held until two people from above released them, or for a day.</p>
<div class="scroll"><table><thead><tr><th>region</th><th>scheme</th><th>cause</th><th>held</th><th>now</th><th>since</th><th>rules released</th><th>by keys</th></tr></thead><tbody>${rows.join('\n')}</tbody></table></div>`;
}

function checks(report: AuditReport): string {
  const rows = allResults(report).map(
    ({ of, check, verdict }) =>
      `<tr><td>${text(of)}</td><td>${QUESTIONS[check].en} <span lang="zh">${QUESTIONS[check].zh}</span></td><td class="${verdict}">${VERDICT_WORDS[verdict].en} ${VERDICT_WORDS[verdict].zh}</td></tr>`,
  );
  return `<div class="scroll"><table><thead><tr><th>log</th><th>question 问题</th><th>answer 结果</th></tr></thead><tbody>${rows.join('\n')}</tbody></table></div>`;
}

function logTable({ logs, witnesses }: AuditReport): string {
  const rows = logs.map(
    ({ origin, regions, size, root, witnessedAt, cosigned }) =>
      `<tr><td><code>${text(origin)}</code></td><td>${regions.length === 0 ? 'publications' : regions.map(text).join(', ')}</td><td class="n">${size?.toLocaleString('en') ?? '–'}</td><td><code>${root ?? '–'}</code></td><td>${witnessedAt === undefined ? '–' : time(witnessedAt)}<br><span class="soft">${cosigned.map(([name]) => text(name)).join(', ')}</span></td></tr>`,
  );
  const rule =
    witnesses === undefined
      ? 'The federation names no witnesses.'
      : `${witnesses.threshold} of ${witnesses.of.length} witnesses must have seen a log: ${witnesses.of.map(text).join(', ')}.`;
  return `<h2>The logs as they were <span lang="zh">日志</span></h2><p>${rule} Whoever has the same size and root of a log has audited the same.</p>
<div class="scroll"><table><thead><tr><th>log</th><th>of</th><th class="n">leaves</th><th>root, SHA-256</th><th>seen by witnesses</th></tr></thead><tbody>${rows.join('\n')}</tbody></table></div>`;
}

/** The newest ones; all of them are in the JSON. */
const PUBLICATIONS = 50;

function publications({ registry }: AuditReport): string {
  const rows = registry.publications.slice(0, PUBLICATIONS).map(({ version, at, title, roles }) => {
    const who = roles.map(
      ({ role, signed, threshold }) =>
        `${text(role)}: <code>${signed.map(text).join(', ')}</code> (${threshold === 0 ? '?' : threshold} must)`,
    );
    return `<tr><td class="n">${version}</td><td>${at === undefined ? '–' : time(at)}</td><td>${text(title ?? '–')}</td><td>${who.join('<br>') || 'renewed'}</td></tr>`;
  });
  const all = registry.publications.length;
  return `<h2>Publications of the registry <span lang="zh">登记发布</span></h2>
<div class="scroll"><table><caption>${all > PUBLICATIONS ? `The newest ${PUBLICATIONS} of ${all}` : `All ${all}`}, the newest first: which roles, and whose signatures</caption><thead><tr><th class="n">version</th><th>when</th><th>title</th><th>signed by keys</th></tr></thead><tbody>${rows.join('\n')}</tbody></table></div>`;
}

function time(at: Instant): string {
  const iso = formatInstant(at);
  return `<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC</time>`;
}

function text(words: string): string {
  return escapeHtml(plain(words));
}
