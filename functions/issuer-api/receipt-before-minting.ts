import type { Decision } from '@symbolon/issuer/decision';
import { isWorse } from '@symbolon/issuer/worse';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import type { IssuerApi } from './dependencies.ts';

/**
 * REQ-LOG-022: the receipt of what is about to be minted by a decision. It is made before: whoever asks again and again, while a log cannot prove a leaf, has nothing minted that nobody gets.
 *
 * @returns nothing where the region has no log
 * @throws SymbolonError `decision-unlogged`
 */
export async function receiptBeforeMinting(
  { decisionLog }: Pick<IssuerApi, 'decisionLog'>,
  scheme: Scheme,
  decision: Decision,
): Promise<string | undefined> {
  await decisionLog.awaitLeaf(decision, isWorse(scheme, decision));
  return decisionLog.receiptOf(decision);
}
