import { addSeconds, type Instant, instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { countsAt, type Fact } from '@symbolon/rules/fact';
import type { FactStore, Sealer } from '../ports.ts';
import type { Publication } from '../publication.ts';
import { placeFacts } from './join-places.ts';
import { type OpenedFact, openFact } from './sealed-content.ts';
import { selectFacts } from './select-facts.ts';

export interface FactPorts {
  readonly facts: FactStore;
  readonly sealer: Sealer;
}

/**
 * The facts of a subject that the rules read at `now`: those that count, with what is published about the places that they name, and no more of them than the
 * rules take. They stay in memory only as long as the rules run.
 */
export async function openFacts(
  ports: FactPorts,
  publication: Publication,
  scheme: Scheme,
  subject: string,
  now: Instant,
): Promise<Fact[]> {
  return factsThatCount(publication, scheme, await openStored(ports, scheme.id, subject, now), now);
}

/** All facts of a subject for a scheme that have not expired, retracted ones among them. */
export async function openStored(
  ports: FactPorts,
  scheme: string,
  subject: string,
  now: Instant,
): Promise<OpenedFact[]> {
  const stored = await ports.facts.list(subject, scheme, now);
  return Promise.all(stored.map((each) => openFact(ports.sealer, subject, each)));
}

/**
 * What `openFacts` answers, of facts that are open already. What its source took back does not count. Where the source's clock is ahead, a fact counts from when
 * it was received: what is stored is weighed at once, by intake and by the rules alike.
 */
export function factsThatCount(
  publication: Publication,
  scheme: Scheme,
  opened: readonly Pick<OpenedFact, 'fact' | 'receivedAt' | 'retractedAt'>[],
  now: Instant,
): Fact[] {
  const facts = opened
    .filter(({ retractedAt }) => retractedAt === undefined)
    .map(({ fact, receivedAt }) => notAhead(fact, receivedAt, now))
    .filter((fact) => countsAt(scheme, fact, now));
  const places = placeFacts(publication, scheme, facts).filter((fact) => countsAt(scheme, fact, now));
  return selectFacts(scheme, [...facts, ...places]);
}

/** As of when it was received at the latest. Not as of now: a decision would have another sample each time. */
function notAhead(fact: Fact, receivedAt: Instant, now: Instant): Fact {
  if (fact.at <= now && fact.at <= receivedAt) return fact;
  if (fact.at > addSeconds(receivedAt, LIMITS.factAheadSeconds)) return fact;
  return { ...fact, at: instant(Math.min(fact.at, receivedAt, now)) };
}
