import { sha256Base64url } from '@symbolon/keys/digest';
import type { Instant } from '@symbolon/protocol/instant';
import type { SealedFact } from '../facts/fact-record.ts';
import { isSameFact, openFact, sealFact } from '../facts/sealed-content.ts';
import type { FactStore, Sealer } from '../ports.ts';

export interface CopyPorts {
  readonly facts: FactStore;
  readonly sealer: Sealer;
}

/**
 * What a fact of a merged-away subject is called where another fact of its source has its id. No source can choose such an id.
 */
export function idAfterMerge(id: string, from: string): string {
  return `${id}~${sha256Base64url(`merged ${from}`).slice(0, 8)}`;
}

/**
 * Copies the facts of a subject for one scheme to the one that it was merged into, sealed anew for it: retracted ones as retracted ones. Done again, it copies
 * what is missing.
 */
export async function copyFacts(
  ports: CopyPorts,
  scheme: string,
  from: string,
  into: string,
  now: Instant,
): Promise<void> {
  const theirs = await ports.facts.list(from, scheme, now);
  if (theirs.length === 0) return;
  const own = new Map((await ports.facts.list(into, scheme, now)).map((each) => [nameOf(each), each]));
  for (const stored of theirs) {
    const { fact } = await openFact(ports.sealer, from, stored);
    const there = own.get(nameOf(stored));
    const isOther =
      there !== undefined && !isSameFact((await openFact(ports.sealer, into, there)).fact, fact);
    const id = isOther ? idAfterMerge(stored.id, from) : stored.id;
    if (own.get(nameOf({ ...stored, id })) === undefined)
      await ports.facts.add(into, {
        ...stored,
        id,
        sealed: await sealFact(ports.sealer, into, scheme, fact),
      });
    // Also where it was copied before: it may have been taken back since.
    if (stored.retractedAt !== undefined)
      await ports.facts.retract(into, { scheme, source: stored.source, id }, stored.retractedAt);
  }
}

function nameOf({ source, id }: Pick<SealedFact, 'source' | 'id'>): string {
  return `${source} ${id}`;
}
