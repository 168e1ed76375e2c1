import { sha256 } from '@symbolon/keys/digest';
import { toHex } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { LIMITS } from '@symbolon/protocol/limits';
import { openTrust } from '@symbolon/verifier/open-trust';
import type { Trust } from '@symbolon/verifier/trust';
import { download } from './download.ts';
import { trustFolder } from './trust-folder.ts';

/**
 * Pins a root for a registry: the file given, or the registry's first root if its SHA-256 is the one given. Nothing is kept unless it
 * matches.
 *
 * @throws SymbolonError `root-mismatch`, `metadata-unreachable`, `metadata-missing`
 */
export async function pinRoot(
  path: string,
  repository: string,
  anchor: { readonly root: Uint8Array } | { readonly sha256: string },
): Promise<string> {
  const folder = trustFolder(path);
  const root = 'root' in anchor ? anchor.root : await firstRoot(repository, anchor.sha256);
  const kept = await folder.root();
  const hash = toHex(sha256(root));
  if (kept !== undefined && toHex(sha256(kept)) !== hash) throw new SymbolonError('root-mismatch');
  await folder.write({ root, origin: { repository } });
  return hash;
}

async function firstRoot(repository: string, expected: string): Promise<Uint8Array> {
  const { bytes } = await download(`${repository}/metadata/1.root.json`, LIMITS.metadataBytes);
  if (bytes === undefined) throw new SymbolonError('metadata-missing');
  if (toHex(sha256(bytes)) !== expected) throw new SymbolonError('root-mismatch');
  return bytes;
}

/**
 * Fetches the bundle if it changed (one conditional request), opens it against the pinned root and the state, and only then keeps it.
 *
 * @throws SymbolonError `no-trust-anchor`, `metadata-unreachable`, `bundle-...`, `metadata-...`
 */
export async function pullBundle(
  path: string,
  now: Instant,
  onProgress: (received: number, total: number | undefined) => void,
): Promise<{ trust: Trust; changed: boolean }> {
  const folder = trustFolder(path);
  const [root, origin, kept, state] = await Promise.all([
    folder.root(),
    folder.origin(),
    folder.bundle(),
    folder.state(),
  ]);
  if (root === undefined || origin === undefined) throw new SymbolonError('no-trust-anchor');
  const etag = kept === undefined ? undefined : origin.etag;
  const answer = await download(`${origin.repository}/trust.bundle`, LIMITS.bundleBytes, {
    etag,
    onProgress,
  });
  const bundle = answer.bytes ?? kept;
  if (bundle === undefined) throw new SymbolonError('metadata-missing');
  const opened = await openTrust({
    bundle,
    pinnedRoot: root,
    ...(state === undefined ? {} : { state }),
    now,
  });
  const changed = answer.bytes !== undefined;
  const nextOrigin = {
    repository: origin.repository,
    ...(answer.etag === undefined ? {} : { etag: answer.etag }),
  };
  await folder.write({ state: opened.state, ...(changed ? { bundle, origin: nextOrigin } : {}) });
  return { trust: opened.trust, changed };
}
