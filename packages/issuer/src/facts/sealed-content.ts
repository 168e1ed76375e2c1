import { fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { canonicalJson } from '@symbolon/protocol/canonical-json';
import { type Instant, isInstant } from '@symbolon/protocol/instant';
import { check } from '@symbolon/protocol/schemas/common';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import type { Fact } from '@symbolon/rules/fact';
import * as z from 'zod/mini';
import type { Sealer } from '../ports.ts';
import type { SealedFact } from './fact-record.ts';

/** A stored fact with its content, in memory only as long as it is worked with. */
export interface OpenedFact extends SealedFact {
  readonly fact: Fact;
}

const StoredFact = z.object({
  type: z.string(),
  at: z.custom<Instant>(isInstant),
  fields: z.record(z.string(), z.union([z.string(), z.boolean(), z.number()])),
});

/** Seals a fact for one subject and scheme: moved to another, it does not open. */
export function sealFact(
  sealer: Sealer,
  subject: string,
  scheme: string,
  { type, at, fields }: Fact,
): Promise<string> {
  return sealer.seal(utf8(JSON.stringify({ type, at, fields })), contextOf(subject, scheme));
}

/** @throws SymbolonError `storage-failed` when it was sealed for another subject or scheme, or is no fact */
export async function openFact(sealer: Sealer, subject: string, stored: SealedFact): Promise<OpenedFact> {
  const plain = await sealer.open(stored.sealed, contextOf(subject, stored.scheme));
  try {
    const fact = check(StoredFact, parseStrictJson(fromUtf8(plain)), 'storage-failed');
    return { ...stored, fact };
  } finally {
    plain.fill(0);
  }
}

export function isSameFact(a: Fact, b: Fact): boolean {
  return textOf(a) === textOf(b);
}

function textOf({ type, at, fields }: Fact): string {
  return canonicalJson({ type, at, fields });
}

function contextOf(subject: string, scheme: string): string {
  return `fact ${scheme} ${subject}`;
}
