import { sha256Hex } from '@symbolon/keys/digest';
import { type Bytes, equalBytes } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { rootFile } from '../metadata/file-names.ts';
import { parseRoot } from '../metadata/metadata.ts';
import type { Expiry, RootTrust } from '../metadata/trusted-set.ts';
import { type ClientState, requireAnchor, startTrust } from './client-state.ts';
import { type DigestOf, integrityBy } from './digest-of.ts';
import { walkRoots } from './load-metadata.ts';
import { checkRegistry, type LoadedRegistry, loadRegistry } from './load-registry.ts';
import type { RegistryView } from './registry-view.ts';
import { type SignedRoles, signedRolesOf } from './signed-roles.ts';
import { type ReadFile, readFrom } from './source.ts';

export interface OpenRegistry {
  /** A repository: how its files are read, or the files themselves by path. */
  readonly read: ReadFile | ReadonlyMap<string, Bytes>;
  /** The trust anchor. It never comes from where the files come from. */
  readonly pinnedRoot: Bytes | undefined;
  /** What the last call gave, if there was one. */
  readonly state?: ClientState | undefined;
  readonly now: Instant;
  /** See `Expiry`. A verifier opens `offline` and grades; a publisher that checks its work opens `online`. */
  readonly expiry: Expiry;
}

export interface OpenedRegistry {
  readonly view: RegistryView;
  /** To keep, in place of the one that was given. */
  readonly state: ClientState;
}

export interface SignedRegistry extends OpenedRegistry {
  /** By name, the roles of the regions that were accepted. */
  readonly signedRoles: SignedRoles;
}

/**
 * Opens a registry from the pinned root: walks the chain of roots, then timestamp, snapshot, targets, every delegated role and every
 * file that they list (TUF 1.0, section 5). Signatures, thresholds, versions, lengths, hashes and who may speak for whom are checked
 * here; how old it is, is not judged when opened `offline`. Nothing is written anywhere: when it throws, keep the old state.
 *
 * @throws SymbolonError `no-trust-anchor`, `root-mismatch`, `metadata-malformed`, `-too-large`, `-signatures`, `-rollback`,
 * `-mismatch`, `-missing`, online also `-expired`; `role-overreach`, `delegation-bounds`
 */
export async function openRegistry(
  options: OpenRegistry,
  digestOf: DigestOf = sha256Hex,
): Promise<SignedRegistry> {
  const { view, state, tree } = await fromAnchor(options, checkRegistry, digestOf);
  return { view, state, signedRoles: signedRolesOf(tree) };
}

export function loadFromAnchor(options: OpenRegistry): Promise<LoadedRegistry> {
  return fromAnchor(options, loadRegistry, sha256Hex);
}

async function fromAnchor<T>(options: OpenRegistry, load: Load<T>, digestOf: DigestOf): Promise<T> {
  const { state, now, expiry } = options;
  const pinnedRoot = requireAnchor(options.pinnedRoot);
  const read = typeof options.read === 'function' ? options.read : readFrom(options.read);
  const start = await startTrust(pinnedRoot, state, read);
  await checkSameChain(start, read);
  const root = await walkRoots(start, read);
  const profile = { ...root.profile, integrity: integrityBy(digestOf) };
  return load({ ...root, profile }, read, { now, expiry }, pinnedRoot, state);
}

type Load<T> = (...below: Parameters<typeof checkRegistry>) => Promise<T>;

/**
 * REQ-REG-013: where the repository has a root of the version that is trusted, it is that very one. Nothing rests on this (signatures
 * decide); it tells another federation, or a forked history, from a damaged file.
 */
async function checkSameChain({ root }: RootTrust, read: ReadFile): Promise<void> {
  const there = await read(rootFile(root.signed.version), { maxBytes: LIMITS.metadataBytes });
  if (there === undefined || equalBytes(there, root.bytes)) return;
  if (!equalBytes(parseRoot(there).signingBytes, root.signingBytes)) throw new SymbolonError('root-mismatch');
}
