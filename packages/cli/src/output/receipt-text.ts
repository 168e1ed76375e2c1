import type { LogTrust } from '@symbolon/log/checkpoint';
import type { CheckedReceipt } from '@symbolon/log/receipt';
import { formatInstant } from '@symbolon/protocol/instant';
import type { DecisionMode } from '@symbolon/protocol/schemas/leaf';
import type * as z from 'zod/mini';
import { howMany } from './how-many.ts';
import { heading, plain } from './terminal.ts';

const MADE: Readonly<Record<z.output<typeof DecisionMode>, string>> = {
  automatic: 'by the rule alone, from the facts',
  manual: 'by hand',
  merged: 'by the rule alone, when two records of one person were put together',
  ended: 'as an end: the person has no status of this scheme any more',
};

/** A receipt in plain words, step by step, for its holder, an auditor or a court. @param trust what it was checked with */
export function receiptLines(receipt: CheckedReceipt, trust: LogTrust): readonly string[] {
  const { leaf, opening, index, size } = receipt;
  const { sequence, decidedAt, evidence } = opening;
  const which = sequence === 1 ? 'the first one' : `number ${sequence}, after ${sequence - 1} earlier`;
  const approvers =
    leaf.approvers === undefined ? [] : [`approved   by keys ${leaf.approvers.join(' and ')}`];
  return [
    heading(plain(`${leaf.scheme}: ${leaf.level}, in ${leaf.region}`)),
    ...[
      `decided    ${formatInstant(decidedAt)}, ${MADE[leaf.mode]}`,
      `by         rule ${leaf.rule} and the office ${leaf.authority}`,
      ...approvers,
      `rests on   ${evidence}`,
      `sequence   ${which} of this scheme about this person`,
      `log        ${trust.origin}, entry ${index} of ${size}; its public leaf says the ${leaf.per} ${formatInstant(leaf.at)}`,
      `witnesses  ${witnessed(receipt, trust)}`,
      ...[...receipt.cosigned].map(([name, at]) => `           ${name} at ${formatInstant(at)}`),
      'proves     that this decision is in the public log, and went into it with exactly these details',
      'does not   prove that the facts behind it are true, or that there is no other decision; it names nobody',
    ].map((line) => plain(`  ${line}`)),
  ];
}

/** How many witnesses have seen a receipt's tree, and whether they are enough. */
export function witnessed(
  { cosigned }: Pick<CheckedReceipt, 'cosigned'>,
  { witnesses, threshold }: LogTrust,
): string {
  if (cosigned.size === 0) return 'none: signed by the log only';
  const many = `${cosigned.size} of ${howMany(witnesses.length, 'witness', 'witnesses')}`;
  return `${many} saw it${cosigned.size < threshold ? `: too few, as ${threshold} are needed` : ''}`;
}
