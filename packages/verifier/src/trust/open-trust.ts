import type { Bytes } from '@symbolon/protocol/bytes';
import { DAY_SECONDS, type Instant, instant } from '@symbolon/protocol/instant';
import { REMEMBERED_DAYS } from '@symbolon/protocol/limits';
import type { ClientState } from '@symbolon/registry/client-state';
import { withIntroductions } from '@symbolon/registry/introductions';
import { type OpenBundle, openBundle } from '@symbolon/registry/open-bundle';
import { openLists } from './open-lists.ts';
import { openRegistryLog } from './registry-log/open-registry-log.ts';
import type { Trust } from './trust.ts';

/** Lists live at most as long as the longest validity of any scheme, so a mark older than that guards nothing. */
const MARK_SECONDS = REMEMBERED_DAYS * DAY_SECONDS;

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
 * caller keeps `state`. How old everything is does not matter here; the verdict grades it. So it does what is wrong with the proof that the registry is in its log
 * (`registry-unlogged`), unless the log is another one than this client has seen.
 *
 * @throws SymbolonError `no-trust-anchor`, `bundle-malformed`, `bundle-too-large`, `bundle-rollback`, `root-mismatch`, `role-overreach`,
 * `metadata-...`, `log-fork`
 */
export async function openTrust({ bundle, pinnedRoot, state, now }: OpenTrust): Promise<OpenedTrust> {
  const options: OpenBundle = { bundle, pinnedRoot, now, ...(state === undefined ? {} : { state }) };
  const opened = await openBundle(options);
  const { state: marked } = opened;
  const logged = await openRegistryLog(opened.view, opened.registryLog, state?.logAnchor, now);
  const introductions = logged?.introductions;
  const view =
    introductions === undefined ? opened.view : await withIntroductions(opened, introductions, state, now);
  const { lists, badLists, bitstrings } = await openLists(view, opened.lists, marked.listIssuedAt, now);
  return {
    trust: {
      registry: view,
      registryLog: logged?.log,
      lists,
      badLists,
      bitstrings,
      newestSignedAt: marked.newestSignedAt,
    },
    state: {
      ...marked,
      ...(logged?.anchor === undefined ? {} : { logAnchor: logged.anchor }),
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
