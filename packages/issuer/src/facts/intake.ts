import { fromUtf8, utf8 } from '@symbolon/protocol/bytes';
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
 * Checks and stores a batch of facts about one subject. Nothing is stored unless every fact has the form that its scheme
 * declares. Idempotent by fact id.
 *
 * @returns how many were new
 * @throws SymbolonError `fact-malformed` with the place, `request-malformed`
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
  // The rules read no more than this, so more must not be stored: the subject would be left without a decision.
  const stored = await ports.facts.list(subject, scheme.id, now);
  const known = new Set(stored.map(({ id }) => id));
  const fresh = incoming.filter(({ id }) => !known.has(id));
  if (known.size + fresh.length > LIMITS.subjectFacts) {
    throw new SymbolonError('fact-malformed', { path: 'facts', bound: LIMITS.subjectFacts });
  }
  let added = 0;
  for (const { id, type, at, fields } of fresh) {
    const sealed = await ports.sealer.seal(
      utf8(JSON.stringify({ type, at, fields })),
      sealContext(subject, scheme.id),
    );
    const fact = { id, scheme: scheme.id, expiresAt: factExpiry(scheme, { type, at, fields }), sealed };
    if (await ports.facts.add(subject, fact)) added++;
  }
  return added;
}

/** The facts of a subject that count at `now`, opened. They stay in memory only as long as the rules run. */
export async function openFacts(
  ports: FactPorts,
  scheme: Scheme,
  subject: string,
  now: Instant,
): Promise<Fact[]> {
  const stored = await ports.facts.list(subject, scheme.id, now);
  const context = sealContext(subject, scheme.id);
  return Promise.all(
    stored.map(async ({ sealed }) => {
      const plain = await ports.sealer.open(sealed, context);
      try {
        return check(StoredFact, parseStrictJson(fromUtf8(plain)), 'storage-failed');
      } finally {
        plain.fill(0);
      }
    }),
  );
}

function sealContext(subject: string, scheme: string): string {
  return `fact ${scheme} ${subject}`;
}
