import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fromUtf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { LIMITS } from '@symbolon/protocol/limits';
import { own } from '@symbolon/protocol/own';
import { check, EndpointUrl } from '@symbolon/protocol/schemas/common';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import { ClientState, furtherAnchor } from '@symbolon/registry/client-state';
import * as z from 'zod/mini';

/**
 * What a verifier keeps: the pinned root, where its registry is, the newest bundle, and the state that makes an older one refused. A folder of
 * plain files; each is replaced whole.
 */
const FILES = {
  root: 'root.json',
  origin: 'origin.json',
  bundle: 'trust.bundle',
  state: 'state.json',
} as const;

const Origin = z.object({ repository: EndpointUrl, etag: z.optional(z.string()) });
export type Origin = z.output<typeof Origin>;

export interface TrustFolder {
  readonly path: string;
  root(): Promise<Uint8Array<ArrayBuffer> | undefined>;
  origin(): Promise<Origin | undefined>;
  bundle(): Promise<Uint8Array<ArrayBuffer> | undefined>;
  state(): Promise<ClientState | undefined>;
  write(parts: {
    readonly root?: Uint8Array;
    readonly origin?: Origin;
    readonly bundle?: Uint8Array;
    readonly state?: ClientState;
  }): Promise<void>;
}

export function trustFolder(path: string): TrustFolder {
  const read = (name: string) => readOptional(join(path, name));
  return {
    path,
    root: () => read(FILES.root),
    origin: async () => parseOptional(FILES.origin, Origin, await read(FILES.origin)),
    bundle: () => read(FILES.bundle),
    state: async () => readState(join(path, FILES.state)),
    write: async ({ root, origin, bundle, state }) => {
      await mkdir(path, { recursive: true });
      if (root !== undefined) await replace(join(path, FILES.root), root);
      // State before bundle: after a crash in between, the old bundle is refused rather than an older one believed.
      if (state !== undefined) await raiseState(join(path, FILES.state), state);
      if (bundle !== undefined) await replace(join(path, FILES.bundle), bundle);
      if (origin !== undefined) await replace(join(path, FILES.origin), `${JSON.stringify(origin)}\n`);
    },
  };
}

/** @throws SymbolonError `trust-file-malformed` when the state is damaged: forgetting it would let an older list pass */
export async function readState(path: string): Promise<ClientState | undefined> {
  return parseOptional(basename(path), ClientState, await readOptional(path));
}

/**
 * Keeps a state. Where another command has kept one meanwhile, the newer one counts, with all that either has seen of lists: a command that was slower must not
 * take its client back.
 */
export async function raiseState(path: string, state: ClientState): Promise<void> {
  const kept = await readState(path);
  const raised = kept === undefined ? state : merged(kept, state);
  const text = JSON.stringify(z.encode(ClientState, raised));
  if (kept !== undefined && JSON.stringify(z.encode(ClientState, kept)) === text) return;
  await replace(path, `${text}\n`);
}

function merged(kept: ClientState, state: ClientState): ClientState {
  const [newer, other] = isNewer(kept, state) ? [kept, state] : [state, kept];
  const listIssuedAt = { ...newer.listIssuedAt };
  for (const [uri, at] of Object.entries(other.listIssuedAt)) {
    const known = own(listIssuedAt, uri);
    if (known === undefined || known < at) listIssuedAt[uri] = at;
  }
  return {
    ...newer,
    listIssuedAt,
    revokedKeys: { ...other.revokedKeys, ...newer.revokedKeys },
    ...furtherAnchor(newer, other),
  };
}

function isNewer(kept: ClientState, state: ClientState): boolean {
  // After a key rotation versions may start anew, so the root decides first (TUF 1.0, section 5.3.11).
  if (kept.rootVersion !== state.rootVersion) return kept.rootVersion > state.rootVersion;
  return kept.timestampVersion > state.timestampVersion;
}

async function parseOptional<T extends z.core.$ZodType>(
  name: string,
  schema: T,
  bytes: Uint8Array | undefined,
) {
  if (bytes === undefined) return undefined;
  try {
    return check(schema, parseStrictJson(fromUtf8(bytes)), 'trust-file-malformed');
  } catch {
    throw new SymbolonError('trust-file-malformed', { path: name });
  }
}

/** A file of at most the size of a bundle; nothing when there is none. @throws SymbolonError `input-unreadable`, `bundle-too-large` */
export async function readOptional(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    const found = await stat(path);
    // A device or a pipe may have no end.
    if (!found.isFile()) throw new SymbolonError('input-unreadable');
    if (found.size > LIMITS.bundleBytes)
      throw new SymbolonError('bundle-too-large', { bound: LIMITS.bundleBytes });
    const bytes = new Uint8Array(await readFile(path));
    return bytes;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    if (error instanceof SymbolonError) throw error;
    throw new SymbolonError('input-unreadable');
  }
}

async function replace(path: string, content: Uint8Array | string): Promise<void> {
  const aside = `${path}.${crypto.randomUUID()}.tmp`;
  await writeFile(aside, content, { flush: true });
  await rename(aside, path);
}
