import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '@symbolon/keys/digest';
import { toHex } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type { ClientState } from '@symbolon/registry/client-state';
import { type OpenTrust, openTrust } from '@symbolon/verifier/open-trust';
import type { Trust } from '@symbolon/verifier/trust';
import { defaultStateFolder } from './default-paths.ts';
import { raiseState, readOptional, readState, trustFolder } from './trust-folder.ts';

export interface TrustOptions {
  /** A folder made by `trust init`, or a bundle file. */
  readonly trust: string;
  /** The pinned root; a trust folder has its own. */
  readonly root?: string;
  readonly now: Instant;
  /** Told when the state cannot be kept (a read-only home, say): verification goes on, but rollback is then not noticed next time. */
  readonly warn: (sentence: string) => void;
}

/**
 * Opens what a verifier trusts, without any network: pinned root, bundle and state from files.
 *
 * @throws SymbolonError `no-trust-anchor`, `bundle-malformed`, `bundle-rollback`, `metadata-...`, `role-overreach`
 */
export async function loadTrust(options: TrustOptions): Promise<Trust> {
  return (await loadOpenedTrust(options)).trust;
}

export interface LoadedTrust {
  readonly trust: Trust;
  /** What it was opened from: other threads open the same. */
  readonly opening: OpenTrust;
}

/** The same, for whoever opens it again in other threads: the state is kept here, and once. */
export async function loadOpenedTrust({ trust, root, now, warn }: TrustOptions): Promise<LoadedTrust> {
  const isFolder = await stat(trust).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const pinned = root === undefined ? undefined : await readOptional(root);
  if (root !== undefined && pinned === undefined)
    throw new SymbolonError('input-unreadable', { path: '--root' });
  const source = isFolder ? await fromFolder(trust, pinned) : await fromFile(trust, pinned);
  const opening: OpenTrust = {
    bundle: source.bundle,
    pinnedRoot: source.root,
    ...(source.state === undefined ? {} : { state: source.state }),
    now,
  };
  const { trust: opened, state } = await openTrust(opening);
  await source
    .keep(state)
    .catch(() =>
      warn('The state of this verifier could not be written: an older bundle would not be noticed.'),
    );
  return { trust: opened, opening };
}

interface TrustSource {
  readonly root: Uint8Array<ArrayBuffer>;
  readonly bundle: Uint8Array<ArrayBuffer>;
  readonly state: ClientState | undefined;
  keep(state: ClientState): Promise<void>;
}

async function fromFolder(path: string, given: Uint8Array<ArrayBuffer> | undefined): Promise<TrustSource> {
  const folder = trustFolder(path);
  const kept = await folder.root();
  const root = given ?? kept;
  if (root === undefined) throw new SymbolonError('no-trust-anchor');
  if (given !== undefined && kept !== undefined && toHex(sha256(given)) !== toHex(sha256(kept))) {
    throw new SymbolonError('root-mismatch');
  }
  const bundle = await folder.bundle();
  if (bundle === undefined) throw new SymbolonError('metadata-missing');
  return { root, bundle, state: await folder.state(), keep: (state) => folder.write({ state }) };
}

async function fromFile(path: string, root: Uint8Array<ArrayBuffer> | undefined): Promise<TrustSource> {
  // A bundle carries a chain of roots, but is never the source of the anchor.
  if (root === undefined) throw new SymbolonError('no-trust-anchor');
  const bundle = await readOptional(path);
  if (bundle === undefined) throw new SymbolonError('metadata-missing');
  const folder = defaultStateFolder();
  const file = join(folder, `${toHex(sha256(root))}.json`);
  return {
    root,
    bundle,
    state: await readState(file),
    keep: async (state) => {
      await mkdir(folder, { recursive: true });
      await raiseState(file, state);
    },
  };
}
