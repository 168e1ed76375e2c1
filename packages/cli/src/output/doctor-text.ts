import { styleText } from 'node:util';
import { requirementOf } from '@symbolon/protocol/codes';
import { formatInstant, type Instant } from '@symbolon/protocol/instant';
import { textOf } from '@symbolon/protocol/texts';
import type { DoctorFinding } from '@symbolon/registry/doctor/finding';

const COLOUR = { fail: 'red', warn: 'yellow' } as const;

/** Findings for people: where, by when, what, and what to do. */
export function findingLines(findings: readonly DoctorFinding[], now: Instant): readonly string[] {
  if (findings.length === 0) return [styleText('green', 'All is well.')];
  const width = Math.max(...findings.map(({ place }) => place.length));
  return findings.map(({ code, severity, place, at, reason }) => {
    const mark = styleText([COLOUR[severity], 'bold'], severity.toUpperCase());
    const when =
      at === undefined ? '' : `${at <= now || code === 'clock' ? 'since' : 'by'} ${formatInstant(at)}: `;
    const detail = reason === undefined ? '' : ` ${textOf(reason)}`;
    const codes = [code, ...(reason === undefined ? [] : [reason]), requirementOf(code)].join(', ');
    return `${mark} ${place.padEnd(width)} ${when}${textOf(code)}${detail} [${codes}]`;
  });
}
