import { fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { canonicalJson } from '@symbolon/protocol/canonical-json';
import { SymbolonError } from '@symbolon/protocol/errors';
import { type Instant, isInstant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { check } from '@symbolon/protocol/schemas/common';
import type { Scheme } from '@symbolon/protocol/schemas/scheme';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import { checkFact, type Fact } from '@symbolon/rules/fact';
import * as z from 'zod/mini';
import type { FactStore, Sealer } from '../ports.ts';
import { factExpiry } from './fact-record.ts';
import { selectFacts } from './select-facts.ts';

export interface FactPorts {
  readonly facts: FactStore;
  readonly sealer: Sealer;
}

export interface IncomingFact extends Fact {
  readonly id: string;
}

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
  for (const { type, at, fields } of incoming) checkFact(scheme, { type, at, fields });
  const context = sealContext(subject, scheme.id);
  const stored = await ports.facts.list(subject, scheme.id, now);
  const known = new Map(stored.map((fact) => [fact.id, fact.sealed]));
  for (const fact of incoming) {
    const sealed = known.get(fact.id);
    if (sealed !== undefined && !isSame(await openFact(ports, sealed, context), fact)) {
      throw new SymbolonError('fact-conflict');
    }
  }
  let added = 0;
  for (const { id, type, at, fields } of incoming) {
    if (known.has(id)) continue;
    const sealed = await ports.sealer.seal(utf8(JSON.stringify({ type, at, fields })), context);
    const fact = { id, scheme: scheme.id, expiresAt: factExpiry(scheme, { type, at, fields }), sealed };
    if (await ports.facts.add(subject, fact)) added++;
  }
  return added;
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
  return selectFacts(await Promise.all(stored.map(({ sealed }) => openFact(ports, sealed, context))));
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
