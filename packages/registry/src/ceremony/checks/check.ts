import type { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type { Overlay } from '../event/lay-over.ts';

/**
 * One kind of refusal, by what is published and what the event's files say. It answers all it finds. What it cannot read it may throw: that is
 * one more refusal.
 */
export type Check = (
  overlay: Overlay,
  now: Instant,
) => readonly SymbolonError[] | Promise<readonly SymbolonError[]>;
