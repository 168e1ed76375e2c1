import type { NonceStore } from '@symbolon/issuer/ports';
import { N } from './attributes.ts';
import type { Items } from './items.ts';
import { alone } from './keys.ts';

export function nonceStore(items: Items): NonceStore {
  const keyOf = (nonce: string) => alone(`NONCE#${nonce}`);
  return {
    put: async (nonce, expiresAt) => {
      await items.insert(keyOf(nonce), { expiresAt: N(expiresAt) });
    },
    consume: (nonce, now) => items.take(keyOf(nonce), now),
  };
}
