import type { Instant } from '@symbolon/protocol/instant';
import type { Publication } from '../publication.ts';
import { carryOut } from './carry-out.ts';
import type { EvaluatePorts } from './evaluate.ts';
import { failuresOfPeople } from './one-person.ts';
import { hasLapsed } from './proposal-record.ts';

/**
 * REQ-ISS-030: decides the proposals whose delay is over, and has bursts hold those that they caught. Whoever cannot be decided about does not stop it. Run again, it goes on.
 *
 * @returns how many were decided by this run
 * @throws SymbolonError the first error that somebody must see, once all others are done
 */
export async function decideWaiting(
  ports: EvaluatePorts,
  publication: Publication,
  { proposalsAtMost }: { readonly proposalsAtMost: number },
  now: Instant,
): Promise<number> {
  const failures = failuresOfPeople();
  let decided = 0;
  for (const waiting of await ports.proposals.passed(proposalsAtMost)) {
    try {
      if (hasLapsed(waiting, now)) {
        const { passedAt: _, ...over } = waiting;
        await ports.proposals.move(over, 'approved');
        continue;
      }
      const { proposal } = await carryOut(ports, publication, waiting.id, now);
      if (proposal.state === 'decided') decided++;
      failures.none();
    } catch (error) {
      failures.passOver(error);
    }
  }
  failures.throwFirst();
  return decided;
}
