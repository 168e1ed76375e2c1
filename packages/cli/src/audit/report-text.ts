import { styleText } from 'node:util';
import type { CheckId, Finding, Verdict } from '@symbolon/audit/findings';
import {
  type AuditReport,
  allResults,
  type CheckResult,
  isSilent,
  type LogReport,
} from '@symbolon/audit/report';
import { NOT_RUN, QUESTIONS } from '@symbolon/audit/words';
import { requirementOf } from '@symbolon/protocol/codes';
import { formatInstant } from '@symbolon/protocol/instant';
import { textOf } from '@symbolon/protocol/texts';
import { howMany } from '../output/how-many.ts';
import { heading, plain } from '../output/terminal.ts';

const MARKS = {
  failed: ['FAILED', 'red'],
  warning: ['WARNING', 'yellow'],
  unchecked: ['UNCHECKED', 'yellow'],
  ok: ['ok', 'green'],
} as const satisfies Record<Verdict, readonly [string, string]>;
const MARK_WIDTH = 9;

/** A report for a terminal: what failed first, then each log in a line. */
export function reportLines(report: AuditReport): readonly string[] {
  const { registry, logs, federation, at, verdict } = report;
  const results = allResults(report);
  const bad = (['failed', 'warning', 'unchecked'] as const).flatMap((each) =>
    results.flatMap((result) =>
      result.findings
        .filter((finding) => finding.verdict === each)
        .map((finding) => findingLine(result, finding)),
    ),
  );
  const good = results.filter((result) => result.verdict === 'ok').length;
  const read = logs.reduce((sum, log) => sum + log.read, 0);
  return [
    heading(plain(`${federation.en}, audited ${formatInstant(at)}`)),
    `registry  version ${registry.version}, signed ${formatInstant(registry.signedAt)}, ${howMany(registry.publications.length, 'publication')}`,
    ...logs.map(logLine),
    ...(read === 0 && logs.length > 0 && logs.every(isSound) ? ['Nothing is new since the last audit.'] : []),
    ...(logs.length === 0 ? ['No log is named here: there is nothing to audit but the registry.'] : []),
    '',
    ...bad,
    ...notRun(results),
    `${mark(verdict)} ${good} of ${howMany(results.length, 'check')} ${good === 1 ? 'is' : 'are'} ok`,
  ];
}

/** Whether it was opened and read to its end: of any other nobody knows whether it has something new. */
function isSound({ checks }: LogReport): boolean {
  const needed = checks.filter(({ check }) => OPENING.includes(check));
  return needed.every(({ verdict }) => verdict === 'ok');
}

const OPENING: readonly CheckId[] = ['consistency', 'signature', 'hashes'];

function logLine({
  origin,
  kind,
  regions,
  size,
  read,
  witnessedAt,
  witnessedSize,
  cosigned,
}: LogReport): string {
  const what = kind === 'registry' ? 'publications' : regions.join(', ');
  const seen =
    witnessedAt === undefined
      ? 'not seen by enough witnesses'
      : `${witnessedSize === size ? '' : `${witnessedSize} of them `}seen by ${howMany(cosigned.length, 'witness', 'witnesses')}, ${formatInstant(witnessedAt)}`;
  const leaves =
    size === undefined ? 'no checkpoint' : `${howMany(size, 'leaf', 'leaves')} (${read} new), ${seen}`;
  return plain(`log       ${origin}: ${leaves} [${what}]`);
}

/** Checks that did not come to their end, and say nothing else: a line for each log. */
function notRun(results: readonly (CheckResult & { readonly of: string })[]): readonly string[] {
  const names = new Map<string, string[]>();
  for (const { of, check } of results.filter(isSilent)) names.set(of, [...(names.get(of) ?? []), check]);
  return [...names].map(
    ([of, checks]) => `${mark('unchecked')} ${plain(`${of}: ${NOT_RUN}: ${checks.join(', ')}`)}`,
  );
}

function findingLine({ of, check }: CheckResult & { of: string }, finding: Finding): string {
  const { verdict, code, count, places } = finding;
  const sentence = code === undefined ? QUESTIONS[check].en : textOf(code);
  const codes = code === undefined ? '' : ` [${code}, ${requirementOf(code)}]`;
  const more = count > places.length ? ', …' : '';
  const times = count === 1 ? '' : `${count} times: `;
  return `${mark(verdict)} ${plain(`${of} ${check}: ${sentence}${codes}`)}\n${' '.repeat(MARK_WIDTH + 1)}${plain(`${times}${places.join('; ')}${more}`)}`;
}

function mark(verdict: Verdict): string {
  const [word, colour] = MARKS[verdict];
  return styleText([colour, 'bold'], word.padEnd(MARK_WIDTH));
}
