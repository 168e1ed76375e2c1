import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';

const LEAST_CHARS = 3;

/** Why an operator does something, in words: there is one, and it is no novel. @throws SymbolonError `request-malformed` */
export function checkReason(reason: string): void {
  if (reason.trim().length < LEAST_CHARS || reason.length > LIMITS.reasonChars)
    throw new SymbolonError('request-malformed', { path: 'reason', bound: LIMITS.reasonChars });
}
