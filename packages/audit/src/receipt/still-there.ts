import { type LogTrust, openCheckpoint, parseCheckpoint } from '@symbolon/log/checkpoint';
import { checkConsistency, consistencyProof } from '@symbolon/log/proofs';
import type { CheckedReceipt } from '@symbolon/log/receipt';
import { CHECKPOINT } from '@symbolon/log/tile-paths';
import { type ReadLogFile, tilesOf } from '@symbolon/log/tile-reader';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import type { ReceiptStep } from './receipt-step.ts';

/** Whether the log as it is today begins with the tree of the receipt: so the leaf is still in it, in its place. */
export async function isStillThere(
  { checkpoint }: Pick<CheckedReceipt, 'checkpoint'>,
  trust: LogTrust,
  read: ReadLogFile,
): Promise<ReceiptStep> {
  const then = parseCheckpoint(checkpoint);
  const step = (size: string) => `the log of today${size} begins with the tree of the receipt`;
  try {
    const bytes = await read(CHECKPOINT);
    if (bytes === undefined) throw new SymbolonError('log-missing');
    const now = await openCheckpoint(bytes, trust);
    if (now.size < then.size) throw new SymbolonError('log-truncated');
    checkConsistency(then, now, await consistencyProof(then.size, now.size, tilesOf(read, now.size).hashOf));
    return { step: step(`, of ${now.size} entries,`), is: 'proven', code: undefined };
  } catch (error) {
    if (!isSymbolonError(error)) throw error;
    return { step: step(''), is: error.code === 'log-missing' ? 'unchecked' : 'failed', code: error.code };
  }
}
