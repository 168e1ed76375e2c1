import { type Bytes, equalBytes, fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import { check } from '@symbolon/protocol/schemas/common';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import { ClientState } from '@symbolon/registry/client-state';
import type { ObjectStore } from '@symbolon/registry/object-store';
import * as z from 'zod/mini';
import { BUNDLE } from '../runtime/registry-files.ts';
import { writeOver } from '../runtime/write-over.ts';

/** Below STATE_URI, beside the copy of the bundle. */
export const STATE = 'state.json';

export interface KeptState {
  readonly state: ClientState;
  /** As it is stored. */
  readonly bytes: Bytes;
}

/** What a verifier keeps from one start to the next, shared by all that run at once: the state without which an older bundle would pass, and a bundle to go on by. */
export interface TrustMemory {
  /** @throws SymbolonError `trust-file-malformed`: a state that cannot be read is not one to do without */
  state(): Promise<KeptState | undefined>;
  /**
   * Writes over what was read, and nothing else. @throws SymbolonError `publication-conflict`, `object-exists` when another instance wrote meanwhile: read again
   */
  keepState(state: ClientState, read: KeptState | undefined): Promise<void>;
  bundle(): Promise<Bytes | undefined>;
  /**
   * Keeps the bundle from which this state was made, unless another state was kept since: whoever kept that one keeps its own bundle. The state comes first: after a
   * crash in between the copy is refused rather than an older bundle believed. @throws as `keepState`
   */
  keepBundle(bundle: Bytes, state: ClientState): Promise<void>;
}

export function trustMemory(objects: ObjectStore): TrustMemory {
  return {
    state: async () => {
      const bytes = await objects.read(STATE);
      return bytes && { state: readState(bytes), bytes };
    },
    keepState: async (state, read) => {
      await writeOver(objects, STATE, bytesOf(state), read?.bytes);
    },
    bundle: () => objects.read(BUNDLE),
    keepBundle: async (bundle, state) => {
      // The copy is read before the state: who has written over the copy since has kept a state before, and is seen here or refuses the write below.
      const previous = await objects.read(BUNDLE);
      const kept = await objects.read(STATE);
      if (kept !== undefined && equalBytes(kept, bytesOf(state)))
        await writeOver(objects, BUNDLE, bundle, previous);
    },
  };
}

function bytesOf(state: ClientState): Bytes {
  return utf8(JSON.stringify(z.encode(ClientState, state)));
}

function readState(bytes: Bytes): ClientState {
  try {
    return check(ClientState, parseStrictJson(fromUtf8(bytes)), 'trust-file-malformed');
  } catch (error) {
    if (!isSymbolonError(error)) throw error;
    throw new SymbolonError('trust-file-malformed', { path: STATE });
  }
}
