import type { Bytes } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { TARGETS } from '../metadata/delegations.ts';
import { rootFile } from '../metadata/file-names.ts';
import type { RootMetadata, TargetsMetadata } from '../metadata/metadata.ts';
import { SYMBOLON } from '../metadata/symbolon-profile.ts';
import { type Authority, authorityOf } from '../metadata/threshold.ts';
import { advanceRoot, type RootTrust, trustRoot } from '../metadata/trusted-set.ts';
import { walkRoots } from '../metadata/walk-roots.ts';
import type { LoadedRegistry } from '../registry-view/load-registry.ts';
import { loadFromAnchor } from '../registry-view/open-registry.ts';
import { type ReadFile, readFrom } from '../registry-view/source.ts';
import { withListedFiles } from './listed-files.ts';

/**
 * The next publication in the making: what is published now, verified, and what was signed on top of it. A value: every step of a
 * ceremony gives a new one, and nothing is written before `publish`.
 */
export interface Draft {
  /** The published files. */
  readonly read: ReadFile;
  readonly pinnedRoot: Bytes;
  readonly trust: RootTrust;
  /** What is published now. Nothing, before the first publication. */
  readonly base: LoadedRegistry | undefined;
  /** Targets and the delegated roles, as they will be. */
  readonly roles: ReadonlyMap<string, TargetsMetadata>;
  /** Names of the roles that were signed anew. */
  readonly changed: ReadonlySet<string>;
  /** Files to create, by path. */
  readonly files: ReadonlyMap<string, Bytes>;
}

/** A draft of the first publication. `root` is from `createRoot`. @throws SymbolonError `metadata-...` */
export async function startDraft(root: Bytes): Promise<Draft> {
  const trust = await trustRoot(root);
  return { ...unfounded(trust.root), files: new Map([[rootFile(trust.root.signed.version), root]]) };
}

/** Where nothing is published yet, and there will be this root. Its signatures are NOT checked. */
export function unfounded(root: RootMetadata): Draft {
  const seen = { timestampVersion: 0, snapshotVersion: 0, roleVersions: {} };
  return {
    read: readFrom(new Map()),
    pinnedRoot: root.bytes,
    trust: { profile: SYMBOLON, root, seen, rotated: false },
    base: undefined,
    roles: new Map(),
    changed: new Set(),
    files: new Map(),
  };
}

export interface OpenDraft {
  readonly read: ReadFile | ReadonlyMap<string, Bytes>;
  /** A publisher trusts no more than a client does: it starts from its own anchor. */
  readonly pinnedRoot: Bytes;
  readonly now: Instant;
}

/**
 * A draft on top of what is published. Expired metadata may be renewed, so expiry is not judged here.
 *
 * A root that was published ahead of the rest, by a publication that broke off in between, is in the draft as one that is still to be published:
 * the rest must be signed by the keys that it names.
 *
 * @throws SymbolonError what `openRegistry` throws
 */
export async function openDraft(options: OpenDraft): Promise<Draft> {
  const read = typeof options.read === 'function' ? options.read : readFrom(options.read);
  try {
    const base = await loadFromAnchor({ ...options, read, expiry: 'offline' });
    return await draftOn(base, read, options.pinnedRoot);
  } catch (error) {
    if (!isSymbolonError(error) || error.code !== 'metadata-signatures') throw error;
    const draft = await openBefore(await newestRoot(options.pinnedRoot, read), { ...options, read });
    if (draft === undefined) throw error;
    return draft;
  }
}

async function newestRoot(pinnedRoot: Bytes, read: ReadFile): Promise<RootMetadata> {
  const next = (version: number) => read(rootFile(version), { maxBytes: LIMITS.metadataBytes });
  return (await walkRoots(await trustRoot(pinnedRoot), next)).root;
}

/** What is published, read as if this root were not there yet. */
async function openBefore(
  ahead: RootMetadata,
  options: OpenDraft & { read: ReadFile },
): Promise<Draft | undefined> {
  const { read, pinnedRoot } = options;
  const hidden = rootFile(ahead.signed.version);
  if (ahead.signed.version <= (await trustRoot(pinnedRoot)).root.signed.version) return undefined;
  const without: ReadFile = async (path, expected) => (path === hidden ? undefined : read(path, expected));
  try {
    const base = await loadFromAnchor({ ...options, read: without, expiry: 'offline' });
    return await withRoot(await draftOn(base, read, pinnedRoot), ahead.bytes);
  } catch (error) {
    if (isSymbolonError(error)) return undefined;
    throw error;
  }
}

async function draftOn(loaded: LoadedRegistry, read: ReadFile, pinnedRoot: Bytes): Promise<Draft> {
  const base = await withListedFiles(loaded, read);
  return {
    read,
    pinnedRoot,
    trust: base.trust,
    base,
    roles: new Map([...base.tree.roles].map(([name, { metadata }]) => [name, metadata])),
    changed: new Set(),
    files: new Map(),
  };
}

/** Takes up a root from `rotateRoot`. @throws SymbolonError `metadata-signatures`, `metadata-rollback`, `metadata-mismatch` */
export async function withRoot(draft: Draft, root: Bytes): Promise<Draft> {
  const trust = await advanceRoot(draft.trust, root);
  return { ...draft, trust, files: new Map([...draft.files, [rootFile(trust.root.signed.version), root]]) };
}

/** Who may sign a role in this draft. @throws SymbolonError `metadata-missing` when nobody delegates to it */
export function authorityIn(draft: Draft, role: string): Authority {
  const { root } = draft.trust;
  if (role === TARGETS) return authorityOf(root, root.signed.roles.targets);
  for (const delegator of draft.roles.values()) {
    const delegation = delegator.signed.delegations?.roles.find(({ name }) => name === role);
    if (delegation !== undefined) return authorityOf(delegator, delegation);
  }
  throw new SymbolonError('metadata-missing', { path: role });
}
