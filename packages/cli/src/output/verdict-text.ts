import { styleText } from 'node:util';
import { textOf } from '@symbolon/protocol/codes';
import { formatInstant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
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
    ...verdict.findings.map((finding) => findingText(finding, isOfAsset(verdict))),
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

/** Whether a thing's label was shown. What a person's card asks to compare, a thing does not have. */
function isOfAsset(verdict: Verdict): boolean {
  return 'statuses' in verdict && verdict.statuses.some(({ details }) => own(details, 'asset') !== undefined);
}

function findingText({ step, code, requirement, severity }: Finding, isAsset: boolean): string {
  const text =
    code === 'bearer' && isAsset
      ? 'This is a label without a key: compare the name with the thing it is fixed to.'
      : textOf(code);
  return `  ${MARK[severity]} ${text} [${code}, ${step}, ${requirement}]`;
}

function ageText(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}
