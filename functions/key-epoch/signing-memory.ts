import { EPOCH_USES, type EpochUse } from '@symbolon/issuer/ports';
import { type Bytes, equalBytes, fromUtf8, utf8 } from '@symbolon/protocol/bytes';
import { SymbolonError } from '@symbolon/protocol/errors';
import { check } from '@symbolon/protocol/schemas/common';
import { parseStrictJson } from '@symbolon/protocol/strict-json';
import { eventFiles } from '@symbolon/registry/ceremony/event/event-files';
import { readEvent } from '@symbolon/registry/ceremony/event/read-event';
import type { SigningEvent } from '@symbolon/registry/ceremony/event/signing-event';
import type { ObjectStore } from '@symbolon/registry/object-store';
import * as z from 'zod/mini';
import { writeOver } from '../runtime/write-over.ts';

/** Below EPOCH_KEYS_URI, beside the folders of keys. */
export const LAST_SIGNED = 'last-signed.json';

export interface NewKey {
  readonly use: EpochUse;
  readonly kid: string;
}

/** What key-epoch signed last, whether or not it was published. */
export interface LastSigned {
  /** Of the role `<id>.keys`. */
  readonly version: number;
  readonly event: SigningEvent;
  /** Keys that are new in it. */
  readonly keys: readonly NewKey[];
  /** As it is stored. */
  readonly bytes: Bytes;
}

const Stored = z.strictObject({
  keys: z.array(z.strictObject({ use: z.enum(EPOCH_USES), kid: z.string() })),
  files: z.record(z.string(), z.string()),
});

/**
 * The memory without which the same version could be signed twice: whoever shows key-epoch another registry than the rest of the world would get signatures
 * for a history of their own.
 */
export interface SigningMemory {
  /** @throws SymbolonError `event-malformed` when what is stored is none: nothing is signed before someone has looked at it */
  last(): Promise<LastSigned | undefined>;
  /**
   * Keeps what was signed, before anyone gets it.
   *
   * @throws SymbolonError `version-signed` for a version at or below the last one, unless it is that very file; `publication-conflict`, `object-exists`
   * when another run was first
   */
  keep(event: SigningEvent, keys: readonly NewKey[], last: LastSigned | undefined): Promise<void>;
}

export function signingMemory(
  objects: Pick<ObjectStore, 'read' | 'create' | 'replace'>,
  role: string,
): SigningMemory {
  return {
    last: async () => {
      const bytes = await objects.read(LAST_SIGNED);
      if (bytes === undefined) return undefined;
      const { keys, files } = check(Stored, parseStrictJson(fromUtf8(bytes)), 'event-malformed');
      const event = readEvent(new Map(Object.entries(files).map(([path, text]) => [path, utf8(text)])));
      return { version: roleIn(event, role).signed.version, event, keys, bytes };
    },
    keep: async (event, keys, last) => {
      const { signed, signingBytes } = roleIn(event, role);
      if (last !== undefined && signed.version <= last.version) {
        // REQ-CER-015
        if (equalBytes(signingBytes, roleIn(last.event, role).signingBytes)) return;
        throw new SymbolonError('version-signed', { path: role });
      }
      const files = Object.fromEntries([...eventFiles(event)].map(([path, file]) => [path, fromUtf8(file)]));
      const bytes = utf8(JSON.stringify({ keys, files }));
      await writeOver(objects, LAST_SIGNED, bytes, last?.bytes);
    },
  };
}

function roleIn({ roles }: SigningEvent, role: string) {
  const metadata = roles.get(role);
  if (metadata === undefined) throw new SymbolonError('event-malformed', { path: role });
  return metadata;
}
