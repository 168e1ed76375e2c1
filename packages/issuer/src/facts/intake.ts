import { fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { canonicalJson } from '@symbolon/protocol/canonical-json';
import { SymbolonError } from '@symbolon/protocol/errors';
import { type Instant, isInstant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { check } from '@symbolon/protocol/schemas/common';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import { checkFact, countsAt, type Fact } from '@symbolon/rules/fact';
import * as z from 'zod/mini';
import type { FactStore, Sealer } from '../ports.ts';
import { factExpiry, type SealedFact } from './fact-record.ts';
import { selectFacts } from './select-facts.ts';

export interface FactPorts {
  readonly facts: FactStore;
  readonly sealer: Sealer;
}

export interface IncomingFact extends Fact {
  readonly id: string;
}

/** How far a source's clock may be ahead, in seconds. */
const AHEAD_SECONDS = 300;

const StoredFact = z.object({
  type: z.string(),
  at: z.custom<Instant>(isInstant),
  fields: z.record(z.string(), z.union([z.string(), z.boolean(), z.number()])),
});

/**
 * Checks and stores a batch of facts about one subject. Nothing is stored unless every fact has the form that its scheme declares. Idempotent by
 * fact id: the same fact again is none, and another fact under an id that is taken is refused.
 *
 * However many facts there are, one more is taken: an adverse fact must not be kept out by the number of harmless ones.
 *
 * @returns how many were new
 * @throws SymbolonError `fact-malformed` with the place, `fact-conflict`, `request-malformed`
 */
export async function takeInFacts(
  ports: FactPorts,
  scheme: Scheme,
  subject: string,
  incoming: readonly IncomingFact[],
  now: Instant,
): Promise<number> {
  if (incoming.length > LIMITS.batchFacts)
    throw new SymbolonError('request-malformed', { path: 'facts', bound: LIMITS.batchFacts });
  for (const { type, at, fields } of incoming) {
    checkFact(scheme, { type, at, fields });
    // What lies in the future does not count, and must not wait there to crowd out what does.
    if (at > now + AHEAD_SECONDS) throw new SymbolonError('fact-malformed', { path: 'at' });
  }
  const stored = await ports.facts.list(subject, scheme.id, now);
  const known = new Map(stored.map((fact) => [fact.id, fact]));
  // All of them before the first is stored.
  for (const fact of incoming) await refuseOther(ports, scheme, subject, known.get(fact.id), fact);
  let added = 0;
  for (const fact of incoming) {
    const before = known.get(fact.id);
    if (before !== undefined) {
      await refuseOther(ports, scheme, subject, before, fact);
      continue;
    }
    const { id, type, at, fields } = fact;
    const sealed = await ports.sealer.seal(
      utf8(JSON.stringify({ type, at, fields })),
      sealContext(subject, scheme.id),
    );
    const record = { id, scheme: scheme.id, expiresAt: factExpiry(scheme, fact), sealed };
    if (await ports.facts.add(subject, record)) {
      known.set(id, record);
      added++;
    } else {
      // Another request was faster, or a fact that has ended has this id still.
      const other = (await ports.facts.list(subject, scheme.id, now)).find((each) => each.id === id);
      if (other === undefined) throw new SymbolonError('fact-conflict');
      await refuseOther(ports, scheme, subject, other, fact);
    }
  }
  return added;
}

async function refuseOther(
  ports: FactPorts,
  scheme: Scheme,
  subject: string,
  before: SealedFact | undefined,
  fact: Fact,
): Promise<void> {
  if (before === undefined) return;
  const stored = await openFact(ports, before.sealed, sealContext(subject, scheme.id));
  if (!isSame(stored, fact)) throw new SymbolonError('fact-conflict');
}

function isSame(stored: Fact, { type, at, fields }: Fact): boolean {
  return canonicalJson({ ...stored }) === canonicalJson({ type, at, fields });
}

/**
 * The facts of a subject that count at `now`, opened, and no more of them than the rules read. They stay in memory only as long as the rules run.
 */
export async function openFacts(
  ports: FactPorts,
  scheme: Scheme,
  subject: string,
  now: Instant,
): Promise<Fact[]> {
  const stored = await ports.facts.list(subject, scheme.id, now);
  const context = sealContext(subject, scheme.id);
  const facts = await Promise.all(stored.map(({ sealed }) => openFact(ports, sealed, context)));
  return selectFacts(
    scheme,
    facts.filter((fact) => countsAt(scheme, fact, now)),
  );
}

async function openFact({ sealer }: FactPorts, sealed: string, context: string): Promise<Fact> {
  const plain = await sealer.open(sealed, context);
  try {
    return check(StoredFact, parseStrictJson(fromUtf8(plain)), 'storage-failed');
  } finally {
    plain.fill(0);
  }
}

function sealContext(subject: string, scheme: string): string {
  return `fact ${scheme} ${subject}`;
}
