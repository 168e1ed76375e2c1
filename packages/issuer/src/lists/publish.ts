import type { Signer } from '@symbolon/keys/signer';
import { addHours, addSeconds, type Instant } from '@symbolon/protocol/instant';
import { WINDOW } from '@symbolon/protocol/limits';
import type { ListPublisher, ListStore } from '../ports.ts';
import { bitstringsAreOf, issueBitstrings } from './bitstring-lists.ts';
import { compactIsOf, issueCompact } from './compact-file.ts';
import { publishNewer } from './list-file.ts';
import { type ListState, upcomingLists, usedList } from './list-state.ts';
import { listId } from './list-uri.ts';
import { issueToken, type PublishedToken, readToken } from './token-list.ts';

export interface PublishPorts {
  readonly lists: ListStore;
  readonly publisher: ListPublisher;
}

export interface PublishSettings {
  readonly signer: Signer;
  /** Entries of a list that is not in use yet; one that is keeps the size with which it began. */
  readonly listEntries: number;
  /** How often lists are published, in seconds: within such a step nothing changes. */
  readonly ttlSeconds: number;
  /** An unchanged list is signed anew after this many seconds, so that a fresh bundle holds fresh lists: verifiers grade a list by its age. */
  readonly resignSeconds: number;
  /** How long a published list may be read, in seconds: at least `resignSeconds` and the federation's `referAfterHours` together. */
  readonly readableSeconds: number;
  /** The issuer's URL, and its did. */
  readonly issuer: string;
  readonly did: string;
  /**
   * How many hours ahead of their first credential lists are published. A gate knows the list of a credential that is minted now only if its bundle, which
   * may be as old as `referAfterHours`, already had it: so this is the longest validity plus `referAfterHours`.
   */
  readonly aheadHours: number;
  /** The longest validity of a credential, in hours: for so long before its expiry a list is in use, and its decoys move. */
  readonly lifeHours: number;
  /**
   * Whether Bitstring lists are published too: not in a region that offers no `ldp_vc`. They are for verifiers of other makes, which read them online, so they are signed for the hours only
   * that a credential can have which is minted now. Ours read the token list of the same entries, which bundles carry (ADR 0017).
   */
  readonly bitstring: boolean;
  /** Whether the compact form of each list is published beside its token, as `<id>.compact`. No verifier reads it yet. */
  readonly compact?: boolean;
}

/**
 * Signs and publishes every list that has changed, or that was signed `resignSeconds` ago: the Status List Token, and before it the
 * two Bitstring lists and the compact list of the same state and time, where they are wanted. A run that breaks off leaves lists that are older, never wrong
 * ones; the next run goes on. A run that is overtaken by another leaves what the other one has published.
 *
 * @returns how many lists there are, and how many were published
 */
export async function publishLists(
  ports: PublishPorts,
  settings: PublishSettings,
  now: Instant,
): Promise<{ lists: number; published: number }> {
  const used = await ports.lists.lists(now);
  const inUse = new Set(used.map(({ uri }) => uri));
  const upcoming = upcomingLists(settings, now).filter(({ uri }) => !inUse.has(uri));
  let published = 0;
  // One after another: the state of the largest list is a megabyte.
  for (const record of used) {
    // The published one first: whoever publishes after that look is noticed, and knows a state that is as new or newer.
    const before = await ports.publisher.read(listId(record.uri));
    const state = await usedList(ports.lists, record, settings, now);
    if (await publishIfDue(ports, state, before, settings, now)) published++;
  }
  for (const list of upcoming) {
    const unused = { ...list, entries: new Uint8Array(settings.listEntries) };
    const before = await ports.publisher.read(listId(list.uri));
    if (await publishIfDue(ports, unused, before, settings, now)) published++;
  }
  // For bundles, which carry tokens.
  const uris = [...inUse, ...upcoming.map(({ uri }) => uri)];
  await ports.publisher.announce(uris.map(listId).toSorted());
  return { lists: uris.length, published };
}

async function publishIfDue(
  { publisher }: PublishPorts,
  state: ListState,
  before: string | undefined,
  settings: PublishSettings,
  now: Instant,
): Promise<boolean> {
  const withBitstrings = settings.bitstring && state.expiresAt <= addHours(now, settings.lifeHours);
  const { signer, resignSeconds, compact: withCompact = false } = settings;
  const token = await readToken(before, state);
  const isCurrent =
    token?.saysTheSame === true && token.kid === signer.kid && now - token.issuedAt < resignSeconds;
  const othersAreCurrent = async (of: PublishedToken) =>
    (!withBitstrings || (await bitstringsAreOf(publisher, state, of))) &&
    (!withCompact || (await compactIsOf(publisher, state, of)));
  if (isCurrent && (await othersAreCurrent(token))) return false;
  const at = laterThan(token, now);
  const bitstrings = withBitstrings ? await issueBitstrings(state, settings, at) : [];
  // REQ-STA-009: the token last. A reader who has it takes an older Bitstring list for one that is held back.
  const compact = withCompact ? [await issueCompact(state, settings, at)] : [];
  const files = [...bitstrings, ...compact, await issueToken(state, settings, at)];
  for (const file of files) {
    // Another run is at it, and knows more.
    if (!(await publishNewer(publisher, file))) return false;
  }
  return true;
}

/** What changes within the second of the last publication shows all the same: a later list has a later time, and readers allow for that much. */
function laterThan(token: PublishedToken | undefined, now: Instant): Instant {
  if (token === undefined || token.issuedAt < now) return now;
  const next = addSeconds(token.issuedAt, 1);
  return next <= now + WINDOW.aheadSeconds / 2 ? next : now;
}
