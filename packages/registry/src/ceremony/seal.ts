import { sha256 } from '@symbolon/keys/digest';
import { type Bytes, toHex } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { own } from '@symbolon/protocol/own';
import { isJsonObject, type JsonObject } from '@symbolon/protocol/strict-json';
import type { PublicationRecord } from '../history/publication-record.ts';
import { metadataFile, rootFile, TIMESTAMP_FILE } from '../metadata/file-names.ts';
import type { RootMetadata, SnapshotMetadata } from '../metadata/metadata.ts';
import { loadFromAnchor } from '../registry-view/open-registry.ts';
import type { ReadFile } from '../registry-view/source.ts';
import type { Draft } from './draft.ts';
import { describe, type OnlineSigners, signSnapshot, signTimestamp } from './online-roles.ts';
import { freeVersion } from './versions.ts';

/** What `publish` writes. Plain data: keep it until it was published, and publish it again if that broke off. */
export interface Publication {
  /** Files to create, by path. They have new names, so nobody reads them before the timestamp points to them. */
  readonly files: ReadonlyMap<string, Bytes>;
  readonly timestamp: Bytes;
  /** The timestamp that this publication was made on top of; nothing for the first one. */
  readonly previousTimestamp: Bytes | undefined;
  /**
   * Whether a new root goes before the timestamp. Left out, it goes last: then only the publisher who won the timestamp publishes a root, and readers
   * in between see a whole registry under the root before.
   */
  readonly rootFirst?: boolean;
}

/**
 * Closes a draft: signs snapshot and timestamp over it, and reads the whole as a client would. What clients would not accept is
 * not published; what was wrong with another region before does not stand in the way.
 *
 * @param title what the history calls it: at most `publicationTitleChars`, one line
 * @throws SymbolonError what `openRegistry` throws; `region-malformed`, `rule-mutated` when this draft would make a region unusable;
 * `clock`, `event-malformed` for the title
 */
export async function seal(
  draft: Draft,
  signers: OnlineSigners,
  now: Instant,
  title = 'publication',
): Promise<Publication> {
  const { root } = draft.trust;
  const base = draft.base?.trust;
  const former = base?.root;
  const version = await freeVersion(draft.read, 'snapshot', base?.snapshot.signed.version ?? 0);
  const record = recordOf(title, root, base?.snapshot, now);
  const snapshot = await signSnapshot(root, version, metaOf(draft), signers, now, { record, former });
  const timestamp = await signTimestamp(root, base?.timestamp, snapshot, signers, now, former);
  const publication = {
    files: new Map([...draft.files, [metadataFile('snapshot', version), snapshot.bytes]]),
    timestamp: timestamp.bytes,
    previousTimestamp: base?.timestamp.bytes,
  };
  await checkAsClient(draft, publication, now);
  return former === undefined || (await readsUnder(former, draft, publication, now))
    ? publication
    : { ...publication, rootFirst: true };
}

/** The link that this publication adds to the chain. */
export function recordOf(
  title: string,
  root: RootMetadata,
  previous: SnapshotMetadata | undefined,
  at: Instant,
): PublicationRecord {
  const refOf = ({ signed, bytes }: RootMetadata | SnapshotMetadata) => ({
    version: signed.version,
    sha256: toHex(sha256(bytes)),
  });
  return { at, title, root: refOf(root), ...(previous && { previous: refOf(previous) }) };
}

/** Whether a client that does not see the new root yet would accept this publication. */
async function readsUnder(
  former: RootMetadata,
  draft: Draft,
  publication: Publication,
  now: Instant,
): Promise<boolean> {
  const next = rootFile(former.signed.version + 1);
  if (!publication.files.has(next)) return true;
  const { files } = publication;
  const without = { ...publication, files: new Map([...files].filter(([path]) => path !== next)) };
  const hidden: ReadFile = async (path, expected) => (path === next ? undefined : draft.read(path, expected));
  try {
    await checkAsClient({ ...draft, read: hidden }, without, now);
    return true;
  } catch (error) {
    if (isSymbolonError(error)) return false;
    throw error;
  }
}

/** Roles that were ever listed stay listed, or clients would see a rollback (TUF 1.0, section 5.5.5). */
function metaOf({ base, roles, changed }: Draft): JsonObject {
  const current = base?.trust.snapshot.raw['meta'];
  const updated = [...changed].flatMap((name) => {
    const role = roles.get(name);
    return role === undefined
      ? []
      : [[`${name}.json`, { ...describe(role.signed.version, role.bytes) }] as const];
  });
  return { ...(isJsonObject(current) ? current : {}), ...Object.fromEntries(updated) };
}

async function checkAsClient(draft: Draft, publication: Publication, now: Instant): Promise<void> {
  const read: ReadFile = async (path, expected) =>
    path === TIMESTAMP_FILE
      ? publication.timestamp
      : (publication.files.get(path) ?? draft.read(path, expected));
  const { view } = await loadFromAnchor({
    read,
    pinnedRoot: draft.pinnedRoot,
    state: draft.base?.state,
    now,
    // An expired role of someone else must not hold up a key that is urgent.
    expiry: 'offline',
  });
  const before = draft.base?.view.malformedRegions ?? {};
  for (const [region, fault] of Object.entries(view.malformedRegions)) {
    const expected = fault === 'metadata-missing' || own(before, region) === fault;
    if (!expected) throw new SymbolonError(fault, { path: `regions.${region}` });
  }
}
