import { type LogTrust, openCheckpoint, requireWitnesses } from '@symbolon/log/checkpoint';
import { commitmentOf } from '@symbolon/log/commitment';
import { leafHash } from '@symbolon/log/hashes';
import { encodeLeaf } from '@symbolon/log/leaf';
import { checkInclusion } from '@symbolon/log/proofs';
import { type CheckedReceipt, parseReceipt } from '@symbolon/log/receipt';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { own } from '@symbolon/protocol/own';
import type { RegistryView } from '@symbolon/registry/registry-view';
import { logOfRegion } from './log-of-region.ts';
import { checkLeafByRegistry } from './receipt-registry.ts';
import type { ReceiptStep } from './receipt-step.ts';

export interface ReceiptProof {
  readonly steps: readonly ReceiptStep[];
  /** Nothing when a step of the proof failed, up to the witnesses; what the registry says of the leaf is told beside it. */
  readonly receipt: CheckedReceipt | undefined;
  readonly trust: LogTrust | undefined;
}

/** Checks a receipt step by step, by what a trust folder has: no network. */
export async function proveReceipt(text: string, registry: RegistryView): Promise<ReceiptProof> {
  const steps: ReceiptStep[] = [];
  const take = async <T>(step: string, work: () => Promise<T> | T): Promise<T | undefined> => {
    try {
      const done = await work();
      steps.push({ step, is: 'proven', code: undefined });
      return done;
    } catch (error) {
      if (!isSymbolonError(error)) throw error;
      steps.push({ step, is: 'failed', code: error.code });
      return undefined;
    }
  };
  const receipt = await take('the file is a receipt', () => parseReceipt(text));
  if (receipt === undefined) return { steps, receipt: undefined, trust: undefined };
  const { leaf, salt, opening, index, hashes } = receipt;
  const trust = await take(`the registry names the log of ${leaf.region}`, () => {
    const found = logOfRegion(registry, leaf.region);
    if (found === undefined) throw new SymbolonError('log-origin');
    return found;
  });
  const isOpened = await take('salt and details give the commitment in the leaf', () => {
    if (commitmentOf(salt, opening) !== leaf.commitment) throw new SymbolonError('receipt-commitment');
    return true;
  });
  const checkpoint =
    trust && (await take('the log signed its checkpoint', () => openCheckpoint(receipt.checkpoint, trust)));
  const isIn =
    checkpoint &&
    (await take(`the leaf is entry ${index} of the ${checkpoint.size} that it signed`, () => {
      checkInclusion(leafHash(encodeLeaf(leaf)), index, checkpoint.size, checkpoint.root, hashes);
      return true;
    }));
  if (trust === undefined || !isOpened || !isIn) return { steps, receipt: undefined, trust };
  const levels = own(registry.schemes, leaf.scheme)?.levels ?? [];
  const effect = levels.find(({ id }) => id === leaf.level)?.effect;
  const isWorse = effect !== (leaf.mode === 'ended' ? 'adverse' : 'favourable');
  if (isWorse || checkpoint.cosigned.size >= trust.threshold) {
    const seen = await take(
      `${trust.threshold} witnesses saw it${isWorse ? ', as a decision for the worse needs' : ''}`,
      () => requireWitnesses(checkpoint, trust),
    );
    if (seen === undefined) return { steps, receipt: undefined, trust };
  } else
    steps.push({
      step: 'witnesses saw it: not enough of them yet, and a decision that is not for the worse needs none',
      is: 'unchecked',
      code: undefined,
    });
  for (const each of checkLeafByRegistry(leaf, opening.decidedAt, registry, isWorse)) steps.push(each);
  const { size, cosigned } = checkpoint;
  return { steps, receipt: { ...receipt, size, cosigned }, trust };
}
