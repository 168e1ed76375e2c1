import type { Bytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { TARGETS } from '../metadata/delegations.ts';
import { metadataFile, rootFile } from '../metadata/file-names.ts';
import type { TargetsMetadata } from '../metadata/metadata.ts';
import { type Authority, authorityOf } from '../metadata/threshold.ts';
import { advanceRoot, type RootTrust, trustRoot } from '../metadata/trusted-set.ts';
import type { LoadedRegistry } from '../registry-view/load-registry.ts';
import { loadFromAnchor } from '../registry-view/open-registry.ts';
import { type ReadFile, readFrom } from '../registry-view/source.ts';

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
  return {
    read: readFrom(new Map()),
    pinnedRoot: root,
    trust,
    base: undefined,
    roles: new Map(),
    changed: new Set(),
    files: new Map([[rootFile(trust.root.signed.version), root]]),
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
 * @throws SymbolonError what `openRegistry` throws
 */
export async function openDraft(options: OpenDraft): Promise<Draft> {
  const read = typeof options.read === 'function' ? options.read : readFrom(options.read);
  const base = await loadFromAnchor({ ...options, read, expiry: 'offline' });
  return {
    read,
    pinnedRoot: options.pinnedRoot,
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
  throw new SymbolonError('metadata-missing');
}

/** As many half-finished publications as may lie in the way. */
const ORPHANS = 64;

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
