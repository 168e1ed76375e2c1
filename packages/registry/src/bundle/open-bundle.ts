import { sha256Hex } from '@symbolon/keys/digest';
import type { Bytes } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { rootFile } from '../metadata/file-names.ts';
import type { ClientState } from '../registry-view/client-state.ts';
import { openRegistry, type SignedRegistry } from '../registry-view/open-registry.ts';
import { unpackBundle } from './bundle.ts';
import { type BundledList, listsIn } from './status-lists.ts';

export interface OpenBundle {
  readonly bundle: Bytes;
  /** The trust anchor. Never the bundle's own root. */
  readonly pinnedRoot: Bytes | undefined;
  readonly state?: ClientState | undefined;
  readonly now: Instant;
}

export interface OpenedBundle extends SignedRegistry {
  /** Tokens, NOT verified: who they are by, and how old they are, is for the reader of the lists to check. */
  readonly lists: readonly BundledList[];
  /** What it says of the registry's log. NOT verified, and not even read. */
  readonly registryLog: Bytes | undefined;
}

/** Where a bundle has the proof that its registry is in the log. */
export const REGISTRY_LOG_FILE = 'log/registry.json';

/**
 * Opens a trust bundle: `openRegistry` over its files, offline. What is older than something seen before is refused.
 *
 * @throws SymbolonError `bundle-malformed`, `bundle-too-large`, `bundle-rollback`, and what `openRegistry` throws
 */
export async function openBundle(options: OpenBundle): Promise<OpenedBundle> {
  const { pinnedRoot, state, now } = options;
  const { files, digests } = await unpackBundle(options.bundle);
  // REQ-BUN-003: a bundle carries every root from the first on, so one that lacks the root trusted here is older than that root.
  if (state !== undefined && files.has(rootFile(1)) && !files.has(rootFile(state.rootVersion))) {
    throw new SymbolonError('bundle-rollback');
  }
  try {
    const opened = await openRegistry(
      { read: files, pinnedRoot, state, now, expiry: 'offline' },
      (bytes) => digests.get(bytes) ?? sha256Hex(bytes),
    );
    return { ...opened, lists: listsIn(files), registryLog: files.get(REGISTRY_LOG_FILE) };
  } catch (cause) {
    if (isSymbolonError(cause) && cause.code === 'metadata-rollback') {
      throw new SymbolonError('bundle-rollback', { cause });
    }
    throw cause;
  }
}
