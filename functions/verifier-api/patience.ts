import type { Patience } from '@symbolon/aws/clients';

/**
 * Someone stands at the gate: a table that does not answer soon is one that does not know. Asked twice at most, as the first connection after a sleep is often a dead
 * one.
 */
export const AT_THE_GATE: Patience = {
  attempts: 2,
  connectMilliseconds: 500,
  answerMilliseconds: 1000,
  silenceMilliseconds: 1000,
};

/** The same with what was seen, and with the copy of a bundle: some have 64 MiB, and whoever asked waits until it is kept. */
export const AT_THE_GATE_WITH_FILES: Patience = { ...AT_THE_GATE, answerMilliseconds: 4000 };
