import { type MemoryStores, memoryStores } from '@symbolon/issuer/memory-stores';
import { leanDecisions } from './lean-decisions.ts';
import { leanMints } from './lean-mints.ts';
import { leanPeople } from './lean-people.ts';

/**
 * The issuer's stores in memory, for a million people: those of the tests assert more than they store, and look at everyone to answer for one. What does not
 * grow with the people is theirs. `test/contract` holds these to the same contracts.
 */
export function leanStores(): Omit<MemoryStores, 'mints' | 'decisions'> & ReturnType<typeof ownStores> {
  return { ...memoryStores(), ...ownStores() };
}

function ownStores() {
  return { ...leanPeople(), decisions: leanDecisions(), mints: leanMints() };
}
