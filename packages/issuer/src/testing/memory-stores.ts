import { withoutLog } from '../log/without-log.ts';
import type { DecisionLog } from '../ports.ts';
import { type MemoryDecisions, memoryDecisions } from './memory-decisions.ts';
import { type MemoryLists, memoryLists } from './memory-lists.ts';
import { type MemoryPeople, memoryPeople } from './memory-people.ts';
import { type MemorySecrets, memorySecrets } from './memory-secrets.ts';
import { type MemoryWork, memoryWork } from './memory-work.ts';

/** The ports in memory, for tests. They assert their own invariants: nothing that was written is rewritten or lost. */
export type MemoryStores = MemoryPeople &
  MemoryDecisions &
  MemoryLists &
  MemorySecrets &
  MemoryWork & {
    /** None: every decision takes effect at once. A test of the log puts its own here (sample-log.ts). */
    readonly decisionLog: DecisionLog;
  };

export function memoryStores(): MemoryStores {
  return {
    ...memoryPeople(),
    ...memoryDecisions(),
    ...memoryLists(),
    ...memorySecrets(),
    ...memoryWork(),
    decisionLog: withoutLog(),
  };
}
