import type { EpochKeys, EpochUse } from '@symbolon/issuer/ports';
import { kidOf } from '@symbolon/keys/kid';
import { type PrivateJwk, publicPart } from '@symbolon/keys/private-key';
import { insecurePrivateKeyFromSeed } from '@symbolon/keys/seeded-key';
import { createLocalSigner } from '@symbolon/keys/signer';
import { SymbolonError } from '@symbolon/protocol/errors';

export interface MemoryEpochKeys extends EpochKeys {
  /** What is stored, by `<use>/<kid>`; nothing in the place of a key, where what is stored is none. */
  readonly stored: Map<string, PrivateJwk | undefined>;
  /** How many were ever made. */
  readonly made: () => number;
}

/** Custody in memory, with keys from seeds. `test/contract` holds the real ones to the same contract. */
export function memoryEpochKeys(): MemoryEpochKeys {
  const stored = new Map<string, PrivateJwk | undefined>();
  let made = 0;
  const pathOf = (use: EpochUse, kid: string) => `${use}/${kid}`;
  return {
    stored,
    made: () => made,
    make: async (use) => {
      const key = insecurePrivateKeyFromSeed('ES256', `epoch key ${made++}`);
      const kid = kidOf(publicPart(key));
      stored.set(pathOf(use, kid), key);
      return kid;
    },
    list: async (use) =>
      [...stored.keys()]
        .filter((path) => path.startsWith(`${use}/`))
        .map((path) => path.slice(use.length + 1)),
    open: async (use, kid) => {
      if (!stored.has(pathOf(use, kid))) return undefined;
      const key = stored.get(pathOf(use, kid));
      if (key === undefined) throw new SymbolonError('key-malformed');
      return createLocalSigner(key);
    },
    forget: async (use, kid) => {
      stored.delete(pathOf(use, kid));
    },
  };
}
