import type { Code } from '@symbolon/protocol/codes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { WINDOW } from '@symbolon/protocol/limits';
import { own } from '@symbolon/protocol/own';
import type { RegistryView } from '@symbolon/registry/registry-view';
import type { BundledList } from '@symbolon/registry/status-lists';
import { openBitstring } from './open-bitstring.ts';
import { openLists } from './open-lists.ts';

export interface ListTimes {
  readonly issuedAt: Instant;
  readonly expiresAt: Instant;
}

/**
 * Checks status lists of both kinds as a verifier would that reads all of them at `now`: for those who gather or examine lists. Whether they have expired is
 * left to the caller.
 */
export async function openEveryList(
  registry: RegistryView,
  bundled: readonly BundledList[],
  now: Instant,
): Promise<{ lists: ReadonlyMap<string, ListTimes>; badLists: ReadonlyMap<string, Code> }> {
  const opened = await openLists(registry, bundled, {}, now);
  const lists = new Map<string, ListTimes>(opened.lists);
  const badLists = new Map(opened.badLists);
  for (const [uri, list] of opened.bitstrings) {
    try {
      const view = own(registry.regions, list.region);
      if (view === undefined) continue;
      const trusted = await openBitstring(view, list);
      if (trusted.issuedAt > now + WINDOW.aheadSeconds) throw new SymbolonError('clock');
      lists.set(uri, trusted);
    } catch (error) {
      if (!isSymbolonError(error)) throw error;
      badLists.set(uri, error.code);
    }
  }
  return { lists, badLists };
}
