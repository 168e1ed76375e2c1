import { requirementOf } from '@symbolon/protocol/codes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { check } from '@symbolon/protocol/schemas/common';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import { textOf } from '@symbolon/protocol/texts';
import * as z from 'zod/mini';
import { type AuditReport, allResults, isSilent } from './report/report.ts';
import { NOT_RUN, QUESTIONS } from './report/words.ts';

const Told = z.record(z.string(), z.string());

export interface NewAlarms {
  readonly lines: readonly string[];
  /** What is told then, to be given to the next one: kept once the lines are out, so that what was not told is told next time. */
  readonly told: string;
}

/**
 * Alarms that are new, or that changed since they were told: a line each. What is over is forgotten, so it is told again when it comes back; those of logs that were not looked at stay.
 *
 * @param told of the last time; nothing the first time
 * @throws SymbolonError `audit-state-malformed`
 */
export function newAlarms(told: string | undefined, report: AuditReport): NewAlarms {
  const before = readTold(told);
  const looked = ['registry', ...report.logs.map(({ origin }) => origin)];
  const now = new Map(
    Object.entries(before).filter(([key]) => !looked.some((of) => key.startsWith(`${of} `))),
  );
  const lines: string[] = [];
  const tell = (key: string, words: string, line: string) => {
    now.set(key, words);
    if (before[key] !== words) lines.push(line);
  };
  for (const { of, check: name, findings } of allResults(report)) {
    for (const { verdict, code, count, places } of findings) {
      // How old a checkpoint is changes each hour, and is one alarm.
      // In one order: what is found in another one is the same.
      const words = name === 'freshness' ? '' : `${count} ${places.toSorted().join('; ')}`;
      const codes = code === undefined ? '' : ` [${code}, ${requirementOf(code)}]`;
      const sentence = code === undefined ? QUESTIONS[name].en : textOf(code);
      tell(
        `${of} ${name} ${verdict} ${code ?? ''}`,
        words,
        `${verdict.toUpperCase()} ${of} ${name}: ${sentence}${codes} ${count}: ${places.join('; ')}`,
      );
    }
  }
  for (const log of looked) {
    const names = allResults(report)
      .filter((result) => result.of === log && isSilent(result))
      .map((result) => result.check)
      .join(', ');
    if (names !== '') tell(`${log} unchecked`, names, `UNCHECKED ${log}: ${NOT_RUN}: ${names}`);
  }
  return { lines, told: `${JSON.stringify(Object.fromEntries(now))}\n` };
}

function readTold(text: string | undefined): Readonly<Record<string, string>> {
  if (text === undefined) return {};
  try {
    return check(Told, parseStrictJson(text), 'audit-state-malformed');
  } catch {
    throw new SymbolonError('audit-state-malformed', { path: 'told.json' });
  }
}
