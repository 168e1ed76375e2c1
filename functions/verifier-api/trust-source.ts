import type { Bytes } from '@symbolon/protocol/bytes';
import { isSymbolonError, SymbolonError } from '@symbolon/protocol/errors';
import type { Instant } from '@symbolon/protocol/instant';
import { readBundle } from '@symbolon/registry/bundle';
import type { ClientState } from '@symbolon/registry/client-state';
import { readFrom } from '@symbolon/registry/source';
import { type OpenedTrust, openTrust } from '@symbolon/verifier/open-trust';
import type { Trust } from '@symbolon/verifier/trust';
import type { Log } from '../runtime/log.ts';
import { pinnedRootIn } from '../runtime/pinned-root.ts';
import type { FindBundle } from './bundle-source.ts';
import type { TrustMemory } from './trust-memory.ts';

/** After a failure without anything at hand nobody asks again so soon, however many requests come. */
const RETRY_SECONDS = 5;
/** Instances that renew at once overtake one another so often at most. */
const TRIES = 4;

export interface TrustSource {
  readonly find: FindBundle;
  readonly memory: TrustMemory;
  readonly rootSha256: string;
  readonly refreshSeconds: number;
  readonly log: Log;
}

/**
 * What verdicts rest on: the newest bundle that was found, opened from the pinned root by a client that remembers. It is looked for every `refreshSeconds`, beside
 * the requests; only a request that finds the last look that long overdue (the function slept) waits for it. An older bundle than one that was seen, or one that cannot
 * be opened, is left: verdicts go on by the one at hand, and grade its age themselves.
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
    } else if (sinceLook(now) >= refreshSeconds) {
      const overdue = sinceLook(now) >= 2 * refreshSeconds;
      const renewed = lookOnce(now);
      if (overdue) await renewed;
    }
    if (known === undefined) throw failure ?? new SymbolonError('metadata-missing');
    return known.trust;
  };
}

function ageOf({ registry }: Trust, now: Instant): number {
  return Math.max(0, now - registry.signedAt);
}

/** Opens a bundle by what this instance and all others have seen, and keeps what is seen now before anyone goes by it. */
async function openAndKeep(
  { memory, rootSha256, log }: TrustSource,
  bundle: Bytes,
  seen: ClientState | undefined,
  now: Instant,
): Promise<OpenedTrust> {
  const pinnedRoot = await rootOf(bundle, rootSha256);
  for (let tries = 1; ; tries++) {
    const kept = await memory.state();
    const state = newerOf(kept?.state, seen);
    const opened = await openTrust({ bundle, pinnedRoot, now, ...(state === undefined ? {} : { state }) });
    try {
      await memory.keepState(opened.state, kept);
    } catch (error) {
      if (isOvertaken(error) && tries < TRIES) continue;
      throw error;
    }
    await memory.keepBundle(bundle).catch((error: unknown) => {
      if (!isOvertaken(error)) log('trust.copy-failed', { code: asOurs(error).code });
    });
    return opened;
  }
}

/** Nothing, when there is no copy that can be used. Without the state nobody can tell whether it is the newest that was seen. */
async function openCopy({ memory, rootSha256 }: TrustSource, now: Instant): Promise<OpenedTrust | undefined> {
  try {
    const [kept, bundle] = [await memory.state(), await memory.bundle()];
    if (kept === undefined || bundle === undefined) return undefined;
    return await openTrust({ bundle, pinnedRoot: await rootOf(bundle, rootSha256), state: kept.state, now });
  } catch {
    // What kept the bundle from being renewed is told, and the copy is a help only.
    return undefined;
  }
}

async function rootOf(bundle: Bytes, sha256: string): Promise<Bytes> {
  return pinnedRootIn(readFrom(await readBundle(bundle)), sha256);
}

function asOurs(error: unknown): SymbolonError {
  return isSymbolonError(error) ? error : new SymbolonError('internal-error', { cause: error });
}

/** After a key rotation versions may start anew, so the root decides first (TUF 1.0, section 5.3.11). */
function newerOf(a: ClientState | undefined, b: ClientState | undefined): ClientState | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  if (a.rootVersion !== b.rootVersion) return a.rootVersion > b.rootVersion ? a : b;
  return a.timestampVersion >= b.timestampVersion ? a : b;
}

function isOvertaken(error: unknown): boolean {
  return isSymbolonError(error) && ['publication-conflict', 'object-exists'].includes(error.code);
}
