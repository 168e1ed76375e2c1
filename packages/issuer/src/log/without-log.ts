import type { DecisionLog } from '../ports.ts';

/**
 * Of a federation that has no log: every decision takes effect at once, nobody outside can check it, and nobody gets a receipt. Nothing is marked as logged that
 * is not: what was decided waits in the queue, and gets its leaf when the region begins a log.
 */
export function withoutLog(): DecisionLog {
  return {
    awaitLeaf: async () => undefined,
    isEffective: async () => true,
    receiptOf: async () => undefined,
  };
}
