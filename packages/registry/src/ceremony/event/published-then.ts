import { SymbolonError } from '@symbolon/protocol/errors';
import { roleThen } from '../../history/authority-then.ts';
import { rootsThen } from '../../history/roots-then.ts';
import { type SnapshotLink, walkSnapshots } from '../../history/walk-snapshots.ts';
import { targetFile } from '../../metadata/file-names.ts';
import type { TargetsMetadata } from '../../metadata/metadata.ts';
import type { Draft } from '../draft.ts';
import type { SigningEvent } from './signing-event.ts';
import { treeOf } from './tree.ts';

/** How far back an event's base is looked for. */
const SEARCHED = 256;

/**
 * What was published when an event was prepared, as far as changes depend on it: root, roles, versions and files, read back along the chain of snapshots.
 * What clients remember (`base.view`, `base.state`) is that of now.
 *
 * @throws SymbolonError `event-malformed` when there is no such publication among the last ones; what reading throws
 */
export async function publishedThen(
  { base }: Pick<SigningEvent, 'base'>,
  published: Draft | undefined,
): Promise<Draft | undefined> {
  if (base === undefined) return undefined;
  const now = published?.base;
  if (now?.trust.snapshot.signed.version === base.snapshotVersion) return published;
  if (published === undefined || now === undefined)
    throw new SymbolonError('event-malformed', { path: 'base' });
  const links: SnapshotLink[] = [];
  for await (const link of walkSnapshots(published.read, now.trust)) {
    links.push(link);
    if (link.snapshot.signed.version <= base.snapshotVersion || links.length === SEARCHED) break;
  }
  const snapshot = links.at(-1)?.snapshot;
  if (snapshot?.signed.version !== base.snapshotVersion)
    throw new SymbolonError('event-malformed', { path: 'base' });
  const records = links.map(({ record }) => record ?? {});
  const roots = await rootsThen(published.read, now.trust.root.signed.version, records);
  const root = roots.at(-1)?.root ?? now.trust.root;
  const roles = new Map<string, TargetsMetadata>();
  for (const file of Object.keys(snapshot.signed.meta)) {
    const role = file.slice(0, -'.json'.length);
    const metadata = await roleThen(published.read, snapshot.signed, role);
    if (metadata !== undefined) roles.set(role, metadata);
  }
  const delegated = treeOf(root, roles);
  return {
    ...published,
    trust: { ...now.trust, root },
    base: { ...now, trust: { ...now.trust, root, snapshot } },
    roles: new Map([...roles].filter(([role]) => delegated.has(role))),
    files: await filesThen(published, roles),
  };
}

/** Files that were published then and are not any more. Such as cannot be read stay unread, as in any draft. */
async function filesThen(
  { read, base }: Draft,
  roles: ReadonlyMap<string, TargetsMetadata>,
): Promise<Draft['files']> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const { signed } of roles.values()) {
    for (const [path, { length, hashes }] of Object.entries(signed.targets)) {
      const file = targetFile(path, hashes.sha256);
      if (base?.files.has(file)) continue;
      const bytes = await read(file, { maxBytes: length, sha256: hashes.sha256 });
      if (bytes !== undefined) files.set(file, bytes);
    }
  }
  return files;
}
