import { own } from '@symbolon/protocol/own';
import type { RootMetadata, SnapshotMetadata } from '../metadata/metadata.ts';
import { authorityOf } from '../metadata/threshold.ts';
import type { ReadFile } from '../registry-view/source.ts';
import { authorityThen, roleThen } from './authority-then.ts';
import { type KeyChanges, keyChanges } from './key-changes.ts';
import type { RootThen } from './roots-then.ts';
import { type KeyName, signersOf } from './signers-of.ts';

/** A role that a publication brought in a new version. */
export interface RoleEntry {
  readonly role: string;
  readonly version: number;
  /** Those whose signatures are right, by the keys that held the role then. */
  readonly signers: readonly KeyName[];
  /** How many had to sign. */
  readonly threshold: number;
  /** For a region's keys role. */
  readonly keys: KeyChanges | undefined;
}

/** The root that a publication brought, if it brought one. `first`: there is no publication before it. */
export async function rootEntry(
  here: RootThen,
  before: RootThen | undefined,
  first: boolean,
): Promise<RoleEntry[]> {
  const { root } = here;
  const old = before?.root;
  if (root === undefined || (old === undefined && !first)) return [];
  if (root.signed.version === old?.signed.version) return [];
  const authority = authorityOf(root, root.signed.roles.root);
  const byOld = old === undefined ? [] : await signersOf(root, authorityOf(old, old.signed.roles.root));
  const byNew = await signersOf(root, authority);
  const signers = new Map([...byOld, ...byNew].map((name) => [name.keyid, name]));
  const { version } = root.signed;
  return [
    {
      role: 'root',
      version,
      signers: [...signers.values()],
      threshold: authority.threshold,
      keys: undefined,
    },
  ];
}

/** Targets and the delegated roles that a publication brought. */
export async function roleEntries(
  read: ReadFile,
  root: RootMetadata | undefined,
  { signed: { meta } }: SnapshotMetadata,
  before: SnapshotMetadata | undefined,
): Promise<RoleEntry[]> {
  const old = before?.signed.meta ?? {};
  const changed = Object.entries(meta)
    .filter(([file, { version }]) => own(old, file)?.version !== version)
    .map(([file]) => file.slice(0, -'.json'.length))
    .toSorted();
  const entries: RoleEntry[] = [];
  for (const role of changed) {
    const metadata = await roleThen(read, { meta }, role);
    if (metadata === undefined) continue;
    const authority = root && (await authorityThen(read, { root, meta }, role));
    entries.push({
      role,
      version: metadata.signed.version,
      signers: authority ? await signersOf(metadata, authority) : [],
      threshold: authority?.threshold ?? 0,
      keys: await keyChanges(read, role, await roleThen(read, { meta: old }, role), metadata),
    });
  }
  return entries;
}
