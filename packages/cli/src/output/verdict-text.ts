import { styleText } from 'node:util';
import { textOf } from '@symbolon/protocol/codes';
import { formatInstant } from '@symbolon/protocol/instant';
import type { Finding, Severity, Verdict } from '@symbolon/protocol/schemas/verdict';
import { plain } from './terminal.ts';

const COLOUR = { accepted: 'green', referred: 'yellow', refused: 'red' } as const;
const MARK: Record<Severity, string> = {
  info: 'i',
  warn: '!',
  referred: '?',
  'not-accepted': 'x',
  'not-authentic': 'x',
};

/** A verdict for people: the outcome, what was shown, and every reason with its code. */
export function verdictText(verdict: Verdict): string {
  const title =
    verdict.outcome === 'refused'
      ? `REFUSED (${verdict.reason.replace('-', ' ')})`
      : verdict.outcome.toUpperCase();
  return [
    styleText([COLOUR[verdict.outcome], 'bold'], title),
    ...('statuses' in verdict ? verdict.statuses.map(statusText) : []),
    ...verdict.findings.map(findingText),
    `  registry version ${verdict.basis.registryVersion}, signed ${ageText(verdict.basis.ageSeconds)} ago`,
  ].join('\n');
}

function statusText(status: Extract<Verdict, { outcome: 'accepted' }>['statuses'][number]): string {
  const counts =
    status.countsAs !== undefined && status.countsAs !== status.level
      ? `, counts here as ${status.countsAs}`
      : '';
  const details = Object.entries(status.details).map(([name, value]) => plain(`; ${name}: ${value}`));
  return (
    `  ${status.scheme}: ${styleText('bold', status.level)}${counts} (${status.region}, ${status.authority}, rule ${status.rule}, ` +
    `until ${formatInstant(status.expiresAt)}${details.join('')})`
  );
}

function findingText({ step, code, requirement, severity }: Finding): string {
  return `  ${MARK[severity]} ${textOf(code)} [${code}, ${step}, ${requirement}]`;
}

function ageText(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}
