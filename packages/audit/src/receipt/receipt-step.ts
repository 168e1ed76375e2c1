import type { Code } from '@symbolon/protocol/codes';

/** A step of the proof, in the order of the proof. Where a step needs one that failed it is not taken, and none is taken by the registry when the proof up to the witnesses fails. */
export interface ReceiptStep {
  readonly step: string;
  readonly is: 'proven' | 'failed' | 'unchecked';
  readonly code: Code | undefined;
}
