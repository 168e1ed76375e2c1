import { SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import type { OpenedTrust } from '@symbolon/verifier/open-trust';
import type { Trust } from '@symbolon/verifier/trust';
import type { FindBundle } from './bundle-source.ts';
import { asOurs, type KeptTrust, openAndKeep, openCopy } from './kept-trust.ts';

/** After a failure without anything at hand nobody asks again so soon, however many requests come. */
const RETRY_SECONDS = 5;

export interface TrustSource extends KeptTrust {
  readonly find: FindBundle;
  readonly refreshSeconds: number;
}

/**
 * What verdicts rest on: the newest bundle that was found, opened from the pinned root by a client that remembers. It is looked for every `refreshSeconds`, by
 * the first request that finds the look due, which waits for its end: after the answer the function may be put to sleep, and what goes on beside would never come to an
 * end. `FindBundle` bounds the wait. Requests that come meanwhile go on by what is at hand. An older bundle than one that was seen, or one that cannot be opened, is
 * left: verdicts go on by the one at hand, and grade its age themselves.
 *
 * REQ-BUN-003, REQ-REG-005: what was seen outlives the function. REQ-REG-009: so does a copy of the bundle, for a start while the source is silent.
 *
 * @throws SymbolonError (on use) why there is no trust at hand: whatever `FindBundle`, `TrustMemory` and `openTrust` throw
 */
export function trustSource(source: TrustSource): (now: Instant) => Promise<Trust> {
  const { refreshSeconds, log } = source;
  let known: (OpenedTrust & { readonly etag: string | undefined }) | undefined;
  let looking: Promise<void> | undefined;
  let lookedAt: Instant | undefined;
  let failure: SymbolonError | undefined;

  const renew = async (now: Instant): Promise<void> => {
    const { bytes, etag } = await source.find(known?.etag);
    if (bytes === undefined) return;
    known = { ...(await openAndKeep(source, bytes, known?.state, now)), etag };
    log('trust.renewed', { registryVersion: known.trust.registry.version, seconds: ageOf(known.trust, now) });
  };
  const look = async (now: Instant): Promise<void> => {
    lookedAt = now;
    failure = undefined;
    try {
      await renew(now);
    } catch (error) {
      const absence = asOurs(error);
      const from = known === undefined ? 'copy' : 'memory';
      const copy = known ?? (await openCopy(source, now));
      if (copy === undefined) failure = absence;
      else {
        known = { etag: undefined, ...copy };
        log('trust.absent', { code: absence.code, seconds: ageOf(copy.trust, now), from });
      }
    }
  };
  const lookOnce = (now: Instant): Promise<void> => {
    looking ??= look(now).finally(() => {
      looking = undefined;
    });
    return looking;
  };
  // A clock that was set back must not put the next look off for long.
  const sinceLook = (now: Instant) => (lookedAt === undefined ? Infinity : Math.abs(now - lookedAt));

  return async (now) => {
    if (known === undefined) {
      if (looking !== undefined || sinceLook(now) >= RETRY_SECONDS) await lookOnce(now);
    } else if (sinceLook(now) >= refreshSeconds) await lookOnce(now);
    if (known === undefined) throw failure ?? new SymbolonError('metadata-missing');
    return known.trust;
  };
}

function ageOf({ registry }: Trust, now: Instant): number {
  return Math.max(0, now - registry.signedAt);
}
