import { fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { check } from '@symbolon/protocol/schemas/common';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import * as z from 'zod/mini';
import type { Sealer } from '../ports.ts';

const Statements = z.array(z.string()).check(z.minLength(1), z.maxLength(3));

/** Seals what was signed of one proposal. It tells about a person, and opens for this proposal only. */
export function sealStatements(sealer: Sealer, id: string, statements: readonly string[]): Promise<string> {
  return sealer.seal(utf8(JSON.stringify(statements)), contextOf(id));
}

/** @throws SymbolonError `storage-failed` */
export async function openStatements(sealer: Sealer, id: string, sealed: string): Promise<readonly string[]> {
  const plain = await sealer.open(sealed, contextOf(id));
  return check(Statements, parseStrictJson(fromUtf8(plain)), 'storage-failed');
}

/** With one more at the end. */
export async function addStatement(
  sealer: Sealer,
  { id, sealed }: { readonly id: string; readonly sealed: string },
  statement: string,
): Promise<string> {
  return sealStatements(sealer, id, [...(await openStatements(sealer, id, sealed)), statement]);
}

function contextOf(id: string): string {
  return `proposal ${id}`;
}
