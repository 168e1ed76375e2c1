import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { own } from '@symbolon/protocol/own';
import { metadataFile } from '../metadata/file-names.ts';
import type { ReadFile } from '../registry-view/source.ts';
import type { Draft } from './draft.ts';

/** The version of a role that is published now; 0 when none is. */
export function publishedVersion({ base }: Draft, role: string): number {
  return own(base?.trust.snapshot.signed.meta ?? {}, `${role}.json`)?.version ?? 0;
}

/** As many half-finished publications as may lie in the way. */
export const ORPHANS = 64;

/**
 * The next version of which no file is there. A publication that broke off leaves files that nothing points to; they are passed over,
 * as TUF asks only that versions rise.
 *
 * @throws SymbolonError `publication-conflict`
 */
export async function freeVersion(read: ReadFile, role: string, after: number): Promise<number> {
  for (let version = after + 1; version <= after + ORPHANS; version++) {
    const there = await read(metadataFile(role, version), { maxBytes: LIMITS.metadataBytes });
    if (there === undefined) return version;
  }
  throw new SymbolonError('publication-conflict', { bound: ORPHANS });
}
