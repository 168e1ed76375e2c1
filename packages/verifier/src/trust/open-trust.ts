import type { Bytes } from '@symbolon/protocol/bytes';
import { DAY_SECONDS, type Instant, instant } from '@symbolon/protocol/instant';
import type { ClientState } from '@symbolon/registry/client-state';
import { type OpenBundle, openBundle } from '@symbolon/registry/open-bundle';
import { openLists } from './open-lists.ts';
import type { Trust } from './trust.ts';

/** Lists live at most as long as the longest validity of any scheme, so a mark older than that guards nothing. */
const MARK_SECONDS = 40 * DAY_SECONDS;

export interface OpenTrust {
  readonly bundle: Bytes;
  /** The trust anchor: shipped with the verifier, or given by a person. Never the bundle's own. */
  readonly pinnedRoot: Bytes | undefined;
  /** What the last call gave. Without it an old bundle cannot be told from a current one. */
  readonly state?: ClientState;
  readonly now: Instant;
}

export interface OpenedTrust {
  readonly trust: Trust;
  /** To keep for the next call. */
  readonly state: ClientState;
}

/**
 * Makes what `verify` rests on from a trust bundle: registry and status lists, each checked from the pinned root on. No network, no storage: the
 * caller keeps `state`. How old everything is does not matter here; the verdict grades it.
 *
 * @throws SymbolonError `no-trust-anchor`, `bundle-malformed`, `bundle-too-large`, `bundle-rollback`, `root-mismatch`, `role-overreach`,
 * `metadata-...`
 */
export async function openTrust({ bundle, pinnedRoot, state, now }: OpenTrust): Promise<OpenedTrust> {
  const options: OpenBundle = { bundle, pinnedRoot, now, ...(state === undefined ? {} : { state }) };
  const opened = await openBundle(options);
  const { view, state: marked } = opened;
  const { lists, badLists, bitstrings } = await openLists(view, opened.lists, marked.listIssuedAt, now);
  return {
    trust: { registry: view, lists, badLists, bitstrings, newestSignedAt: marked.newestSignedAt },
    state: {
      ...marked,
      // By signed time: a clock that ran ahead for a day must not make a verifier forget.
      listIssuedAt: marksAfter(marked.listIssuedAt, lists, instant(Math.min(now, marked.newestSignedAt))),
    },
  };
}

/** Per token list the highest `iat` that was seen, also of lists that this bundle does not carry. The Bitstring lists of the same entries share it. */
function marksAfter(
  before: ClientState['listIssuedAt'],
  lists: Trust['lists'],
  now: Instant,
): ClientState['listIssuedAt'] {
  const marks = new Map(Object.entries(before).filter(([, at]) => now - at < MARK_SECONDS));
  for (const [uri, { issuedAt }] of lists) marks.set(uri, issuedAt);
  return Object.fromEntries(marks);
}
