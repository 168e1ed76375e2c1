import { styleText } from 'node:util';
import { formatInstant } from '@symbolon/protocol/instant';
import type { Finding, Severity, ShownStatus, Verdict } from '@symbolon/protocol/schemas/verdict';
import { textOfFinding } from '@symbolon/verifier/texts';
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
    ...statusesOf(verdict).map((status, index, { length }) =>
      statusText(status, length > 1 ? index : undefined),
    ),
    ...verdict.findings.map((finding) => findingText(finding, verdict)),
    `  registry version ${verdict.basis.registryVersion}, signed ${ageText(verdict.basis.ageSeconds)} ago`,
  ].join('\n');
}

function statusesOf(verdict: Verdict): readonly ShownStatus[] {
  return 'statuses' in verdict ? verdict.statuses : [];
}

/** @param credential which of several, from 0 */
function statusText(status: ShownStatus, credential: number | undefined): string {
  const counts =
    status.countsAs !== undefined && status.countsAs !== status.level
      ? `, counts here as ${status.countsAs}`
      : '';
  const details = Object.entries(status.details).map(([name, value]) => plain(`; ${name}: ${value}`));
  return (
    `  ${numberText(credential)}${status.scheme}: ${styleText('bold', status.level)}${counts} (${status.region}, ${status.authority}, rule ${status.rule}, ` +
    `until ${formatInstant(status.expiresAt)}${details.join('')})`
  );
}

/** Where several were shown: which one is meant, as a person counts them. */
function numberText(credential: number | undefined): string {
  return credential === undefined ? '' : `${credential + 1}. `;
}

function findingText(finding: Finding, verdict: Verdict): string {
  const { step, code, requirement, severity, credential } = finding;
  const text = textOfFinding(finding, verdict, 'en');
  return `  ${MARK[severity]} ${numberText(credential)}${text} [${code}, ${step}, ${requirement}]`;
}

function ageText(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}
