import type { EpochKeys, EpochUse } from '@symbolon/issuer/ports';
import { kidOf } from '@symbolon/keys/kid';
import { type PrivateJwk, publicPart } from '@symbolon/keys/private-key';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { createLocalSigner } from '@symbolon/keys/signer';
import { SymbolonError } from '@symbolon/protocol/errors';

export interface MemoryEpochKeys extends EpochKeys {
  /** What is stored, by `<use>/<kid>`; nothing in the place of a key, where what is stored is none. */
  readonly stored: Map<string, PrivateJwk | undefined>;
  /** Marked as published, by the same. */
  readonly marks: Set<string>;
  /** How many were ever made. */
  readonly made: () => number;
}

/** Custody in memory, with keys from seeds. `test/contract` holds the real ones to the same contract. */
export function memoryEpochKeys(): MemoryEpochKeys {
  const stored = new Map<string, PrivateJwk | undefined>();
  const marks = new Set<string>();
  let made = 0;
  const kidsIn = (paths: Iterable<string>, use: EpochUse) =>
    [...paths].filter((path) => path.startsWith(`${use}/`)).map((path) => path.slice(use.length + 1));
  const pathOf = (use: EpochUse, kid: string) => `${use}/${kid}`;
  return {
    stored,
    marks,
    made: () => made,
    make: async (use) => {
      const key = insecurePrivateKeyFromSeed('ES256', `epoch key ${made++}`);
      const kid = kidOf(publicPart(key));
      stored.set(pathOf(use, kid), key);
      return kid;
    },
    list: async (use) => kidsIn(stored.keys(), use),
    open: async (use, kid) => {
      if (!stored.has(pathOf(use, kid))) return undefined;
      const key = stored.get(pathOf(use, kid));
      if (key === undefined) throw new SymbolonError('key-malformed');
      return createLocalSigner(key);
    },
    markPublished: async (use, kid) => {
      marks.add(pathOf(use, kid));
    },
    listPublished: async (use) => kidsIn(marks, use),
    forget: async (use, kid) => {
      stored.delete(pathOf(use, kid));
      marks.delete(pathOf(use, kid));
    },
  };
}
