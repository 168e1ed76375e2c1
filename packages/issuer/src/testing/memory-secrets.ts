import { SymbolonError } from '@symbolon/protocol/errors';
import type { BlindIndexer, Sealer } from '../ports.ts';

export interface MemorySecrets {
  readonly sealer: Sealer;
  readonly blindIndexer: BlindIndexer;
}

/** Reversible on purpose: what a test wants to see is whether the right context comes back. */
export function memorySecrets(): MemorySecrets {
  return {
    sealer: {
      seal: async (plain, context) => `${context}|${new TextDecoder().decode(plain)}`,
      open: async (sealed, context) => {
        if (!sealed.startsWith(`${context}|`)) throw new SymbolonError('storage-failed');
        return new TextEncoder().encode(sealed.slice(context.length + 1));
      },
    },
    blindIndexer: { index: async (identifier) => `blind(${identifier})` },
  };
}
