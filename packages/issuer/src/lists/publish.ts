import type { Signer } from '@symbolon/keys/signer';
import { equalBytes } from '@symbolon/protocol/bytes';
import { addHours, addSeconds, hourFloor, type Instant } from '@symbolon/protocol/instant';
import { issueStatusListToken } from '@symbolon/status/issue';
import { packEntries, type StatusList } from '@symbolon/status/status-list';
import { STATUS_BITS } from '@symbolon/status/status-value';
import { openStatusListToken, parseStatusListToken } from '@symbolon/status/token';
import type { ListPublisher, ListStore } from '../ports.ts';
import { listUri } from './allocate.ts';

export interface PublishPorts {
  readonly lists: ListStore;
  readonly publisher: ListPublisher;
}

export interface PublishSettings {
  readonly signer: Signer;
  readonly listEntries: number;
  /** How often lists are published, in seconds. */
  readonly ttlSeconds: number;
  /** An unchanged list is signed anew after this many seconds, so that a fresh bundle holds fresh lists: verifiers grade a list by its age. */
  readonly resignSeconds: number;
  /** How long a published list may be read, in seconds: at least `resignSeconds` and the federation's `referAfterHours` together. */
  readonly readableSeconds: number;
  /** The issuer's URL. */
  readonly issuer: string;
  /**
   * How many hours ahead of their first credential lists are published. A gate knows the list of a credential that is minted now only if its bundle, which
   * may be as old as `referAfterHours`, already had it: so this is the longest validity plus `referAfterHours`.
   */
  readonly aheadHours: number;
}

/**
 * Signs and publishes every list that has changed, or that was signed `resignSeconds` ago.
 *
 * @returns how many lists there are, and how many were published
 */
export async function publishLists(
  ports: PublishPorts,
  settings: PublishSettings,
  now: Instant,
): Promise<{ lists: number; published: number }> {
  const used = await ports.lists.lists(now);
  const uris = new Set([...upcoming(settings, now), ...used.map(({ uri }) => uri)]);
  const inUse = new Set(used.map(({ uri }) => uri));
  let published = 0;
  for (const uri of uris) {
    const id = idOf(uri);
    const entries = new Uint8Array(settings.listEntries);
    const flagged = inUse.has(uri) ? await ports.lists.flagged(uri) : [];
    for (const { idx, status } of flagged) entries[idx] = status;
    if (await isCurrent(await ports.publisher.read(id), entries, settings, now)) continue;
    const token = await issueStatusListToken({
      uri,
      bits: STATUS_BITS,
      entries,
      issuedAt: now,
      expiresAt: addSeconds(now, settings.readableSeconds),
      ttlSeconds: settings.ttlSeconds,
      signer: settings.signer,
    });
    await ports.publisher.publish(id, token);
    published++;
  }
  await ports.publisher.announce([...uris].map(idOf).toSorted());
  return { lists: uris.size, published };
}

function upcoming({ issuer, aheadHours }: PublishSettings, now: Instant): string[] {
  const first = hourFloor(now);
  return Array.from({ length: aheadHours }, (_, hour) => listUri(issuer, addHours(first, hour + 1)));
}

function idOf(uri: string): string {
  return uri.slice(uri.lastIndexOf('/') + 1);
}

async function isCurrent(
  token: string | undefined,
  entries: Uint8Array,
  settings: PublishSettings,
  now: Instant,
): Promise<boolean> {
  if (token === undefined) return false;
  const parsed = parseStatusListToken(token);
  if (parsed.kid !== settings.signer.kid || now - parsed.claims.iat >= settings.resignSeconds) return false;
  const published = await openStatusListToken(parsed);
  const wanted: StatusList = packEntries(STATUS_BITS, entries);
  return published.bits === wanted.bits && equalBytes(published.bytes, wanted.bytes);
}
