import * as z from 'zod/mini';
import { factLine, ShownFact } from '../issuer/fact-line.ts';
import { heading, plain } from '../output/terminal.ts';

const Entry = z.object({
  at: z.string(),
  kind: z.string(),
  by: z.nullable(z.object({ kid: z.string(), authority: z.string() })),
  reason: z.nullable(z.string()),
  about: z.nullable(z.string()),
});
const Decision = z.object({
  scheme: z.string(),
  /** By which an operator names it who ends one that was made by hand. */
  sequence: z.optional(z.int()),
  level: z.string(),
  rule: z.string(),
  authority: z.string(),
  evidence: z.string(),
  mode: z.string(),
  decidedAt: z.string(),
  until: z.nullable(z.string()),
  approvers: z.array(z.string()),
});

/** All that a region has about the holder of a code. */
export const OwnRecord = z.object({
  subject: z.string(),
  facts: z.array(ShownFact),
  entries: z.array(Entry),
  decisions: z.array(Decision),
});
export type OwnRecord = z.output<typeof OwnRecord>;

/** For people: what is said of them, by whom, what was decided, and what operators did. */
export function recordLines({ subject, facts, entries, decisions }: OwnRecord): readonly string[] {
  return [
    plain(`You are subject ${subject} there.`),
    ...section('Facts', facts.map(factLine)),
    ...section('Decisions', decisions.map(decisionLine)),
    ...section('What was done with your record', entries.map(entryLine)),
  ];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return ['', heading(title), ...(lines.length === 0 ? ['  none'] : lines.map((line) => `  ${line}`))];
}

function decisionLine(decision: z.output<typeof Decision>): string {
  const { scheme, sequence, level, rule, authority, evidence, mode, decidedAt, until, approvers } = decision;
  const number = sequence === undefined ? '' : ` #${sequence}`;
  const by = approvers.length === 0 ? '' : ` by ${approvers.join(' and ')}`;
  const end = until === null ? '' : `, until ${until}`;
  if (mode === 'ended')
    return plain(`${decidedAt}  ${scheme}${number}: no status any more; ${level} by rule ${rule} has ended`);
  return plain(
    `${decidedAt}  ${scheme}${number}: ${level}, rule ${rule}, ${authority}, ${evidence}, ${mode}${by}${end}`,
  );
}

function entryLine({ at, kind, by, reason, about }: z.output<typeof Entry>): string {
  const what = about === null ? kind : `${kind} (${about})`;
  const who = by === null ? '' : ` by ${by.kid} (${by.authority})`;
  return plain(`${at}  ${what}${who}${reason === null ? '' : `: ${reason}`}`);
}
