import { styleText } from 'node:util';
import { placeOf } from '@symbolon/audit/log-places';
import { proveReceipt, type ReceiptProof } from '@symbolon/audit/receipt';
import type { ReceiptStep } from '@symbolon/audit/receipt-step';
import { isStillThere } from '@symbolon/audit/still-there';
import { requirementOf } from '@symbolon/protocol/codes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { formatInstant } from '@symbolon/protocol/instant';
import { textOf } from '@symbolon/protocol/texts';
import { loadFromAnchor } from '@symbolon/registry/open-registry';
import { systemNow } from '../clock.ts';
import { EXIT } from '../exit-code.ts';
import { givenBy } from '../files/file-fault.ts';
import { readInput } from '../files/read-input.ts';
import { receiptLines } from '../output/receipt-text.ts';
import { note, plain, print, printJson } from '../output/terminal.ts';
import { loadTrust } from '../trust/load-trust.ts';
import { type AuditPlaces, openPlaces } from './open-audit.ts';

/** One person's decision: what its receipt proves, step by step. Without an address no network is used. @returns the exit code */
export async function auditReceipt(
  file: string,
  places: AuditPlaces,
  isJson: boolean,
  stop: AbortSignal,
): Promise<number> {
  const text = await givenBy('--receipt', () => readReceiptFile(file));
  const now = systemNow();
  if (places.address === undefined) {
    const { trust, root } = places;
    const { registry } = await loadTrust({ trust, ...(root !== undefined && { root }), now, warn: note });
    return tell(await proveReceipt(text, registry), [], isJson);
  }
  const opened = await openPlaces(places, stop);
  const { registry: read, pinnedRoot, clientState: state, keepClientState } = opened;
  const loaded = await loadFromAnchor({ read, pinnedRoot, state, now, expiry: 'offline' });
  await keepClientState(loaded.state);
  const proof = await proveReceipt(text, loaded.view);
  const { receipt, trust } = proof;
  const place = receipt && placeOf(receipt.leaf.region, (id) => loaded.view.regions[id]?.region.log);
  const today =
    receipt === undefined || trust === undefined || place === undefined
      ? []
      : [await isStillThere(receipt, trust, opened.logAt(place))];
  return tell(proof, today, isJson);
}

/** A file that is larger than any receipt is none. */
async function readReceiptFile(file: string): Promise<string> {
  try {
    return await readInput(file);
  } catch (error) {
    if (!isSymbolonError(error) || error.code !== 'metadata-too-large') throw error;
    throw new SymbolonError('receipt-malformed');
  }
}

function tell(
  { steps: before, receipt, trust }: ReceiptProof,
  today: readonly ReceiptStep[],
  isJson: boolean,
): number {
  const steps = [...before, ...today];
  const isProven = receipt !== undefined && steps.every(({ is }) => is !== 'failed');
  const isOpen = steps.some(({ is, code }) => is === 'unchecked' && code !== undefined);
  if (isJson) {
    printJson({
      symbolonReceiptProof: 1,
      proven: isProven,
      steps: steps.map(({ code, ...step }) => ({ ...step, code: code ?? null })),
      decision: receipt === undefined ? null : decisionJson(receipt),
    });
  } else {
    if (receipt !== undefined && trust !== undefined)
      for (const line of receiptLines(receipt, trust)) print(line);
    print('');
    for (const step of steps) print(stepLine(step));
    print(isProven ? 'The receipt proves the decision.' : 'The receipt does NOT prove the decision.');
  }
  if (!isProven) return EXIT.refused;
  return isOpen ? EXIT.referred : EXIT.accepted;
}

const MARKS = {
  proven: ['yes', 'green'],
  failed: ['NO', 'red'],
  unchecked: ['?', 'yellow'],
} as const;

function stepLine({ step, is, code }: ReceiptStep): string {
  const [word, colour] = MARKS[is];
  const why = code === undefined ? '' : `: ${textOf(code)} [${code}, ${requirementOf(code)}]`;
  return `  ${styleText([colour, 'bold'], word.padEnd(4))} ${plain(`${step}${why}`)}`;
}

function decisionJson({ leaf, opening, index, size, cosigned }: NonNullable<ReceiptProof['receipt']>) {
  const { region, scheme, level, rule, authority, mode, at, per, approvers } = leaf;
  return {
    ...{ region, scheme, level, rule, authority, mode, per },
    at: formatInstant(at),
    approvers: approvers ?? [],
    evidence: opening.evidence,
    sequence: opening.sequence,
    decidedAt: formatInstant(opening.decidedAt),
    index,
    size,
    cosigned: Object.fromEntries([...cosigned].map(([name, seen]) => [name, formatInstant(seen)])),
  };
}
