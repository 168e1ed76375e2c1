import type { Instant } from '@symbolon/protocol/instant';
import type { Publication } from '../publication.ts';
import type { BurstRecord } from './burst-record.ts';
import { carryOut } from './carry-out.ts';
import type { EvaluatePorts } from './evaluate.ts';
import { failuresOfPeople } from './one-person.ts';
import { hasLapsed } from './proposal-record.ts';

export interface DecidedWaiting {
  /** Proposals that were decided in this run. */
  readonly decided: number;
  /** What holds those that were waiting and do not any more. */
  readonly held: readonly BurstRecord[];
}

/**
 * REQ-ISS-030: decides the proposals whose delay is over, and has bursts hold those that they caught. Whoever cannot be decided about does not stop it. Run again, it goes on.
 *
 * @throws SymbolonError the first error that somebody must see, once all others are done
 */
export async function decideWaiting(
  ports: EvaluatePorts,
  publication: Publication,
  { proposalsAtMost }: { readonly proposalsAtMost: number },
  now: Instant,
): Promise<DecidedWaiting> {
  const failures = failuresOfPeople();
  const held = new Map<string, BurstRecord>();
  let decided = 0;
  for (const waiting of await ports.proposals.passed(proposalsAtMost)) {
    try {
      if (hasLapsed(waiting, now)) {
        const { passedAt: _, ...over } = waiting;
        await ports.proposals.move(over, 'approved');
        continue;
      }
      const settled = await carryOut(ports, publication, waiting.id, now);
      if (settled.held !== undefined) held.set(settled.held.id, settled.held);
      if (settled.proposal.state === 'decided') decided++;
      failures.none();
    } catch (error) {
      failures.passOver(error);
    }
  }
  failures.throwFirst();
  return { decided, held: [...held.values()] };
}
