import type { MintRecord } from '@symbolon/issuer/mint-record';
import type { MintStore } from '@symbolon/issuer/ports';

/** What was minted, in memory: most people of a load have nothing, and take no room here. */
export function leanMints(): MintStore {
  const bySubject = new Map<string, (MintRecord & { readonly id: string })[]>();
  return {
    record: async (id, mint) => {
      const own = bySubject.get(mint.subject) ?? [];
      bySubject.set(mint.subject, own);
      if (!own.some((each) => each.id === id && each.scheme === mint.scheme)) own.push({ ...mint, id });
    },
    living: async (subject, scheme, now) =>
      (bySubject.get(subject) ?? []).filter(
        (mint) => (scheme === undefined || mint.scheme === scheme) && mint.expiresAt > now,
      ),
  };
}
